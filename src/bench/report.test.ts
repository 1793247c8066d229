import { expect, test } from 'vitest';
import type { Comparison } from './comparisons.ts';
import { ratios, spread } from './ratio.ts';
import { benchReport, isKept, measuredLine } from './report.ts';

const COMPARISON: Comparison = {
  id: 'P7',
  what: '200 claims',
  measure: 'wall',
  must: 1.5,
  reach: 0.95,
  rounds: 3,
  reference: 'bare undici',
  task: { kind: 'run', load: { claims: 200, atOnce: 64 }, delayMs: 200 },
};

const GROWTH: Comparison = {
  id: 'P8',
  what: 'a large body',
  measure: 'growth',
  must: 2,
  reach: 1.5,
  rounds: 1,
  reference: { name: 'the body', is: 30 },
  task: { kind: 'run', load: { claims: 1, atOnce: 1, bodyMiB: 30 }, delayMs: 0 },
};

test('a ratio is taken round by round, so a slow machine does not move it', () => {
  const rounds = [
    { bare: 10, ours: 12 },
    { bare: 100, ours: 130 },
    { bare: 10, ours: 11 },
  ];

  expect(ratios(rounds)).toEqual({ min: 1.1, median: 1.2, max: 1.3 });
});

test('the middle of an even count is the mean of two', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
});

test.each([
  ['within 1.5 and 64 in flight is kept', 15, 64, true],
  ['more than 1.5 is missed', 15.1, 64, false],
  ['more requests in flight than the target allows is missed', 12, 65, false],
  ['fewer requests in flight than were to be is missed', 12, 63, false],
])('%s', (_, ours, inFlight, kept) => {
  const measured = { comparison: COMPARISON, rounds: [{ bare: 10, ours }], inFlight };

  expect(isKept(measured)).toBe(kept);
  expect(measuredLine(measured).includes('MISSED')).toBe(!kept);
});

test('the report says what trials take, and says nothing wrong more often than it may', () => {
  const rows = benchReport([], [])
    .split('\n')
    .filter((line) => line.startsWith('| of '));
  expect(rows).toHaveLength(15);
  const cells = rows.map((line) => line.split('|').map((cell) => cell.trim()));
  for (const [, asked = '', rate = '', made = '', , pass = '', fail = ''] of cells) {
    const [of = 0, atLeast = 0, confidence = 0] = (asked.match(/[\d.]+/g) ?? []).map(Number);
    expect(Number(made)).toBeLessThanOrEqual(of);
    const wrong = Number(rate) >= atLeast ? fail : pass;
    expect(Number(wrong)).toBeLessThanOrEqual(1 - confidence + 0.0005);
  }
});

test('the report has each ratio beside its aims', () => {
  const report = benchReport(
    [
      { comparison: COMPARISON, rounds: [{ bare: 1000, ours: 1200 }], inFlight: 64 },
      { comparison: GROWTH, rounds: [{ bare: 30, ours: 66 }] },
    ],
    ['Node 24'],
  );

  expect(report).toContain(
    '| P7 | 200 claims / bare undici (at most 64 in flight) | **1.20** | 1.20 to 1.20 | ≤ 1.5 | 0.95 | 1200 ms | 1000 ms | 1 |',
  );
  expect(report).toContain(
    '| P8 | a large body / the body | **2.20** | 2.20 to 2.20 | ≤ 2, missed | 1.5 | 66 MiB | 30 MiB | 1 |',
  );
});
