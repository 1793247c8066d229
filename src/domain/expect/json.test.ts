import { expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { answered, judgedBy, kindOf, problemOf } from '../exchange.fixture.ts';

const answer = answered(200, {
  created: 1774885716,
  data: [{ url: 'https://a/1.png' }, { url: 'https://a/2.png' }],
  usage: { in: 1, out: { text: 2, image: 3 } },
  ratio: 1.5,
  nothing: null,
  done: true,
});

test.each<Record<string, Json>>([
  { at: '$.created', type: 'integer', atLeast: 1700000000 },
  { at: '$.created', equals: 1774885716 },
  { at: '$.created', atMost: 1774885716 },
  { at: '$.data[*].url', matches: '^https?://', count: 2 },
  { at: '$.data[*].url', count: { atLeast: 1 } },
  { at: '$.data[*].url', count: { atMost: 2 } },
  { at: '$.usage', equals: { out: { image: 3, text: 2 }, in: 1 } },
  { at: '$.nothing', equals: null },
  { at: '$.nothing', type: 'null' },
  { at: '$.nothing', exists: true },
  { at: '$.absent', exists: false },
  { at: '$.absent', count: 0 },
  { at: '$.done', in: [false, true] },
  { at: '$.ratio', type: 'number' },
  { at: '$.data', type: 'array' },
  { at: '$.usage', type: 'object' },
  { at: '$.done', type: 'boolean' },
  { at: '$..url', type: 'string' },
])('%j holds', (written) => {
  expect(judgedBy('json', written, answer)).toEqual([]);
});

test.each<[Record<string, Json>, string, string]>([
  [{ at: '$.created', type: 'string' }, 'a value of type string', '1774885716'],
  [{ at: '$.ratio', type: 'integer' }, 'a value of type integer', '1.5'],
  [{ at: '$.data', type: 'object' }, 'a value of type object', '[{"url":"https://a/1.png"}'],
  [{ at: '$.nothing', type: 'object' }, 'a value of type object', 'null'],
  [{ at: '$.created', atLeast: 1774885717 }, 'at least 1774885717', '1774885716'],
  [{ at: '$.created', atMost: 1 }, 'at most 1', '1774885716'],
  [{ at: '$.data[0].url', atLeast: 1 }, 'at least 1', '"https://a/1.png"'],
  [{ at: '$.created', matches: '1' }, 'a match of 1', '1774885716'],
  [{ at: '$.data[*].url', matches: '1\\.png$' }, 'a match of 1\\.png$', '"https://a/2.png"'],
  [{ at: '$.data[*].url', count: 1 }, '1 nodes', '2'],
  [{ at: '$.data[*].url', count: { atLeast: 3 } }, 'at least 3 nodes', '2'],
  [{ at: '$.data[*].url', count: { atMost: 1 } }, '0 to 1 nodes', '2'],
  [{ at: '$.absent', exists: true }, 'a value', 'nothing there'],
  [{ at: '$.absent', equals: null }, 'a value', 'nothing there'],
  [{ at: '$.absent[*]', type: 'string' }, 'a value', 'nothing there'],
  [{ at: '$.nothing', exists: false }, 'nothing there', 'null'],
  [{ at: '$.done', in: ['true', 1] }, 'one of ["true",1]', 'true'],
  [{ at: '$.usage', equals: { in: 1 } }, '{"in":1}', '{"in":1,"out":{"text":2,"image":3}}'],
  [{ at: '$.data', equals: {} }, '{}', '[{"url"'],
])('%j is missed', (written, expected, actual) => {
  expect(judgedBy('json', written, answer)).toMatchObject([
    { what: written['at'], expected, actual: expect.stringContaining(actual) as string },
  ]);
});

test.each([
  ['', 'an empty body'],
  ['{"created": 1', 'JSON that breaks off'],
  ['created: 1', 'no JSON'],
])('a body %j is no JSON, whatever is asked of it', (text, actual) => {
  for (const written of [
    { at: '$.created', exists: false },
    { at: '$.created', equals: 1 },
  ]) {
    expect(judgedBy('json', written, answered(200, text))).toMatchObject([
      { expected: 'a JSON body', actual: expect.stringContaining(actual) as string },
    ]);
  }
});

test('members called __proto__ are members like any other', () => {
  const body = answered(200, '{"__proto__":{"a":1},"b":{"__proto__":1}}');
  expect(judgedBy('json', { at: "$['__proto__'].a", equals: 1 }, body)).toEqual([]);
  expect(judgedBy('json', { at: '$.a', exists: false }, body)).toEqual([]);
  expect(judgedBy('json', { at: '$.b', equals: {} }, body)).toHaveLength(1);
  expect(judgedBy('json', { at: '$.toString', exists: false }, body)).toEqual([]);
  const empty = answered(200, '{"b":{"__proto__":{}}}');
  expect(judgedBy('json', { at: '$.b', equals: { other: 1 } }, empty)).toHaveLength(1);
});

test('it names a reason that it expects, and none that it merely could match', () => {
  const { names } = kindOf('json');
  const reason = { kind: 'reason', reason: 'NO_IMAGE' } as const;
  const at = '$.candidates[0].finishReason';
  expect(names?.({ at, equals: 'NO_IMAGE' }, reason)).toBe(true);
  expect(names?.({ at, in: ['STOP', 'NO_IMAGE'] }, reason)).toBe(true);
  expect(names?.({ at, matches: '.' }, reason)).toBe(false);
  expect(names?.({ at, equals: 'STOP' }, reason)).toBe(false);
  expect(names?.({ at, equals: 503 }, { kind: 'status', status: 503 })).toBe(false);
});

test.each<Record<string, Json>>([
  { at: '$.a' },
  { at: '', exists: true },
  { at: '$.a', count: -1 },
  { at: '$.a', in: [] },
  { at: '$.a', equal: 1 },
])('the keys refuse %j', (written) => {
  expect(problemOf('json', written)).toContain('keys');
});

test.each<[Record<string, Json>, string]>([
  [{ at: '$.', exists: true }, 'no JSON path'],
  [{ at: 'a.b', exists: true }, 'no JSON path'],
  [{ at: '$.a', matches: '(a)\\1' }, 'no RE2 pattern'],
  [{ at: '$.a', type: 'string', atLeast: 1 }, 'neither at least nor at most'],
  [{ at: '$.a', type: 'number', matches: '1' }, 'matches no pattern'],
  [{ at: '$.a', matches: '1', atMost: 1 }, 'matches no pattern'],
  [{ at: '$.a', exists: false, equals: 1 }, 'does not exist'],
  [{ at: '$.a', atLeast: 2, atMost: 1 }, 'atLeast is more than atMost'],
  [{ at: '$.a', count: {} }, 'say how many'],
  [{ at: '$.a', count: { atLeast: 2, atMost: 1 } }, 'atLeast is more than atMost'],
])('%j cannot be evaluated', (written, why) => {
  expect(problemOf('json', written)).toContain(why);
});

test('a path that selects very many nodes is judged', () => {
  const many = answered(200, { data: Array.from({ length: 150_000 }, (_, at) => at) });
  expect(judgedBy('json', { at: '$.data[*]', count: 150_000 }, many)).toEqual([]);
});
