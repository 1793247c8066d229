import { expect, test } from 'vitest';
import { didYouMean, nearest } from './problem.ts';

const KINDS = ['status', 'rejected', 'header', 'json', 'schema', 'image', 'text'];

test.each([
  ['statu', 'status'],
  ['sttaus', 'status'],
  ['Status', 'status'],
  ['rejectd', 'rejected'],
  ['reejcted', 'rejected'],
  ['imgae', 'image'],
  ['jsn', 'json'],
  ['headers', 'header'],
])('%s is nearest to %s', (written, expected) => {
  expect(nearest(written, KINDS)).toBe(expected);
  expect(didYouMean(written, KINDS)).toEqual({ hint: `did you mean "${expected}"?` });
});

test.each(['', 'banana', 'equals', 'st', 'x'])('%j is near to none of them', (written) => {
  expect(nearest(written, KINDS)).toBeUndefined();
  expect(didYouMean(written, KINDS)).toEqual({});
});

test('of words equally near, the first is meant', () => {
  expect(nearest('refs', ['ref1', 'ref2'])).toBe('ref1');
});

test('nothing is near where nothing is allowed', () => {
  expect(nearest('status', [])).toBeUndefined();
});
