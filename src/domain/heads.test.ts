import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { measuredLast } from '../engine/expected.ts';
import type { PlannedExchange } from '../engine/sharing.ts';
import { aTarget } from '../engine/engine.fixture.ts';
import type { Case, Claim, Suite, Table } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  NOW,
  PASS,
  UNDECIDED,
  casesIn,
  derivedClaim,
  digestOf,
  evidenceOf,
  isoOf,
  need,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { gone } from './gone.ts';
import { type DueQuestion, aliasesSeen, dueness } from './due.ts';
import { gate } from './gate.ts';
import { addRun, type HeadsByCase, headsIn, headsOf, triesSince } from './heads.ts';
import {
  type Remembered,
  evidenceOf as knownOf,
  everDecided,
  everTried,
  isDecided,
  isKnown,
  newestDeciding,
  wasDecided,
} from './standing.ts';
import { newShapes } from './news.ts';
import { suiteStatus } from './status.ts';
import { isProven, saidTables } from './word.ts';

const trials = { of: 3, atLeast: 0.5, confidence: 0.6 };
const place = { file: 'suites/s.yaml', line: 1, column: 1 };

/** The same claim, decided by an interval. */
function repeated(claim: Claim): Claim {
  const once = casesIn(claim);
  return {
    ...claim,
    basis: { kind: 'sent', cases: once.map((one) => ({ ...one, trials: { ...trials, place } })) },
  };
}

const claims = [
  withModel(sentClaim('one')),
  repeated(sentClaim('rate')),
  sentClaim('two', ['n=1', 'n=2']),
  sentClaim('gone'),
  derivedClaim('varied', [[need('two', ['n=1', 'n=2']), { differ: 'image.at' }]]),
];
const cases = claims.flatMap(casesIn);
const [first, , second, third] = cases as [Case, Case, Case, Case];
const withdrawn = casesIn(sentClaim('withdrawn', ['n=1', 'n=2']));
const table: Table = {
  under: 'Status',
  key: ['Item'],
  owns: 'Status',
  place,
  rows: ['one', 'rate', 'two', 'varied', 'gone'].map((id) => ({
    key: [id],
    needs: [need(id, id === 'two' ? ['n=1', 'n=2'] : [''])],
    from: ['local'],
    words: { holds: 'yes', else: 'no' },
    place,
  })),
};
const suite: Suite = {
  id: 's',
  title: 's',
  file: 'suites/s.yaml',
  pages: { en: 'en/s.mdx' },
  claims,
  tables: [table],
};
const sharing: PlannedExchange = {
  id: 'p',
  target: aTarget(),
  request: first.request,
  cases: [first, second].map((one) => ({
    claim: claims[0] ?? sentClaim('one'),
    case: one,
    written: one,
    digest: digestOf(one),
    sentence: '',
    isControl: false,
  })),
  after: [],
  usd: 0.05,
  requests: 1,
  worst: { usd: 0.05, requests: 1 },
};

const gated = claims.map((claim) => ({
  claim,
  cases: claim.basis.kind === 'sent' ? casesIn(claim).map(({ name }) => name) : [''],
  target: 'local',
  against: 'production',
  isBound: true,
}));

/** A claim whose cases name a model, as most do. */
function withModel(claim: Claim): Claim {
  const made = casesIn(claim).map((one) => ({
    ...one,
    request: { ...one.request, json: { model: 'm' } },
  }));
  return { ...claim, basis: { kind: 'sent', cases: made } };
}

const HOUR_MS = 3_600_000;

