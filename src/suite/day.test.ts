import { describe, expect, test } from 'vitest';
import { isDay } from './day.ts';

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
