import { request } from 'undici';
import { type Mock, type MockOptions, startMock } from './server.ts';

/** What a test reads of an answer. */
export interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON, or undefined. */
  readonly json: any;
}

/** A key that every mock accepts. */
export const KEY = 'sk-rehearsal';
/** A prompt that names no ratio. */
export const PROMPT = 'A red square on white';

/** Sends JSON with a key and in English, as the tests of this folder do unless they say otherwise. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${KEY}` },
): Promise<Heard> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'en', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return heard(answer.statusCode, answer.headers, await answer.body.text());
}

/** Gets a URL without a key. */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Heard> {
  const answer = await request(url, { headers: { ...headers } });
  return heard(answer.statusCode, answer.headers, await answer.body.text());
}

function heard(status: number, headers: Heard['headers'], text: string): Heard {
  try {
    return { status, headers, text, json: JSON.parse(text) };
  } catch {
    return { status, headers, text, json: undefined };
  }
}

/** Runs a test against a mock of its own, and closes that whatever happens. */
export async function withMock(
  options: MockOptions,
  test: (mock: Mock) => Promise<void>,
): Promise<void> {
  const mock = await startMock(options);
  try {
    await test(mock);
  } finally {
    await mock.close();
  }
}

/** URLs of so many distinct references, the first being number 1. */
export function references(
  mock: Mock,
  count: number,
  format = 'webp',
  bytes = '',
): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    mock.references
      .replace('{n}', String(index + 1))
      .replace('{format}', format)
      .replace('{bytes}', bytes),
  );
}

/** Asks the Images route for an image of nano-banana-2. */
export async function images(mock: Mock, fields: object = {}): Promise<Heard> {
  const body = { model: 'nano-banana-2', prompt: PROMPT, ...fields };
  return await post(`${mock.url}/v1/images/generations`, body);
}

/** Asks a model for generateContent. */
export async function native(
  mock: Mock,
  model: string,
  generationConfig: object = { responseModalities: ['TEXT', 'IMAGE'] },
  parts: readonly object[] = [{ text: PROMPT }],
): Promise<Heard> {
  const path = `/v1beta/models/${model}:generateContent`;
  return await post(mock.url + path, { contents: [{ role: 'user', parts }], generationConfig });
}

/** Reads a management endpoint as the mock's user. */
export async function managed(mock: Mock, path: string): Promise<Heard> {
  const { accessToken, user } = mock.usage;
  return await get(`${mock.url}/api${path}`, {
    authorization: `Bearer ${accessToken}`,
    'new-api-user': String(user),
  });
}

/** What a key has spent, as its dashboard and its log tell: all that a client of the mock can see. */
export async function charged(
  mock: Mock,
  key = KEY,
): Promise<{ readonly counter: number; readonly rows: readonly any[] }> {
  const headers = { authorization: `Bearer ${key}` };
  const usage = await get(`${mock.url}/v1/dashboard/billing/usage`, headers);
  const tokens = await managed(mock, '/token/?p=1&page_size=100');
  const mask = `${key.slice(3, 7)}**********${key.slice(-4)}`;
  const token = tokens.json.data.items.find((one: any) => one.key === mask);
  const log = await managed(mock, `/log/self?token_name=${token.name}&page_size=100`);
  return { counter: Math.round(usage.json.total_usage * 5000), rows: log.json.data.items };
}
