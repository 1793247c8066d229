import { expect, test } from 'vitest';
import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  casesIn,
  claimOf,
  daysAgo,
  derivedClaim,
  evidenceOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { gone } from './gone.ts';

const before = sentClaim('c', ['n=1', 'n=2']);
const [first, second] = casesIn(before).map((one) => evidenceOf(one));
const failed = casesIn(before).map((one) => evidenceOf(one, { verdict: FAIL }));
const after = sentClaim('c', ['n=1']);

/** What is missed of evidence of both cases, by the claims that there are now. */
function missed(
  claims: readonly Claim[],
  evidence: readonly (Evidence | undefined)[],
  more: Partial<Parameters<typeof gone>[0]> = {},
): readonly string[] {
  const watch = {
    suites: new Set(['s']),
    targets: new Set(['local']),
    sentenceOf: ({ says }: Claim) => says,
  };
  const known = evidence.flatMap((one) => one ?? []);
  return gone({ ...watch, ...more }, remember(claims, known)).map(
    ({ claim = '', cases, because }) =>
      [claim, ...cases, because.includes('no suite s') ? 'suite' : ''].join(' ').trim(),
  );
}

test('a claim that was decided lately is missed once, and its suite where that is gone as well', () => {
  expect(missed([], [first, second])).toEqual(['s/c']);
  expect(missed([], [first, second], { suites: new Set(), all: new Set() })).toEqual(['suite']);
  expect(missed([], [first, second], { suites: new Set(), all: new Set(['s']) })).toEqual([]);
  expect(missed([], [first, second], { targets: new Set(['production']) })).toEqual([]);
  const other = { suites: new Set<string>(), all: new Set<string>(), elsewhere: new Set(['r1']) };
  expect(missed([], [first, second], other)).toEqual([]);
  expect(missed([], [{ ...first, run: 'r2' } as Evidence], other)).toEqual(['suite']);
  const tired = failed.map((one) => ({ ...one, at: daysAgo(31) }));
  expect(missed([], tired)).toEqual([]);
});

test('a case is missed where it failed, and the docs say what they said then', () => {
  expect(missed([after], [first, second])).toEqual([]);
  expect(missed([after], failed)).toEqual(['s/c n=2']);
  expect(missed([before], failed)).toEqual([]);
  const said = failed.map((one) => ({ ...one, sentence: 'c' }));
  expect(missed([after], said)).toEqual(['s/c n=2']);
  expect(missed([{ ...after, says: 'corrected' }], said)).toEqual([]);
  expect(missed([{ ...after, documented: { as: 'broken' } }], failed)).toEqual([]);
});

test('a failing claim is missed where nothing is sent for it any more, but not where it is superseded', () => {
  const untestable = claimOf('c', { kind: 'untestable', why: 'nobody can' });
  expect(missed([untestable], failed)).toEqual(['s/c n=1', 's/c n=2']);
  expect(missed([derivedClaim('c', [])], failed)).toEqual(['s/c n=1', 's/c n=2']);
  const superseded = { on: '2026-04-01', by: 's/d', why: 'w' };
  expect(missed([{ ...after, superseded }], failed)).toEqual([]);
});

test('a value that a search for a limit tried is no case that is missed', () => {
  expect(
    missed(
      [after],
      failed.map((one) => ({ ...one, probe: true as const })),
    ),
  ).toEqual([]);
});
