import { describe, expect, test } from 'vitest';
import type { Claim, Fold, Standing } from './claim.ts';
import { claimStand, needStand } from './derived.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  casesIn,
  claimOf,
  daysAgo,
  derivedClaim,
  evidenceOf,
  need,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import type { Stand } from './stand.ts';

const NAMES = ['a=1', 'a=2', 'a=3'];
const base = sentClaim('base', NAMES);

/** Evidence that gives the cases of `base` these standings, by first letter, and these observations. */
function ledger(standings: string, observed: readonly (string | undefined)[] = []): Evidence[] {
  return casesIn(base).flatMap((aCase, at): readonly Evidence[] => {
    const seen = observed[at];
    const more = { observed: seen === undefined ? {} : { 'image.at': seen } };
    const passed = evidenceOf(aCase, more);
    const failed = { ...passed, verdict: FAIL };
    const all: Readonly<Record<string, readonly Evidence[]>> = {
      h: [passed],
      s: [{ ...passed, at: daysAgo(40) }],
      b: [failed],
      u: [failed, evidenceOf(aCase, { ...more, trial: 2 })],
    };
    return all[standings[at] ?? '-'] ?? [];
  });
}

function derived(fold: Fold, standings: string, observed?: readonly (string | undefined)[]): Stand {
  const claim = derivedClaim('d', [[need('base', NAMES), fold]]);
  return claimStand(claim, 'local', remember([base, claim], ledger(standings, observed)));
}

describe('h holds, s is stale, b is broken, u is unstable, - is unproven:', () => {
  test.each<[string, Standing]>([
    ['hhh', 'holds'],
    ['hsh', 'stale'],
    ['hs-', 'unproven'],
    ['u-s', 'unstable'],
    ['hub', 'broken'],
  ])('all of %s is %s', (standings, expected) => {
    expect(derived('all', standings).standing).toBe(expected);
  });

  test.each<[string, Standing]>([
    ['hbb', 'holds'],
    ['b-h', 'holds'],
    ['bsb', 'stale'],
    ['-sb', 'stale'],
    ['bub', 'unstable'],
    ['bb-', 'unproven'],
    ['---', 'unproven'],
    ['bbb', 'broken'],
  ])('any of %s is %s', (standings, expected) => {
    expect(derived('any', standings).standing).toBe(expected);
  });

  test.each<[string, Standing]>([
    ['bbb', 'holds'],
    ['bbh', 'broken'],
    ['h--', 'broken'],
    ['bb-', 'unproven'],
    ['---', 'unproven'],
    ['bbu', 'unstable'],
    ['bbs', 'stale'],
  ])('none of %s is %s', (standings, expected) => {
    expect(derived('none', standings).standing).toBe(expected);
  });

  test.each<[string, readonly (string | undefined)[], Standing]>([
    ['hhh', ['x', 'y', 'x'], 'holds'],
    ['hh-', ['x', 'y'], 'holds'],
    ['bh-', ['x', 'y'], 'holds'],
    ['hhh', ['x', 'x', 'x'], 'broken'],
    ['hbu', ['x', 'x', 'x'], 'broken'],
    ['hh-', ['x', 'x'], 'unproven'],
    ['hhh', ['x', 'x', undefined], 'unproven'],
    ['---', [], 'unproven'],
    ['hsh', ['x', 'y', 'x'], 'stale'],
    ['hsh', ['x', 'x', 'x'], 'stale'],
  ])('that %s differ in %j is %s', (standings, observed, expected) => {
    expect(derived({ differ: 'image.at' }, standings, observed).standing).toBe(expected);
  });
});

test('what differs is said, with the evidence of all that showed it', () => {
  expect(derived({ differ: 'image.at' }, 'bhs', ['x', 'y', 'x'])).toEqual({
    standing: 'stale',
    because: 'image.at: x, y',
    evidence: NAMES.map((name) => `r1.s/base/${name}.local.1`),
    observedAt: daysAgo(40),
  });
});

