import { expect, test } from 'vitest';
import type { JudgedCase, Run } from '../domain/run.ts';
import { PASSED, aRun } from '../domain/run.fixture.ts';
import { exitCodeOf } from './exit.ts';
import { toleratedShare } from './tolerated.ts';

const UNDECIDED: JudgedCase = {
  ...PASSED,
  verdict: { kind: 'inconclusive', cause: 'timeout', detail: '' },
};
const AGAINST: JudgedCase = {
  ...PASSED,
  verdict: { kind: 'fail', findings: [] },
  contradicts: true,
};

function ran(cases: readonly JudgedCase[], end: Run['end'] = { kind: 'complete' }): Run {
  return aRun({ cases, end });
}

const outage = { kind: 'outage', detail: '', undecided: 1 } as const;

test.each([
  ['everything passes', ran([PASSED, PASSED]), 0, 0],
  ['something contradicts', ran([PASSED, AGAINST]), 0, 1],
  ['something contradicts and something is undecided', ran([AGAINST, UNDECIDED]), 0, 1],
  ['one is undecided', ran([PASSED, UNDECIDED]), 0, 3],
  ['as many are undecided as are tolerated', ran([PASSED, UNDECIDED]), 0.5, 0],
  ['more are undecided than are tolerated', ran([PASSED, UNDECIDED, UNDECIDED]), 0.5, 3],
  ['no case was run', ran([]), 1, 3],
  ['the target is down', ran([PASSED], outage), 1, 3],
  ['the ledger failed', ran([AGAINST], { kind: 'ledger-failed', detail: '' }), 0, 3],
  ['it was interrupted', ran([AGAINST], { kind: 'interrupted' }), 0, 130],
])('where %s', (_, run, tolerated, code) => {
  expect(exitCodeOf(run, tolerated)).toBe(code);
});

test.each([
  [undefined, 0],
  ['10%', 0.1],
  ['2.5%', 0.025],
  ['100%', 1],
  ['101%', undefined],
  ['10', undefined],
  ['-1%', undefined],
])('%j tolerates %j', (text, share) => {
  expect(toleratedShare(text)).toBe(share);
});