/** Runs as their files have them: several at the same time, edited cases, second trials, undecided ones, a clock that was wrong. */
const ledgers = fc.array(
  fc.array(
    fc.record({
      aCase: fc.constantFrom(...cases, ...withdrawn),
      trial: fc.constantFrom(1, 2, 3),
      hours: fc.constantFrom(-2000, -1000, -800, -800, -3, -3, -2, -1, 0, 100, 2000),
      verdict: fc.constantFrom(PASS, PASS, FAIL, UNDECIDED, UNDECIDED),
      digest: fc.constantFrom(undefined, undefined, undefined, 'edited'),
      at: fc.constantFrom('inline-data', 'hosted-url'),
      usd: fc.constantFrom(0.01, 0.02, 0.05),
      isMeasured: fc.boolean(),
      isElsewhere: fc.constantFrom(false, false, false, true),
      isProbe: fc.constantFrom(false, false, true),
      more: fc.constantFrom({}, { ms: 5 }, { alias: 'x' }, { alias: 'y', gatewayVersion: 'v1' }),
    }),
    { maxLength: 12 },
  ),
  { maxLength: 24 },
);
type Pieces = typeof ledgers extends fc.Arbitrary<infer Value> ? Value : never;

function written(runs: Pieces): readonly (readonly Evidence[])[] {
  return runs.map((pieces, at) =>
    pieces.map((piece, index): Evidence => {
      const run = `r${String(at).padStart(2, '0')}`;
      const target = piece.isElsewhere ? 'production' : 'local';
      return {
        ...evidenceOf(piece.aCase, {
          run,
          trial: piece.trial,
          at: isoOf(NOW + piece.hours * HOUR_MS),
          verdict: piece.verdict,
          observed: { 'image.at': piece.at },
          target: { name: target, grade: 'live', host: 'h' },
          exchange: `${run}.x${index}`,
          usd: piece.usd,
          ...piece.more,
          ...(piece.isMeasured && { measured: true as const }),
          // No limit is searched by trials.
          ...(piece.aCase.trials ? { trials } : piece.isProbe && { probe: true }),
        }),
        id: `${run}.${index}`,
        digest: piece.digest ?? digestOf(piece.aCase),
      };
    }),
  );
}

const WATCH = {
  suites: new Set(['s']),
  targets: new Set(['local', 'production']),
  sentenceOf: ({ says }: Claim) => says,
};

/** The answer to every question that an everyday verb asks. */
function answers(evidence: readonly Evidence[], now: number): unknown {
  const remembered = remember(claims, evidence, now);
  const tables = saidTables(suite, remembered);
  return [
    suiteStatus(suite, ['local', 'production'], remembered),
    tables.map((one) => isProven(one, remembered)),
    ['s/one', 's/rate', 's/two', 's/gone', 's/withdrawn', 's/never'].map((id) => [
      everDecided(id, 'local', remembered),
      everTried(id, 'local', remembered),
    ]),
    newShapes(
      'r03',
      cases.map((one) => evidenceOf(one)),
      remembered,
    ),
    gate(gated, [], [], remembered),
    gone(WATCH, { ...remembered, claim: () => undefined }),
    measuredLast(sharing, remembered),
    cases.map((one) => {
      const known = knownOf(one, digestOf(one), 'local', remembered);
      return [
        known.at(-1),
        triesSince(known, newestDeciding(known).findLast(isDecided)),
        known.findLast(({ ms }) => ms !== undefined),
      ];
    }),
    asked(remembered),
    [
      ...aliasesSeen(
        cases.map((one) => ({ case: one, target: 'local' })),
        remembered,
      ),
    ],
    cases.map((one) => wasDecided(one, 'local', remembered)),
    gone(WATCH, remembered),
    cases.map((one) => {
      const all = evidence.filter(
        ({ claim, case: name, at, probe, verdict }) =>
          claim === one.claim &&
          name === one.name &&
          Date.parse(at) <= now + 24 * HOUR_MS &&
          (probe !== true || verdict.kind !== 'inconclusive'),
      );
      return new Set(all.map(({ target, observed }) => `${target.name} ${observed['image.at']}`));
    }),
  ];
}