test('what was not observed of every case is said', () => {
  expect(derived({ differ: 'image.at' }, 'hh-', ['x', 'x']).because).toBe(
    'image.at was observed of 2 of 3 cases',
  );
});

test('one case differs from nothing', () => {
  const claim = derivedClaim('d', [[need('base', ['a=1']), { differ: 'image.at' }]]);
  const remembered = remember([base, claim], ledger('h', ['x']));
  expect(claimStand(claim, 'local', remembered).standing).toBe('unproven');
});

test('a claim that holds because others are broken bears their evidence', () => {
  expect(derived('none', 'bbb').evidence).toHaveLength(3);
  expect(derived('none', 'bhb')).toMatchObject({ evidence: ['r1.s/base/a=2.local.1'] });
});

test('of several parts, the weakest counts', () => {
  const other = sentClaim('other');
  const claim = derivedClaim('d', [
    [need('base', NAMES), 'any'],
    [need('other'), 'none'],
  ]);
  const stand = (verdict: Evidence['verdict']) =>
    claimStand(
      claim,
      'local',
      remember(
        [base, other, claim],
        [...ledger('hbb'), ...casesIn(other).map((one) => evidenceOf(one, { verdict }))],
      ),
    ).standing;
  expect(stand(FAIL)).toBe('holds');
  expect(stand({ kind: 'pass' })).toBe('broken');
});

test('a part may name some cases only', () => {
  const claim = derivedClaim('d', [[need('base', ['a=2']), 'all']]);
  const stand = (standings: string) =>
    claimStand(claim, 'local', remember([base, claim], ledger(standings))).standing;
  expect(stand('bhb')).toBe('holds');
  expect(stand('hbh')).toBe('broken');
});

test.each<Fold>(['all', 'any', 'none', { differ: 'image.at' }])(
  '%j of cases that are gone, or of a claim that is gone, is unproven',
  (fold) => {
    for (const gone of [need('base', ['a=9']), need('base', []), need('gone')]) {
      const claim = derivedClaim('d', [[gone, fold]]);
      const remembered = remember([base, claim], ledger('hbu'));
      expect(claimStand(claim, 'local', remembered).standing).toBe('unproven');
    }
  },
);

test('a derived claim may rest on a derived one', () => {
  const first = derivedClaim('first', [[need('base', NAMES), 'any']]);
  const second = (fold: Fold): Claim => derivedClaim('second', [[need('first'), fold]]);
  const stand = (fold: Fold, standings: string) =>
    claimStand(second(fold), 'local', remember([base, first], ledger(standings))).standing;
  expect(stand('all', 'hbb')).toBe('holds');
  expect(stand('none', 'bbb')).toBe('holds');
  expect(stand('none', 'hbb')).toBe('broken');
  expect(stand({ differ: 'status' }, 'hhh')).toBe('unproven');
});

test('what is untestable, or not claimed at all, is unproven for ever', () => {
  const untestable = claimOf('x', { kind: 'untestable', why: 'A definition' });
  const remembered = remember([untestable], ledger('hhh'));
  expect(claimStand(untestable, 'local', remembered)).toEqual({
    standing: 'unproven',
    because: 's/x is untestable: A definition',
    evidence: [],
  });
  expect(needStand(need('gone'), 'local', remembered)).toMatchObject({
    standing: 'unproven',
    because: 's/gone is not claimed',
  });
});

test('a need has the weakest standing of its cases, each on that target', () => {
  const remembered = remember([base], ledger('hbs'));
  const of = (names: readonly string[]) => needStand(need('base', names), 'local', remembered);
  expect(of(['a=1']).standing).toBe('holds');
  expect(of(['a=1', 'a=3']).standing).toBe('stale');
  expect(of(NAMES).standing).toBe('broken');
  expect(needStand(need('base', NAMES), 'production', remembered).standing).toBe('unproven');
});
