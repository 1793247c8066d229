import { expect, test } from 'vitest';
import { answered, judgedBy, kindOf, problemOf } from '../exchange.fixture.ts';
import { takesIn } from './status.ts';

test.each([
  [200, 200],
  ['2xx', 204],
  ['4xx', 404],
  ['5xx', 500],
  [[404, '2xx'], 201],
  [[404, '2xx'], 404],
  [401, 401],
])('%j takes in %i', (written, actual) => {
  expect(judgedBy('status', written, answered(actual, {}))).toEqual([]);
});

test.each([
  [200, 201, '200'],
  ['2xx', 301, '2xx'],
  [[404, '2xx'], 500, '404 or 2xx'],
])('%j misses %i and says so', (written, actual, expected) => {
  expect(judgedBy('status', written, answered(actual, {}))).toEqual([
    { expected, actual: String(actual) },
  ]);
});

test.each([401, 402, 403, 408, 429])('the class 4xx never takes in %i', (status) => {
  expect(takesIn('4xx', status)).toBe(false);
  expect(takesIn(status, status)).toBe(true);
});

test('a status names itself, and a class names none', () => {
  const { names } = kindOf('status');
  expect(names?.([200, 503], { kind: 'status', status: 503 })).toBe(true);
  expect(names?.('5xx', { kind: 'status', status: 503 })).toBe(false);
  expect(names?.(503, { kind: 'html' })).toBe(false);
});

test.each(['6xx', '2XX', 99, 600, 200.5, [], 'ok', null, { is: 200 }])(
  'the keys refuse %j',
  (written) => {
    expect(problemOf('status', written)).toContain('keys');
  },
);
