import { describe, expect, it } from 'vitest';
import type { Case, Claim } from './claim.ts';
import { type DueQuestion, type Dueness, aliasesSeen, dueness } from './due.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  NOW,
  PASS,
  UNDECIDED,
  casesIn,
  daysAgo,
  evidenceOf,
  isoOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { sentenceOf } from './gateway.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CLAIM = sentClaim('a', [''], { model: 'm' });
const [CASE = {} as Case] = casesIn(CLAIM);

function asked(
  evidence: readonly Evidence[],
  over: Partial<DueQuestion> & { readonly claim?: Claim; readonly now?: number } = {},
): Dueness {
  const { claim = CLAIM, now = NOW, ...rest } = over;
  const [one = CASE] = casesIn(claim);
  return dueness(claim, one, 'local', {
    remembered: remember([claim], evidence, now),
    withinMs: 0,
    gateway: {},
    gatewayOf: () => undefined,
    aliases: new Map(),
    sentenceOf: ({ says }) => says,
    sinceMs: now,
    ...rest,
  });
}

function reasons(found: Dueness): readonly string[] {
  return found.kind === 'due' ? found.reasons.map(({ kind }) => kind) : [found.kind];
}

function decided(more: Partial<Evidence> = {}): Evidence {
  return evidenceOf(CASE, more);
}

describe('a case is due', () => {
  it('when nothing was ever decided of it', () => {
    expect(reasons(asked([]))).toEqual(['unproven']);
  });

  it('once it is stale, and before that within the time that is asked for', () => {
    const at = daysAgo(29.5);
    expect(reasons(asked([decided({ at })]))).toEqual(['fresh']);
    expect(reasons(asked([decided({ at })], { withinMs: DAY_MS }))).toEqual(['soon']);
    expect(reasons(asked([decided({ at: daysAgo(30.5) })]))).toEqual(['stale']);
  });

  it('when it is broken and that was long ago, though its standing does not go stale', () => {
    const old = decided({ at: daysAgo(31), verdict: FAIL });
    expect(reasons(asked([old]))).toEqual(['stale']);
  });

  it('when it was edited', () => {
    expect(reasons(asked([decided({ digest: 'of yesterday' })]))).toEqual(['edited']);
  });

  it('when it is unstable, but not again in the same night', () => {
    const trials = (hours: number) => {
      const at = isoOf(NOW - hours * HOUR_MS);
      return [decided({ at, verdict: FAIL }), decided({ at, trial: 2 })];
    };
    expect(asked(trials(1))).toMatchObject({ kind: 'waiting', untilMs: NOW + 11 * HOUR_MS });
    expect(reasons(asked(trials(13)))).toEqual(['unstable']);
  });

  it('when the gateway says another version than the answer or the run of its evidence', () => {
    const gateway = { version: 'v2' };
    const answered = decided({ gatewayVersion: 'v1' });
    expect(asked([answered], { gateway })).toMatchObject({
      reasons: [{ kind: 'version', from: 'v1', to: 'v2' }],
    });
    const gatewayOf = () => ({ version: 'v1' });
    expect(reasons(asked([decided()], { gateway, gatewayOf }))).toEqual(['version']);
    expect(reasons(asked([decided({ gatewayVersion: 'v2' })], { gateway, gatewayOf }))).toEqual([
      'fresh',
    ]);
    expect(reasons(asked([decided()], { gateway }))).toEqual(['fresh']);
    expect(reasons(asked([answered]))).toEqual(['fresh']);
  });

  it('when its alias was seen to lead elsewhere since, by another case of the same model and path', () => {
    const other = sentClaim('b', [''], { model: 'm' });
    const [otherCase = CASE] = casesIn(other);
    const json = { model: 'nano' };
    const alike = (claim: Claim, one: Case): [Claim, Case] => {
      const mine = { ...one, request: { ...one.request, json } };
      return [{ ...claim, basis: { kind: 'sent', cases: [mine] } }, mine];
    };
    const [claim, one] = alike(CLAIM, CASE);
    const [, two] = alike(other, otherCase);
    const evidence = [
      evidenceOf(one, { at: daysAgo(2), alias: 'old' }),
      evidenceOf(two, { at: daysAgo(1), run: 'r2', alias: 'new' }),
    ];
    const remembered = remember([claim], evidence);
    const cases = [one, two].map((each) => ({ case: each, target: 'local' }));
    const aliases = aliasesSeen(cases, remembered);
    expect(asked(evidence, { claim, remembered, aliases })).toMatchObject({
      reasons: [{ kind: 'alias', from: 'old', to: 'new' }],
    });
    const elsewhere = { ...two, request: { ...two.request, path: '/v2' } };
    const apart = [one, elsewhere].map((each) => ({ case: each, target: 'local' }));
    expect(
      reasons(asked(evidence, { claim, remembered, aliases: aliasesSeen(apart, remembered) })),
    ).toEqual(['fresh']);
  });

  it('when the price of its model moved, if it is about what was charged', () => {
    const place = { file: 'suites/s.yaml', line: 1, column: 1 };
    const request = { ...CASE.request, json: { model: 'm' } };
    const charged = { ...CASE, request, expect: [{ kind: 'charged', value: 'aligned', place }] };
    const claim: Claim = { ...CLAIM, basis: { kind: 'sent', cases: [charged] } };
    const prices = (m: string) => ({ prices: { m } });
    const gatewayOf = () => prices('model_price 1');
    const evidence = [evidenceOf(charged)];
    const moved = { claim, gatewayOf, gateway: prices('model_price 2') };
    expect(asked(evidence, moved)).toMatchObject({ reasons: [{ kind: 'price', model: 'm' }] });
    expect(reasons(asked(evidence, { ...moved, gateway: prices('model_price 1') }))).toEqual([
      'fresh',
    ]);
    expect(reasons(asked([decided()], { ...moved, claim: CLAIM }))).toEqual(['fresh']);
  });

  it('when the docs say something else of it', () => {
    expect(reasons(asked([decided({ sentence: 'of yesterday' })]))).toEqual(['sentence']);
    expect(reasons(asked([decided({ sentence: CLAIM.says })]))).toEqual(['fresh']);
  });
});

