import { expect, test } from 'vitest';
import { costLines, costText, dollars } from './cost.ts';
import { markdownRetest, renderRetest } from './retest.ts';

test.each([
  [0, '$0.00'],
  [0.000002, '$0.000002'],
  [0.05, '$0.05'],
  [0.0391, '$0.0391'],
  [0.1, '$0.10'],
  [1234.5, '$1234.50'],
])('%d is written %s', (usd, text) => {
  expect(dollars(usd)).toBe(text);
});

test.each([
  [0.5, 0, 'at most $0.50'],
  [0.5, 0.2, 'at most $0.50, $0.20 of it measured'],
  [0.5, 0.5, '$0.50 measured'],
  [0, 0, 'at most $0.00'],
])('%d of which %d was measured is said as %s', (usd, measuredUsd, text) => {
  expect(costText({ usd, measuredUsd })).toBe(text);
});

const RETESTS = [
  { target: 'local', suite: 'short', usd: 0.5, measuredUsd: 0.2 },
  { target: 'local', suite: 'longer', usd: 1, measuredUsd: 0 },
  { target: 'production', suite: 'short', usd: 0.3, measuredUsd: 0.3 },
];

test('suites have a line each only where there are several', () => {
  expect(costLines(RETESTS.slice(0, 1), costText)).toEqual([]);
  expect(renderRetest(RETESTS).split('\n')).toEqual([
    '  short   at most $0.50, $0.20 of it measured',
    '  longer  at most $1.00',
    'a retest on local costs at most $1.50, $0.20 of it measured',
    'a retest on production costs $0.30 measured',
  ]);
});

test('where nothing can be asked again, nothing is said of it', () => {
  expect([renderRetest([]), markdownRetest([])]).toEqual(['', '']);
});
