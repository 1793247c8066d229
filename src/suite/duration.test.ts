import { describe, expect, test } from 'vitest';
import { DURATION, durationMs, isDay } from './duration.ts';

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

describe('a day', () => {
  test.each(['2026-03-30', '2024-02-29', '2000-12-31'])('%s is one', (text) => {
    expect(isDay(text)).toBe(true);
  });

  test.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '30.03.2026', ''])(
    '%j is none',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});
