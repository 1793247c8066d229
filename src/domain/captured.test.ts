import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillAddress, fillExpectation, take, unfit } from './captured.ts';
import type { Json, Request } from './claim.ts';
import { answered, expectation, payload, token } from './exchange.fixture.ts';

const place = { file: 'suites/s.yaml', line: 3, column: 5 };
const at = (from: string) => ({ name: 'id', from, place });
const get: Request = { method: 'GET', query: {}, headers: {}, auth: 'bearer' };

describe('a capture', () => {
  test.each<[string, Json, Json]>([
    ['$.id', { id: 'abc' }, 'abc'],
    ['$.id', { id: 7 }, 7],
    ['$.id', { id: false }, false],
    ['$.data[0]', { data: [{ a: 1 }] }, { a: 1 }],
    ['header:X-Trace', {}, 't1'],
  ])('takes the one value at %s of %j', (from, body, value) => {
    expect(take(at(from), answered(200, body, { headers: { 'x-trace': 't1' } }))).toEqual({
      value,
    });
  });

  test.each<[string, Json, string, string]>([
    ['$.id', {}, 'one value at $.id', 'nothing there'],
    ['$.id', { id: null }, 'one value at $.id', 'null'],
    ['$.id', { id: '' }, 'one value at $.id', '""'],
    ['$.ids[*]', { ids: [1, 2, 3] }, 'one value at $.ids[*]', '3 values'],
    ['$.id', 'no JSON', 'a JSON body', 'no JSON: "no JSON"'],
    ['header:x-trace', {}, 'one value at header:x-trace', 'nothing there'],
  ])('misses at %s of %j', (from, body, expected, actual) => {
    expect(take(at(from), answered(200, body))).toEqual({ judged: [{ expected, actual }] });
  });

  test.each([
    ['an id of 30 digits', '{"id":123456789012345678901234567890}'],
    ['a number beyond all numbers', '{"id":1e999}'],
  ])('takes no number that has lost its last digits: %s', (_, text) => {
    expect(take(at('$.id'), answered(200, text))).toMatchObject({ judged: { cause: 'unseen' } });
  });

  test('of an image takes nothing, because its bytes are not kept, and blames nobody', () => {
    const image = payload();
    const answer = answered(200, { b64: token(image) }, { payloads: [image] });
    expect(take(at('$.b64'), answer)).toMatchObject({ judged: { cause: 'unseen' } });
  });
});

test('a capture takes no more than an id or a URL can be', () => {
  const long = { id: 'x'.repeat(65_537) };
  expect(take(at('$.id'), answered(200, long))).toMatchObject({ judged: { cause: 'oversized' } });
});

describe('an address', () => {
  test('has the same segments, whatever was captured for one of them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        const request = { ...get, path: '/v1/video/${id}/state' };
        const captured = new Map([['id', id]]);
        const url = new URL(`http://gateway.example${fillAddress(request.path, captured)}`);
        const isSafe = unfit(request, captured) === undefined;
        expect(isSafe).toBe(id !== '.' && id !== '..');
        if (!isSafe) return;
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual([
          '',
          'v1',
          'video',
          id,
          'state',
        ]);
        expect([url.search, url.hash]).toEqual(['', '']);
      }),
    );
  });

  test.each(['..', '.', '../../admin', '%2e%2e', '?key=1', '#', 'a/b', '\\..\\..'])(
    'is never left by %j',
    (id) => {
      const request = { ...get, path: '/v1/video/${id}' };
      const captured = new Map([['id', id]]);
      if (unfit(request, captured) !== undefined) return;
      const { href } = new URL(`http://gateway.example${fillAddress(request.path, captured)}`);
      expect(href).toBe(`http://gateway.example/v1/video/${encodeURIComponent(id)}`);
    },
  );

  test.each(['/files/1.mp4', 'ftp://media.example/1.mp4', 'javascript:1', 'http://', 'a b', 7])(
    'is no url where %j was captured for one',
    (video) => {
      const miss = unfit({ ...get, url: '${video}' }, new Map([['video', video]]));
      expect(miss).toMatchObject({ what: 'url', expected: 'an http or https URL' });
    },
  );

  test('can be made of half a character', () => {
    expect(fillAddress('/v1/${id}', new Map([['id', '\ud800']]))).toBe('/v1/%EF%BF%BD');
  });

  test('is a captured url as it stands, its query and escapes included', () => {
    const video = 'https://media.example/a%20b/1.mp4?sig=x%2By&n=1';
    expect(unfit({ ...get, url: '${video}' }, new Map([['video', video]]))).toBeUndefined();
    expect(fillAddress('${video}', new Map([['video', video]]))).toBe(video);
  });
});

describe('an expectation', () => {
  const captured = new Map<string, Json>([['id', 7]]);
  const filled = (kind: string, value: Json) =>
    fillExpectation(expectation(kind, value), captured).value;

  test('compares JSON with the value that was captured, and its type', () => {
    expect(filled('json', { at: '$.id', equals: '${id}' })).toEqual({ at: '$.id', equals: 7 });
    expect(filled('json', { at: '$.id', in: ['n${id}', '${other}'] })).toEqual({
      at: '$.id',
      in: ['n7', '${other}'],
    });
  });

  test('compares text with text', () => {
    expect(filled('header', { name: 'x-id', equals: '${id}' })).toEqual({
      name: 'x-id',
      equals: '7',
    });
  });
});
