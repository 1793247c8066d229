import { expect, test } from 'vitest';
import { spanText } from './span.ts';

test.each([
  [0, '0 ms'],
  [1.4, '1 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1_540, '1.5 s'],
  [75_000, '75 s'],
])('%d milliseconds are written %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
