import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MakeHash } from './payload.ts';
import { MOST_PAYLOADS, reduceBytes, reduceText } from './reduce.ts';
import { writeImage } from './write.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const makeHash: MakeHash = () => {
  const hash = createHash('sha256');
  return { add: (piece) => void hash.update(piece), hex: () => hash.digest('hex') };
};
const reduce = (text: string) => reduceText(text, makeHash);

const bytes = writeImage({ format: 'png', width: 1024, height: 768 });
const image = base64(bytes);
const token = `<image/png,1024x768,${bytes.length},sha256:${sha256(bytes)}>`;
const payload = {
  type: 'image/png',
  width: 1024,
  height: 768,
  bytes: bytes.length,
  sha256: sha256(bytes),
};
const gif = 'R0lGODdhAQABAIABAAAAAP///ywAAAAAAQABAAACAkQBADs=';

/** Slashes, pluses and equal signs as some JSON writers spell them. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'escaped slashes': (text) => text.replaceAll('/', '\\/'),
  'lower case escapes': (text) =>
    text.replaceAll('/', '\\u002f').replaceAll('+', '\\u002b').replaceAll('=', '\\u003d'),
  'upper case escapes': (text) =>
    text.replaceAll('+', '\\u002B').replaceAll('/', '\\u002F').replaceAll('=', '\\u003D'),
};

test.each([
  [
    'inline data',
    '{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"',
    '"}}]}}]}',
  ],
  ['a data URI in Markdown', '{"text":"Here:\\n\\n![image](data:image/png;base64,', ')\\n"}'],
  ['an event of a stream', 'data: {"b64_json": "', '"}\n\ndata: [DONE]\n\n'],
  ['JSON inside JSON', '{"text":"{\\"data\\":\\"', '\\"}"}'],
  ['JSON inside JSON inside JSON', '"\\"\\\\\\"', '\\\\\\"\\""'],
  [
    'HTML in JSON as Go writes it',
    '\\u003cimg src=\\u0022data:image/png;base64,',
    '\\u0022\\u003e',
  ],
  ['an element', '<b64>', '</b64>'],
  ['single quotes', "src='data:image/png;base64,", "'>"],
  ['the whole body', '', ''],
  ['after a line break', '"text:\\n', '"'],
])('in %s, nothing but the payload is replaced', (_, before, after) => {
  expect(reduce(before + image + after)).toEqual({
    text: before + token + after,
    payloads: [payload],
  });
});

describe.each(['png', 'jpeg', 'webp'] as const)('a %s', (format) => {
  test.each(Object.keys(spellings))('with %s is the same image', (spelling) => {
    for (let length = 400; length < 406; length++) {
      const made = Buffer.from(writeImage({ format, width: 64, height: 48, bytes: length }));
      const tail = Buffer.from('\xff\xfb\xef\xbe\xff\xff', 'latin1'); // pluses and slashes, behind the end of the image
      const whole = Buffer.concat([made, tail]);
      const text = `{"data":"${(spellings[spelling] as (text: string) => string)(base64(whole))}"}`;
      const { type, flaw, ...rest } = reduce(text).payloads[0] ?? {};
      expect([type, flaw]).toEqual([`image/${format}`, undefined]);
      expect(rest).toEqual({ width: 64, height: 48, bytes: whole.length, sha256: sha256(whole) });
    }
  });
});

test('a gif is a payload too, and each of several images is listed in order', () => {
  const { text, payloads } = reduce(
    `["${image}","${gif}",'data:image/gif;base64,${gif}'] ${image}`,
  );
  expect(payloads.map(({ type }) => type)).toEqual([
    'image/png',
    'image/gif',
    'image/gif',
    'image/png',
  ]);
  expect(text.replace(/<[^>]*>/g, '<>')).toBe(`["<>","<>",'data:image/gif;base64,<>'] <>`);
});

test('a truncated image is reduced with what it lacks', () => {
  const { payloads } = reduce(`"${base64(bytes.subarray(0, 99))}"`);
  expect(payloads).toEqual([
    {
      ...payload,
      bytes: 99,
      sha256: sha256(bytes.subarray(0, 99)),
      flaw: 'it ends inside its IDAT chunk',
    },
  ]);
});

const cut = base64(bytes.subarray(0, 97));
test.each([
  ['lines', `"${image.slice(0, 76)}\n${image.slice(76)}"`],
  ['escaped lines', `"${image.slice(0, 76)}\\n${image.slice(76)}"`],
  ['a last line break', `"${image}\\n"`],
  ['padding missing', `"${cut.slice(0, -2)}"`],
  ['padding too short', `"${cut.slice(0, -1)}"`],
  ['too much padding', `"${cut}=="`],
  ['something after the padding', `"${cut}AAAA"`],
  ['an escape that base64 does not have', `"${image.slice(0, 40)}\\u0041${image.slice(41)}"`],
  ['the alphabet of URLs', `"${image.slice(0, 40)}-_-_${image.slice(44)}"`],
  ['a run that begins before it', `"A${image}"`],
  ['fewer than 32 characters', '"/9j/4AAQSkZJRgABAQEAYABg/9k="'],
  [
    'a sound, not a picture',
    `"${base64(Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1'))}"`,
  ],
  ['an unknown GIF', `"${base64(Buffer.from('GIF88a__________________'))}"`],
  ['a token', `{"data":"${token}"}`],
  ['nothing', ''],
])('%s: the text stays as it is', (_, text) => {
  expect(reduce(text)).toEqual({ text, payloads: [] });
});

test('only so many images of one text are reduced', () => {
  const { text, payloads } = reduce(`"${gif}",`.repeat(MOST_PAYLOADS + 2));
  expect(payloads).toHaveLength(MOST_PAYLOADS);
  expect(text.endsWith(`>","${gif}","${gif}",`)).toBe(true);
});

test('any text around images comes out as it went in', () => {
  const filling = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.base64String(),
    fc.constantFrom('\\', '\\u', '/9j/', 'UklGR', '=', '\\n'),
  );
  const arbitrary = fc.tuple(fc.array(filling), fc.array(filling));
  fc.assert(
    fc.property(arbitrary, fc.constantFrom(image, gif), ([before, after], made) => {
      // Half a surrogate pair cannot be written in UTF-8.
      const [head, tail] = [before, after].map((filled) => filled.join('').toWellFormed());
      const reduced = reduce(`${head}"${made}"${tail}`);
      expect(reduced.payloads).toHaveLength(1);
      const [only = payload] = reduced.payloads;
      const written = `<${only.type},${only.width}x${only.height},${only.bytes},sha256:${only.sha256}>`;
      expect(reduced.text).toBe(`${head}"${written}"${tail}`);
      expect(reduce(reduced.text)).toEqual({ text: reduced.text, payloads: [] });
    }),
    { numRuns: 500 },
  );
});

test('30 MiB of a hostile or an honest text come back', () => {
  const length = 30 * 1024 * 1024;
  const pieces = [
    'A',
    '/9j/',
    '"/9j/',
    `"/9j/${'A'.repeat(28)}`,

    '"',
    '\\',
    '"/9j/9999999999999999999999999999\\',
  ];
  for (const piece of pieces) {
    const text = `{${piece.repeat(length / piece.length)}`;
    const reduced = reduce(text);
    expect(reduced.payloads.length).toBeLessThanOrEqual(MOST_PAYLOADS);
    expect(reduced.text.slice(-1000)).toBe(text.slice(-1000));
  }
  const large = writeImage({ format: 'jpeg', width: 4096, height: 4096, bytes: length });
  expect(reduce(`{"data":"${base64(large)}"}`).text).toBe(
    `{"data":"<image/jpeg,4096x4096,${length},sha256:${sha256(large)}>"}`,
  );
});

test('a binary body is one token', () => {
  expect(reduceBytes(bytes, makeHash)).toEqual({ text: token, payloads: [payload] });
  const text = Buffer.from('<html>');
  expect(reduceBytes(text, makeHash)).toEqual({
    text: `<application/octet-stream,0x0,6,sha256:${sha256(text)}>`,
    payloads: [
      {
        type: 'application/octet-stream',
        width: 0,
        height: 0,
        bytes: 6,
        sha256: sha256(text),
        flaw: 'it is no image of a known type',
      },
    ],
  });
});
