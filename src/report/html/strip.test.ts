import { expect, test } from 'vitest';
import { strip } from './strip.ts';

const DAYS = ['2026-04-10', '2026-04-11', '2026-04-12', '2026-04-13', '2026-04-14'];

test('a strip has a mark for each day, and tells all of it in words', () => {
  const { html } = strip(
    [
      { day: '2026-04-10', word: 'passed' },
      { day: '2026-04-11', word: 'passed' },
      { day: '2026-04-13', word: 'failed' },
    ],
    DAYS,
  );
  expect(html).toContain(
    'aria-label="5 days: passed on 2 days, failed on 1 day; last 13 Apr 2026: failed"',
  );
  expect(html).toContain('<path class="passed" d="M0 8h9"/>');
  expect(html).toContain('<path class="failed" d="M15 3h4M15 13h4"/>');
});

test('a day of an earlier wording is marked as one, and a day outside of the strip not at all', () => {
  const { html } = strip(
    [
      { day: '2026-03-01', word: 'failed' },
      { day: '2026-04-14', word: 'mixed', isEarlier: true },
    ],
    DAYS,
  );
  expect(html).toContain('<path class="mixed earlier" d="M20 11.5h4"/>');
  expect(html).toContain('last 14 Apr 2026: mixed, worded otherwise');
  expect(html).not.toContain('class="failed"');
});

test('a claim that was never tried says so', () => {
  expect(strip([], DAYS).html).toContain('aria-label="5 days: not tried"');
});