describe('what was tried in vain', () => {
  /** Undecided on these days ago, each by a run of its own. */
  const vain = (...days: readonly number[]) =>
    days.map((one, at) => decided({ run: `r${at + 2}`, at: daysAgo(one), verdict: UNDECIDED }));

  it('waits as long again as it was tried by then', () => {
    expect(asked(vain(0.1))).toMatchObject({ kind: 'waiting', untilMs: NOW + 9.6 * HOUR_MS });
    expect(reasons(asked(vain(1)))).toEqual(['unproven']);
    expect(reasons(asked(vain(3, 1)))).toEqual(['waiting']);
    expect(reasons(asked(vain(4, 2)))).toEqual(['unproven']);
  });

  it('never waits longer than its freshness', () => {
    expect(reasons(asked(vain(100, 29)))).toEqual(['waiting']);
    expect(reasons(asked(vain(100, 31)))).toEqual(['unproven']);
  });

  it('does not wait where the gateway is another one since', () => {
    const last = { ...decided({ at: daysAgo(0.1), verdict: UNDECIDED }), gatewayVersion: 'v1' };
    expect(reasons(asked([last], { gateway: { version: 'v2' } }))).toEqual(['unproven']);
  });

  it('counts from the last decision on', () => {
    const at = daysAgo(31);
    const late = vain(0.2);
    expect(reasons(asked([...vain(60), decided({ run: 'r9', at }), ...late]))).toEqual(['waiting']);
    expect(reasons(asked([...vain(60), decided({ run: 'r9', at })]))).toEqual(['stale']);
  });
});

describe('a series of trials', () => {
  const trials = { of: 3, atLeast: 0.9, confidence: 0.6 };
  const place = { file: 'suites/s.yaml', line: 1, column: 1 };
  const repeated = { ...CASE, trials: { ...trials, place } };
  const claim: Claim = { ...CLAIM, basis: { kind: 'sent', cases: [repeated] } };
  const series = (...verdicts: readonly Evidence['verdict'][]) =>
    verdicts.map((verdict, at) =>
      evidenceOf(repeated, { at: daysAgo(0.1), trial: at + 1, trials, verdict }),
    );

  it('that is through and still open waits like all that was tried in vain, whatever its last trial said', () => {
    expect(reasons(asked(series(PASS, UNDECIDED, PASS), { claim }))).toEqual(['waiting']);
    expect(reasons(asked(series(PASS, PASS, UNDECIDED), { claim }))).toEqual(['waiting']);
  });

  it('that its interval leaves unsure to the end waits for half of its freshness, not each night anew at full price', () => {
    const asks = { of: 40, atLeast: 0.9, confidence: 0.9 };
    const varying: Case = { ...CASE, trials: { ...asks, place } };
    const one: Claim = { ...CLAIM, basis: { kind: 'sent', cases: [varying] } };
    const made = (days: number) =>
      Array.from({ length: 40 }, (_, at) =>
        evidenceOf(varying, {
          at: daysAgo(days),
          trial: at + 1,
          trials: asks,
          verdict: at % 8 === 7 ? FAIL : PASS,
        }),
      );
    expect(asked(made(14), { claim: one })).toMatchObject({
      kind: 'waiting',
      untilMs: NOW + DAY_MS,
    });
    expect(reasons(asked(made(16), { claim: one }))).toEqual(['unstable']);
  });

  it('that was cut short is due at once', () => {
    expect(reasons(asked(series(PASS, PASS), { claim }))).toEqual(['unproven']);
  });
});

