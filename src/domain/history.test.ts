import { expect, test } from 'vitest';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  PASS,
  UNDECIDED,
  casesIn,
  digestOf,
  evidenceOf,
  sentClaim,
} from './evidence.fixture.ts';
import { makeHistory } from './history.ts';

const claim = sentClaim('c', ['a', 'b']);
const [a, b] = casesIn(claim);
if (a === undefined || b === undefined) throw new Error('no cases');
const today = digestOf(a);

function historyOf(...runs: readonly (readonly Evidence[])[]) {
  const history = makeHistory({
    from: '2026-03-01',
    to: '2026-04-14',
    isCurrent: ({ digest }) => digest === today,
  });
  for (const run of runs) history.addRun(run);
  return history.of('s/c', 'local');
}

const on = (day: string) => ({ at: `2026-${day}T10:00:00.000Z` });

test('a day has the weakest of what came of its cases', () => {
  expect(
    historyOf(
      [evidenceOf(a, on('04-01')), evidenceOf(b, on('04-01'))],
      [evidenceOf(a, on('04-02')), evidenceOf(b, { ...on('04-02'), verdict: FAIL })],
    ).map(({ day, word }) => [day, word]),
  ).toEqual([
    ['2026-04-01', 'passed'],
    ['2026-04-02', 'failed'],
  ]);
});

test('trials of one case that differ are mixed, in one run or in two of one day', () => {
  const first = evidenceOf(a, { ...on('04-01'), verdict: FAIL });
  const second = evidenceOf(a, { ...on('04-01'), verdict: PASS, trial: 2 });
  expect(historyOf([first, second])).toMatchObject([{ word: 'mixed' }]);
  expect(historyOf([first], [second])).toMatchObject([{ word: 'mixed' }]);
});

test('what could not be told is said only where nothing was decided that day', () => {
  const untold = evidenceOf(a, { ...on('04-01'), verdict: UNDECIDED });
  expect(historyOf([untold])).toMatchObject([{ word: 'undecided' }]);
  expect(historyOf([untold], [evidenceOf(a, on('04-01'))])).toMatchObject([{ word: 'passed' }]);
});

test('a series of trials says what its interval says', () => {
  const trials = { of: 40, atLeast: 0.9, confidence: 0.9 };
  const series = Array.from({ length: 40 }, (_, at) =>
    evidenceOf(a, { ...on('04-01'), trials, trial: at + 1, verdict: at === 3 ? FAIL : PASS }),
  );
  expect(historyOf(series)).toMatchObject([{ word: 'passed' }]);
  expect(historyOf(series.slice(0, 2))).toMatchObject([{ word: 'undecided' }]);
});

test('an earlier wording is told, and what does not count or lies outside is not there', () => {
  const disguised = { name: 'local', grade: 'live', host: 'h', mock: '2026-03-30' } as const;
  expect(
    historyOf([
      evidenceOf(a, { ...on('04-01'), digest: 'other' }),
      evidenceOf(a, { ...on('04-02'), target: disguised }),
      evidenceOf(a, on('02-01')),
      evidenceOf(a, { at: '2026-04-03T00:30:00+02:00' }),
    ]).map(({ day, isEarlier }) => [day, isEarlier]),
  ).toEqual([
    ['2026-04-01', true],
    ['2026-04-02', undefined],
  ]);
});