/** Whether each case is due, and why. */
function asked(remembered: Remembered): unknown {
  const question: DueQuestion = {
    remembered,
    withinMs: HOUR_MS,
    gateway: { version: 'v2' },
    gatewayOf: () => undefined,
    aliases: new Map([['m /v1', 'other']]),
    sentenceOf: ({ says }) => says,
    sinceMs: NOW,
  };
  return claims.flatMap((claim) =>
    casesIn(claim).map((one) => dueness(claim, one, 'local', question)),
  );
}

/** The heads of runs that are added in this order. */
function folded(runs: readonly (readonly Evidence[])[], now: number): readonly Evidence[] {
  const index: HeadsByCase = new Map();
  for (const run of runs)
    addRun(
      index,
      run.filter((one) => isKnown(one, { now })),
    );
  return headsIn(index);
}

const idsOf = (evidence: readonly Evidence[]) => evidence.map(({ id }) => id).toSorted();

test('every question has the same answer from the heads as from all evidence, at any time', () => {
  fc.assert(
    fc.property(ledgers, fc.constantFrom(0, 0, -900, -2.5, 90), (pieces, hours) => {
      const runs = written(pieces);
      const now = NOW + hours * HOUR_MS;
      const heads = folded(runs, now);
      expect(answers(heads, now)).toEqual(answers(runs.flat(), now));
      expect(idsOf(folded(runs.toReversed(), now))).toEqual(idsOf(heads));
    }),
    { numRuns: 500 },
  );
});

test('heads of what was known later serve any clock at which all of it was known', () => {
  fc.assert(
    fc.property(ledgers, (pieces) => {
      const runs = written(pieces);
      const later = NOW + 5000 * HOUR_MS;
      expect(answers(folded(runs, later), later)).toEqual(answers(runs.flat(), later));
    }),
  );
});

test('a claim that is tried every night has no more heads after a year than after a month', () => {
  const nights = (count: number) =>
    folded(
      Array.from({ length: count }, (_, night) => [
        evidenceOf(third, {
          run: `r${String(night).padStart(3, '0')}`,
          at: isoOf(NOW - (count - night) * 24 * HOUR_MS),
          verdict: night % 3 === 0 ? PASS : UNDECIDED,
          observed: { status: night % 3 === 0 ? 200 : 429, ms: night },
        }),
      ]),
      NOW,
    );
  expect(nights(365)).toHaveLength(nights(32).length);
});

test('more shapes than an honest answer has are not all remembered', () => {
  const all = Array.from({ length: 500 }, (_, at) =>
    evidenceOf(first, {
      run: `r${String(at).padStart(3, '0')}`,
      at: isoOf(NOW + at),
      observed: { alias: String(at) },
    }),
  );
  const heads = headsOf(all);
  expect(heads).toHaveLength(65);
  expect([...heads.slice(0, 64), all.at(-1)]).toEqual(heads);
  expect(heads.slice(0, 64)).toEqual(all.slice(0, 64));
});

test('of what stays undecided, the last sixteen runs count since something was decided', () => {
  const runs = (count: number, verdict: Evidence['verdict']) =>
    Array.from({ length: count }, (_, at) =>
      evidenceOf(first, {
        run: `r${String(at + 1).padStart(3, '0')}`,
        at: isoOf(NOW + (at + 1) * HOUR_MS),
        verdict,
      }),
    );
  const decided = evidenceOf(first, { run: 'r000', at: isoOf(NOW) });
  expect(triesSince([decided], decided)).toEqual([]);
  expect(triesSince([decided, ...runs(3, UNDECIDED)], decided)).toEqual(runs(3, UNDECIDED));
  expect(triesSince([decided, ...runs(40, UNDECIDED)], decided)).toEqual(
    runs(40, UNDECIDED).slice(-16),
  );
  const late = [...runs(3, UNDECIDED), ...runs(4, PASS).slice(3)];
  expect(triesSince(late, late.at(-1))).toEqual([]);
  expect(triesSince(runs(3, UNDECIDED), undefined)).toEqual(runs(3, UNDECIDED));
});
