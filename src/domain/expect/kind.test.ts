import { assert, jsonValue, property } from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { shown } from './kind.ts';

test('a finding shows the first 200 characters of what JSON.stringify makes of a value', () => {
  assert(
    property(jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      expect(shown(value as Json)).toBe(text.length > 200 ? `${text.slice(0, 199)}…` : text);
    }),
    { numRuns: 1_000 },
  );
});

test.each<[string, Json]>([
  ['text', '\u{1f34c}'.repeat(5_000_000)],
  ['list', Array.from({ length: 1_000_000 }, () => ['x'])],
  ['mapping', Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`${at}`, at]))],
  ['name', { ['x'.repeat(1_000_000)]: 1 }],
])('of a long %s no more is looked at than is shown', (_, value) => {
  const text = JSON.stringify(value);
  expect(shown(value)).toBe(`${text.slice(0, 199)}…`);
});

test('a number that is too large to be held is shown as what it was read as, wherever it stands', () => {
  expect(shown(JSON.parse('1e999') as Json)).toBe('Infinity');
  expect(shown(JSON.parse('[-1e999]') as Json)).toBe('[-Infinity]');
});