describe('over many nights', () => {
  /** Nights on which each due case takes a slot, those with the highest age first; the first `dead` ones never decide. */
  function turnsOf(freshDays: readonly number[], dead: number, slots: number, nights: number) {
    const claims = freshDays.map((days, at) => ({
      ...sentClaim(`c${at}`),
      freshMs: days * DAY_MS,
    }));
    let evidence: readonly Evidence[] = [];
    const turns = claims.map((): number[] => []);
    for (let night = 0; night < nights; night += 1) {
      const now = NOW + night * DAY_MS;
      const due = claims.flatMap((one, at) => {
        const found = asked(
          evidence.filter((piece) => piece.claim === `s/c${at}`),
          { claim: one, now, withinMs: DAY_MS, sinceMs: NOW },
        );
        return found.kind === 'due' ? [{ at, age: found.age }] : [];
      });
      const served = due.toSorted((a, b) => b.age - a.age).slice(0, slots);
      evidence = [
        ...evidence,
        ...served.flatMap(({ at }) => {
          const [one] = casesIn(claims[at] ?? CLAIM);
          const verdict = at < dead ? UNDECIDED : PASS;
          const run = `r${String(night).padStart(4, '0')}`;
          turns[at]?.push(night);
          return one === undefined ? [] : [evidenceOf(one, { at: isoOf(now), run, verdict })];
        }),
      ];
    }
    return turns;
  }

  it('what never decides leaves room for the rest, though it takes a turn each night', () => {
    const turns = turnsOf([1, 1, 30], 2, 2, 200);
    expect(turns[2]?.length).toBeGreaterThanOrEqual(4);
  });

  it('what is fresh for an hour does so as well', () => {
    const turns = turnsOf([1 / 24, 1 / 24, 30], 0, 2, 200);
    expect(turns[2]?.length).toBeGreaterThanOrEqual(4);
  });
});

describe('the age of what is due', () => {
  it('is counted in times of its freshness, since its last decision', () => {
    expect(asked([decided({ at: daysAgo(45) })])).toMatchObject({ age: 1.5 });
  });

  it('of what was never decided counts from the first attempt, or since the target is known', () => {
    const tried = decided({ at: daysAgo(15), verdict: UNDECIDED });
    expect(asked([tried])).toMatchObject({ age: 0.5 });
    expect(asked([], { sinceMs: NOW - 60 * DAY_MS })).toMatchObject({ age: 2 });
  });
});

describe('the fingerprint of a sentence', () => {
  const sha256 = (text: string) => text;
  const said = (over: Partial<Claim>) => sentenceOf({ ...CLAIM, ...over }, sha256);

  it('changes with what is said, not with the day on which it was', () => {
    const documented = { as: 'holds', under: 'Limits' } as const;
    expect(sentenceOf({ ...CLAIM, documented }, (text) => `0123456789abcdef${text}`)).toBe(
      '0123456789abcdef',
    );
    const long = (claim: Partial<Claim>) => sentenceOf({ ...CLAIM, ...claim }, hashed);
    expect(long({ says: 'b' })).not.toBe(long({}));
    expect(long({ documented })).not.toBe(long({}));
    expect(long({ documented: { ...documented, asserted: '2026-03-30' } })).toBe(
      long({ documented }),
    );
    expect(said({})).toHaveLength(16);
  });
});

/** A text that differs early where texts differ anywhere. */
function hashed(text: string): string {
  let hash = 0n;
  for (const sign of text) hash = BigInt.asUintN(64, hash * 31n + BigInt(sign.codePointAt(0) ?? 0));
  return hash.toString(16).padStart(16, '0');
}
