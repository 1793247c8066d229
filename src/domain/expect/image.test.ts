import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Json } from '../claim.ts';
import {
  answered,
  gemini,
  inline,
  judgedBy,
  kindOf,
  payload,
  problemOf,
  seenOf,
  token,
} from '../exchange.fixture.ts';
import type { Fetched, Payload } from '../exchange.ts';

const png = payload();
const jpeg = payload({ digit: 'b', type: 'image/jpeg', width: 1376, height: 768 });
const known = { payloads: [png, jpeg] };
const URL = 'https://media.example/task-artifacts/2026/03/30/sync-image/x-1.png';
const hosted = (one: Payload, status = 200): Fetched => ({
  kind: 'answered',
  status,
  type: one.type,
  payload: one,
});

/** What the kind says of a JSON body whose images are known, with what was fetched. */
function judged(value: Json, body: Json, fetched: Readonly<Record<string, Fetched>> = {}) {
  const kind = kindOf('image');
  return kind.judge(
    kind.keys(z).parse(value),
    seenOf(answered(200, body, known), fetched),
    undefined,
  );
}

const SHAPES: readonly [string, string, Json][] = [
  ['inlineData', 'inline-data', gemini([{ text: 'Here.' }, inline(png)])],
  [
    'inline_data',
    'inline-data',
    gemini([{ inline_data: { mime_type: 'image/png', data: token(png) } }]),
  ],
  ['b64_json', 'inline-data', { data: [{ b64_json: token(png), url: '', revised_prompt: '' }] }],
  [
    'a data URI in text',
    'data-uri',
    gemini([{ text: `![image](data:image/png;base64,${token(png)})` }]),
  ],
  [
    'a data URI in chat',
    'data-uri',
    { choices: [{ message: { content: `x data:image/png;base64,${token(png)}` } }] },
  ],
  ['url', 'hosted-url', { data: [{ url: URL, b64_json: '' }] }],
  ['url without an extension', 'hosted-url', { data: [{ url: 'https://media.example/a' }] }],
  ['a Markdown image', 'hosted-url', gemini([{ text: `![Image](${URL})` }])],
  [
    'a Markdown image without an extension',
    'hosted-url',
    gemini([{ text: 'See ![Image](https://media.example/a)!' }]),
  ],
  ['a bare URL', 'hosted-url', gemini([{ text: `Done: ${URL}?w=1.` }])],
  ['a bare URL in Chinese', 'hosted-url', gemini([{ text: `图片：${URL}?w=1。完成` }])],
  ['a bold URL', 'hosted-url', gemini([{ text: `**${URL}**, done` }])],
  ['fileData', 'hosted-url', gemini([{ fileData: { fileUri: URL, mimeType: 'image/png' } }])],
  ['a body that is the image', 'inline-data', token(png)],
];
const FETCHED = Object.fromEntries(
  [URL, `${URL}?w=1`, 'https://media.example/a'].map((url) => [url, hosted(png)]),
);

test.each(SHAPES)('an image as %s stands at %s', (_, at, body) => {
  expect(judged('any', body, FETCHED)).toEqual([]);
  expect(judged({ at, count: 1 }, body, FETCHED)).toEqual([]);
  const [other = ''] = ['inline-data', 'data-uri', 'hosted-url'].filter((one) => one !== at);
  expect(judged({ at: other }, body, FETCHED)).toEqual([
    { what: 'at', expected: other, actual: at },
  ]);
  expect(judged({ at: [other, at] }, body, FETCHED)).toEqual([]);
  expect(judged('none', body, FETCHED)).toMatchObject([{ expected: 'no image' }]);
});

test.each<[string, Json]>([
  ['nothing', {}],
  ['empty strings', { data: [{ url: '', b64_json: '' }] }],
  ['a text', gemini([{ text: 'I have made an image: it is in image.png' }])],
  ['a thought', gemini([{ thought: true, ...(inline(png) as object) }])],
  ['a thought in text', gemini([{ thought: true, text: `![a](${URL})` }])],
  ['the reasoning of chat', { choices: [{ message: { reasoning_content: `![a](${URL})` } }] }],
  ['the prompt', { data: [{ url: '', revised_prompt: `Place ${URL} on white` }] }],
  ['an error', { error: { message: `cannot fetch ${URL}` } }],
  ['data that is no image', gemini([{ inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } }])],
  ['a relative URL', { data: [{ url: '/a.png' }] }],
  ['JSON that breaks off', `{"data":[{"b64_json":"${token(png)}"},{"text":"![a](${URL})`],
])('no image is in %s', (_, body) => {
  expect(judged('none', body, FETCHED)).toEqual([]);
  expect(judged('any', body, FETCHED)).toMatchObject([{ expected: 'an image' }]);
});

