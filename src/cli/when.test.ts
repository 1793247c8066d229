import { expect, test } from 'vitest';
import { whenMs } from './when.ts';

test.each([
  ['2026-03-30', Date.UTC(2026, 2, 30, 12)],
  ['2026-03-30T23:48:36Z', Date.UTC(2026, 2, 30, 23, 48, 36)],
  ['2026-03-30T23:48+08:00', Date.UTC(2026, 2, 30, 15, 48)],
])('%s is a time', (text, ms) => {
  expect(whenMs(text)).toBe(ms);
});

// An instant without its zone would mean another time on another machine.
test.each([
  '',
  'yesterday',
  '2026-3-30',
  '2026-02-30',
  '2026-03-30T12:00:00',
  '2026-03-30T25:00:00Z',
  '0',
])('%j is none', (text) => {
  expect(whenMs(text)).toBeUndefined();
});
