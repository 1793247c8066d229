import { expect, test } from 'vitest';
import { type Pair, compareSides, shownBy } from './compare.ts';
import { limitDifferences, limitSentence } from './edge.ts';
import { UNDECIDED, casesIn, evidenceOf, sentClaim } from './evidence.fixture.ts';
import type { Case, Json } from './claim.ts';

const NAMES = { left: 'production', right: 'official' };

/** A case of each of two claims that sends as many references as its name says. */
function casesOf(counts: readonly number[], more: Json = 'png'): readonly Case[] {
  return counts.flatMap((count) => {
    const claim = sentClaim(count > 14 ? 'over' : 'within', [`refs=${count}`]);
    return casesIn(claim).map((one) => ({
      ...one,
      request: { ...one.request, json: { count, more } },
    }));
  });
}

function pairsOf(
  cases: readonly Case[],
  left: (count: number) => number,
  right: (count: number) => number,
): readonly Pair[] {
  const side = (statusOf: (count: number) => number) => ({
    leftOut: [],
    shown: new Map(
      cases.flatMap((one) => {
        const status = statusOf(Number(one.name.slice('refs='.length)));
        const verdict = status === 429 ? { verdict: UNDECIDED } : {};
        const shown = shownBy(
          [evidenceOf(one, { observed: { status }, ...verdict })],
          () => undefined,
        );
        return shown === undefined ? [] : [[`${one.claim}/${one.name}`, shown] as const];
      }),
    ),
  });
  return compareSides(side(left), side(right));
}

const upTo = (most: number) => (count: number) => (count > most ? 400 : 200);

function found(
  cases: readonly Case[],
  left: (count: number) => number,
  right: (count: number) => number,
): readonly string[] {
  const caseOf = (claim: string, name: string) =>
    cases.find((one) => one.claim === claim && one.name === name);
  return limitDifferences(pairsOf(cases, left, right), caseOf).map((one) =>
    limitSentence(one, NAMES),
  );
}

test('a limit that two claims touch is said to differ in one sentence', () => {
  expect(found(casesOf([1, 2, 14, 15, 16]), upTo(14), upTo(15))).toEqual([
    'refs: production accepts 14 and refuses 15, official accepts 15 and refuses 16',
  ]);
});

test('a side on which nothing was refused has no limit within what was tried', () => {
  expect(found(casesOf([1, 14, 15]), upTo(14), upTo(64))).toEqual([
    'refs: production accepts 14 and refuses 15, official accepts 15 and refuses nothing that was tried',
  ]);
});

test('the same limit is no difference', () => {
  expect(found(casesOf([1, 14, 15]), upTo(14), upTo(14))).toEqual([]);
});

test('a side that refuses everything, or smaller values than it accepts, shows no limit', () => {
  const cases = casesOf([1, 14, 15]);
  expect(found(cases, upTo(14), () => 500)).toEqual([]);
  expect(found(cases, upTo(14), (count) => (count === 1 ? 400 : 200))).toEqual([]);
});

test('what was undecided says nothing of a limit', () => {
  expect(found(casesOf([1, 14, 15]), upTo(14), (count) => (count === 15 ? 429 : 200))).toEqual([]);
});

test('cases that send something else besides the number are not one limit', () => {
  const cases = [...casesOf([1, 14], 'png'), ...casesOf([15], 'webp')];
  expect(found(cases, upTo(14), upTo(15))).toEqual([]);
});