test('what stands in place of an image is told apart', () => {
  const actual = (body: Json) => judged('any', body);
  expect(actual('')).toMatchObject([{ actual: 'no image in any shape' }]);
  expect(actual('{"data":[')).toMatchObject([{ actual: expect.stringContaining('breaks off') }]);
});

describe('an image that is not whole, or none', () => {
  const b64 = (content: string): Json => ({ data: [{ b64_json: content }] });

  test.each<[string, Json, string]>([
    ['base64 of something else', b64('aGVsbG8gd29ybGQ='), 'base64 of no image'],
    ['base64 with line breaks', b64('iVBORw0KGgo\nAAAA'), 'line breaks'],
    ['no base64', b64('not an image!'), 'line breaks or blanks'],
    ['garbage', b64('%%%%'), 'no base64'],
    ['a data URI in b64_json', b64(`data:image/png;base64,${token(png)}`), 'no base64'],
    ['an empty data URI', gemini([{ text: '![image](data:image/png;base64,)' }]), 'no image'],
    ['a token that names no payload', b64(token(payload({ digit: 'f' }))), 'no base64'],
    [
      'a token in a data URI that names no payload',
      gemini([{ text: `data:image/png;base64,${token(payload({ digit: 'f' }))}` }]),
      'no base64',
    ],
  ])('%s is missed', (_, body, actual) => {
    expect(judged('any', body)).toEqual([
      {
        what: 'whole',
        expected: 'a whole image',
        actual: expect.stringContaining(actual) as string,
      },
    ]);
  });

  test('a flaw in its bytes is missed, whatever its header says', () => {
    const cut = payload({ flaw: 'it ends before its last chunk' });
    const answer = answered(200, gemini([inline(cut)]), { payloads: [cut] });
    expect(judgedBy('image', { size: '1K', format: 'png' }, answer)).toEqual([
      { what: 'whole', expected: 'a whole image', actual: 'it ends before its last chunk' },
    ]);
  });

  test('one bad image among good ones is missed', () => {
    const body = gemini([inline(png), { text: 'data:image/png;base64,AAAA' }]);
    expect(judged('any', body)).toHaveLength(1);
  });
});

describe('a hosted image', () => {
  const body: Json = { data: [{ url: URL }] };
  const octets = payload({ type: 'application/octet-stream' });

  test.each<[string, Fetched, string]>([
    ['404', hosted(png, 404), `404 at ${URL}`],
    ['410', hosted(png, 410), '410 at'],
    ['a redirect that leads nowhere', hosted(png, 302), '302 at'],
    ['HTML', { kind: 'answered', status: 200, type: 'text/html' }, 'but text/html'],
    ['not an image', hosted(octets), 'no image, but application/octet-stream'],
    ['not whole', hosted(payload({ flaw: 'cut off' })), 'cut off'],
  ])('that is %s is missed', (_, fetched, actual) => {
    expect(judged('any', body, { [URL]: fetched })).toEqual([
      {
        what: 'whole',
        expected: 'a whole image',
        actual: expect.stringContaining(actual) as string,
      },
    ]);
  });

  test('that was refused says its address once', () => {
    const detail = `${URL}: 10.0.0.1 is private`;
    const fetched = { kind: 'unanswered', cause: 'guarded', detail } as const;
    expect(judged('any', body, { [URL]: fetched })).toMatchObject({ detail });
  });

  test.each<[string, Fetched | undefined, string]>([
    ['429', hosted(png, 429), 'unfetched'],
    ['408', hosted(png, 408), 'unfetched'],
    ['500', hosted(png, 500), 'unfetched'],
    ['503', hosted(png, 503), 'unfetched'],
    ['late', { kind: 'unanswered', cause: 'timeout', detail: 'no answer' }, 'unfetched'],
    ['out of reach', { kind: 'unanswered', cause: 'unreachable', detail: 'd' }, 'unfetched'],
    ['behind the guard', { kind: 'unanswered', cause: 'guarded', detail: 'private' }, 'guarded'],
    ['never fetched', undefined, 'unfetched'],
  ])('that is %s cannot be told', (_, fetched, cause) => {
    const all: Readonly<Record<string, Fetched>> = fetched === undefined ? {} : { [URL]: fetched };
    expect(judged('any', body, all)).toMatchObject({
      cause,
      detail: expect.stringContaining(URL) as string,
    });
    expect(judged({ format: 'png', size: '4K' }, body, all)).toMatchObject({ cause });
    // Where it stands, and how many there are, is told all the same.
    expect(judged({ at: 'inline-data' }, body, all)).toMatchObject([{ what: 'at' }]);
    expect(judged({ count: 2 }, body, all)).toMatchObject([{ what: 'count' }]);
    expect(judged({ host: 'other.example' }, body, all)).toMatchObject([{ what: 'host' }]);
  });

  test('is judged by its host and path', () => {
    const path = '^/task-artifacts/\\d{4}/\\d{2}/\\d{2}/sync-image/[0-9A-Za-z]+-1\\.(png|jpe?g)$';
    expect(judged({ host: 'media.example', path }, body, FETCHED)).toEqual([]);
    expect(judged({ host: 'example' }, body, FETCHED)).toMatchObject([{ what: 'host' }]);
    expect(judged({ path: '-2\\.png$' }, body, FETCHED)).toMatchObject([{ what: 'path' }]);
    expect(judged({ host: 'media.example' }, gemini([inline(png)]))).toMatchObject([
      { what: 'host', actual: 'no URL' },
    ]);
  });

  test('with brackets and a query in Markdown is one image', () => {
    const url = "https://media.example/a.png?x='1'";
    const text = gemini([{ text: `![a](${url}) and ![b](${url})` }]);
    expect(judged({ count: 1 }, text, { [url]: hosted(png) })).toEqual([]);
  });
});

