import { describe, expect, test } from 'vitest';
import { KEY, post, PROMPT, withMock } from './asking.ts';
import type { Mock } from './server.ts';

const WORLD = '2026-04-14';
const ASKED = {
  contents: [{ role: 'user', parts: [{ text: PROMPT }] }],
  generationConfig: { responseModalities: ['TEXT', 'IMAGE'] },
};

const native = async (mock: Mock, query = '?alt=sse') =>
  await post(`${mock.url}/v1beta/models/nano-banana-2:streamGenerateContent${query}`, ASKED);
const chat = async (mock: Mock, more: object = {}) =>
  await post(`${mock.url}/v1/chat/completions`, {
    model: 'nano-banana-2',
    messages: [{ role: 'user', content: PROMPT }],
    ...more,
  });

/** The data of the events in a body of lines as this mock writes them; those that are JSON, parsed. */
const dataOf = (text: string): any[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => {
    try {
      return JSON.parse(data);
    } catch {
      return data;
    }
  });

describe('a stream of the mock', () => {
  test('brings the native answer piece by piece, and the usage at the end', async () => {
    await withMock({ world: WORLD }, async (mock) => {
      const { headers, text } = await native(mock);
      expect(headers['content-type']).toBe('text/event-stream');
      const chunks = dataOf(text);
      const parts = chunks.map(({ candidates }) => Object.keys(candidates[0].content.parts[0])[0]);
      expect(parts).toEqual(['text', 'text', 'inlineData', 'text']);
      expect(chunks.map(({ usageMetadata }) => usageMetadata?.candidatesTokenCount)).toEqual([
        undefined,
        undefined,
        undefined,
        1290,
      ]);
      expect(chunks.at(-1).candidates[0].finishReason).toBe('STOP');
    });
  });

  test('is a list without alt=sse', async () => {
    await withMock({ world: WORLD }, async (mock) => {
      expect((await native(mock, '')).json).toHaveLength(4);
    });
  });

  test('of chat ends in [DONE], and says what the whole answer says', async () => {
    await withMock({ world: WORLD }, async (mock) => {
      const whole = (await chat(mock)).json;
      const chunks = dataOf((await chat(mock, { stream: true })).text);
      expect(chunks.at(-1)).toBe('[DONE]');
      const said = chunks.slice(0, -1).map(({ choices }) => choices[0].delta.content ?? '');
      expect(said.length).toBeGreaterThan(2);
      expect(said.join('')).toBe(whole.choices[0].message.content);
      expect(whole.object).toBe('chat.completion');
    });
  });

  test.each([
    ['unparsable', (data: any[]) => data.filter((one) => typeof one === 'string').length, 2],
    ['error', (data: any[]) => data.filter((one) => one.error !== undefined).length, 1],
    ['silent', (data: any[]) => data.length, 0],
    ['unterminated', (data: any[]) => data.filter((one) => one === '[DONE]').length, 0],
    ['cut', (data: any[]) => data.filter((one) => one === '[DONE').length, 1],
  ])('that is %s is broken in that way', async (fault, count, expected) => {
    await withMock({ world: WORLD, faults: [`stream=${fault}`] }, async (mock) => {
      const { text } = await chat(mock, { stream: true });
      expect([text.startsWith(': PING\n\n'), count(dataOf(text))]).toEqual([true, expected]);
    });
  });
});

describe('the edits route of the mock', () => {
  const edit = async (mock: Mock, form: FormData) => {
    const answer = await fetch(`${mock.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: form,
    });
    const json: any = await answer.json();
    return { status: answer.status, json };
  };
  const form = (...files: readonly Uint8Array<ArrayBuffer>[]) => {
    const made = new FormData();
    made.set('model', 'nano-banana-2');
    made.set('prompt', PROMPT);
    for (const file of files) made.append('image[]', new Blob([file]), 'a.png');
    return made;
  };
  const png = new Uint8Array(Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'));

  test.each<[string, FormData, number, string]>([
    ['takes a file', form(png), 200, ''],
    ['takes fourteen files', form(...Array.from({ length: 14 }, () => png)), 200, ''],
    ['refuses fifteen', form(...Array.from({ length: 15 }, () => png)), 400, 'at most 14'],
    ['refuses a form without one', form(), 400, 'image is required'],
    ['refuses what is no image', form(new Uint8Array([1, 2, 3])), 400, 'Unable to process'],
  ])('%s', async (_, asked, status, message) => {
    await withMock({ world: '2026-03-30' }, async (mock) => {
      const { status: came, json } = await edit(mock, asked);
      expect([came, json.error?.message ?? '']).toEqual([status, expect.stringContaining(message)]);
    });
  });
});
