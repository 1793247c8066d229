import { describe, expect, test } from 'vitest';
import { DURATION, durationMs } from './duration.ts';

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['5s', 5000],
    ['90m', 5_400_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
  ])('%s is %i ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.each(['', '0s', '-1s', '1.5h', '1 h', '30', 'd', '1w', '1h30m'])('%j is none', (text) => {
    expect(DURATION.test(text)).toBe(false);
    expect(() => durationMs(text)).toThrow('no duration');
  });
});