test('images are seen in the order inline data, data URI, hosted URL', () => {
  const text = `![a](${URL}) data:image/png;base64,${token(png)}`;
  const seen = seenOf(answered(200, gemini([{ text }, inline(jpeg)]), known), FETCHED);
  expect(seen.images().map(({ at }) => at)).toEqual(['inline-data', 'data-uri', 'hosted-url']);
});

test('a count is of all images, wherever they stand', () => {
  const body = gemini([inline(png), { text: `![a](${URL})` }]);
  expect(judged({ count: 2 }, body, FETCHED)).toEqual([]);
  expect(judged({ count: 1 }, body, FETCHED)).toEqual([
    { what: 'count', expected: '1', actual: '2' },
  ]);
});

test('a format is the real one, and the declared one', () => {
  expect(judged({ format: 'jpeg' }, gemini([inline(jpeg)]))).toEqual([]);
  expect(judged({ format: 'jpeg' }, gemini([inline(jpeg, 'image/jpg')]))).toEqual([]);
  expect(judged({ format: 'png' }, gemini([inline(jpeg, 'image/png')]))).toEqual([
    { what: 'format', expected: 'image/png', actual: 'image/jpeg' },
  ]);
  expect(judged({ format: 'jpeg' }, gemini([inline(jpeg, 'image/png')]))).toEqual([
    { what: 'format', expected: 'image/jpeg declared', actual: 'image/png declared' },
  ]);
  expect(judged({ format: 'jpeg' }, { data: [{ b64_json: token(jpeg) }] })).toEqual([]);
});

test.each<[string, number, number, boolean]>([
  ['1K', 900, 100, true],
  ['1K', 100, 1700, true],
  ['1K', 899, 899, false],
  ['1K', 1701, 10, false],
  ['2K', 1800, 1, true],
  ['2K', 3400, 1, true],
  ['2K', 1799, 1, false],
  ['4K', 3600, 3600, true],
  ['4K', 6800, 1, true],
  ['4K', 3401, 1, false],
  ['4K', 6801, 1, false],
])('%s has a long side such as %ix%i: %s', (size, width, height, isMet) => {
  const one = payload({ width, height });
  const answer = answered(200, gemini([inline(one)]), { payloads: [one] });
  const missed = judgedBy('image', { size }, answer);
  expect(missed).toMatchObject(isMet ? [] : [{ what: 'size', actual: `${width}x${height}` }]);
  expect(missed).toHaveLength(isMet ? 0 : 1);
});

test.each<[string, number, number, boolean]>([
  ['16:9', 1376, 768, true],
  ['16:9', 768, 1376, false],
  ['1:1', 1024, 1024, true],
  ['1:1', 1029, 1000, true],
  ['1:1', 1031, 1000, false],
  ['1:1', 969, 1000, false],
  ['3:2', 1264, 848, true],
  ['21:9', 1584, 672, true],
  ['1:1', 0, 0, false],
])('%s takes in %ix%i: %s', (ratio, width, height, isMet) => {
  const one = payload({ width, height });
  const answer = answered(200, gemini([inline(one)]), { payloads: [one] });
  expect(judgedBy('image', { ratio }, answer)).toHaveLength(isMet ? 0 : 1);
});

test.each<Json>([
  {},
  'all',
  { at: 'inline' },
  { at: [] },
  { count: 0 },
  { format: 'bmp' },
  { size: '8K' },
  { ratio: '16x9' },
  { formats: 'png' },
])('the keys refuse %j', (written) => {
  expect(problemOf('image', written)).toContain('keys');
});

test('a path that does not compile is a problem', () => {
  expect(problemOf('image', { path: '(?<=a)b' })).toContain('no RE2 pattern');
});
