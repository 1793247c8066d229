import { expect, test } from 'vitest';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  UNDECIDED,
  casesIn,
  daysAgo,
  evidenceOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { casesNow, evidenceToShow } from './newest.ts';

const claim = sentClaim('c', ['a', 'b']);
const [a, b] = casesIn(claim);
if (a === undefined || b === undefined) throw new Error('no cases');

function shown(...evidence: readonly Evidence[]) {
  const remembered = remember([claim], evidence);
  const cases = casesNow(claim, 'local', remembered);
  return evidenceToShow(cases, 'local', remembered).map(({ id }) => id);
}

const old = evidenceOf(a, { run: 'r1', at: daysAgo(3) });
const failed = evidenceOf(b, { run: 'r2', at: daysAgo(2), verdict: FAIL });
const untold = evidenceOf(a, { run: 'r3', at: daysAgo(1), verdict: UNDECIDED });

test('of the case that stands worst, what failed is shown', () => {
  expect(shown(old, failed)).toEqual([failed.id]);
  const passedThen = evidenceOf(b, { run: 'r2', at: daysAgo(1.9), trial: 2 });
  expect(shown(old, failed, passedThen)).toEqual([failed.id]);
});

test('what could not be told since is shown before that', () => {
  expect(shown(old, failed, untold)).toEqual([untold.id, failed.id]);
});

test('each case knows its newest evidence, and where there is none by the wording of today, that of an earlier one', () => {
  const earlier = evidenceOf(b, { digest: 'other' });
  const [first, second] = casesNow(claim, 'local', remember([claim], [old, untold, earlier]));
  expect(first).toMatchObject({ name: 'a', newest: untold, stand: { standing: 'holds' } });
  expect(second).toMatchObject({ name: 'b', newest: earlier, stand: { standing: 'unproven' } });
});

test('nothing is shown of what was never tried', () => {
  expect(shown()).toEqual([]);
});
