import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, type RunDocument, aDesk } from './desk.fixture.ts';

const SUITE = `
suite: streams
rehearse: 2026-04-14
requests:
  native:
    path: /v1beta/models/nano-banana-2:streamGenerateContent
    query: { alt: sse }
    json: { contents: [ { parts: [ { text: a red square } ] } ], generationConfig: { responseModalities: [TEXT, IMAGE] } }
  chat:
    path: /v1/chat/completions
    json: { model: MODEL, stream: true, modalities: [text, image], messages: [ { role: user, content: a red square } ] }
claims:
  - id: native
    says: A native stream is whole, and each of its events is an answer
    expect:
      - events: { atLeast: 3, each: [ { json: { at: $.candidates, count: 1 } }, { schema: chunk.json } ], ends: { json: { at: "$.candidates[0].finishReason", equals: STOP } } }
  - id: chat
    says: A chat stream is whole, and ends as OpenAI's do
    request: chat
    expect: [ { events: { atLeast: 3, each: [ { json: { at: "$.choices[0].delta", type: object } } ], ends: "[DONE]" } } ]
  - id: read
    says: Text, image and model are read from the pieces of a native stream
    expect: [ { text: { contains: Here is what } }, { image: { at: inline-data, format: png, count: 1 } }, { alias: gemini-3.1-flash-image-preview } ]
  - id: hosted
    says: An image that a chat stream names is fetched
    request: { like: chat, json: { model: gemini-2.5-flash-image-preview } }
    expect: [ { image: { at: hosted-url, count: 1 } } ]
  - id: list
    says: Without alt=sse the same comes as one list
    request: { query: { alt: null } }
    expect: [ { json: { at: "$[*].candidates", count: { atLeast: 3 } } } ]
`.replaceAll('MODEL', 'nano-banana-2');

let desk: Desk;

beforeAll(async () => {
  const chunk = '{ "type": "object", "required": ["candidates", "responseId"] }';
  desk = await aDesk({
    suites: { 'streams.yaml': SUITE, 'shapes/chunk.json': chunk },
    target: { baseUrl: 'http://127.0.0.1:9' },
  });
});

afterAll(() => desk.close());

/** Each claim with its verdict, and what was found of it. */
async function found(...args: readonly string[]): Promise<Record<string, readonly string[]>> {
  const { stdout, stderr } = await desk.assay(['run', '--format', 'json', ...args]);
  if (stdout === '') throw new Error(stderr);
  const { cases } = JSON.parse(stdout) as RunDocument;
  return Object.fromEntries(
    cases.map(({ claim, verdict, cause, findings }) => [
      claim,
      [cause ?? verdict, ...findings.map(({ expectation }) => expectation)],
    ]),
  );
}

describe('claims about event streams', () => {
  test('hold on the honest gateway', async () => {
    const all = await found();
    expect(Object.values(all)).toEqual(Array.from({ length: 5 }, () => ['pass']));
  });

  test.each([
    ['unparsable', ['events.data']],
    ['error', ['events.error']],
    ['silent', ['events.silence']],
    ['unterminated', ['events.ends']],
    ['cut', ['events.data', 'events.ends']],
  ])('notice a stream that is %s, by a finding of its own', async (fault, findings) => {
    const all = await found('--with', `stream=${fault}`);
    expect(all['streams/native']).toEqual(['fail', ...findings]);
    expect(all['streams/chat']).toEqual(['fail', ...findings]);
  });

  test.each([
    ['shape=none', 'streams/read', ['fail', 'text', 'image']],
    ['thoughts=interim', 'streams/read', ['pass']],
    ['archive.status=404', 'streams/hosted', ['fail', 'image.whole']],
    ['finish=IMAGE_SAFETY', 'streams/read', ['blocked']],
    ['native=fail', 'streams/native', ['fail', 'status']],
    ['modelVersion=other', 'streams/read', ['fail', 'alias']],
    ['header.content-type=application/json', 'streams/chat', ['fail', 'events']],
    ['answer=html', 'streams/chat', ['html']],
  ])('with %s, %s is judged as it is elsewhere', async (fault, claim, expected) => {
    expect((await found('--with', fault, claim))[claim]).toEqual(expected);
  });
});
