import { describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/exchange.ts';
import type { Trials } from '../domain/claim.ts';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  aTarget,
  type Behaviour,
  type ClaimParts,
  fine,
  givenClaim,
  idOf,
  lookup,
  runOf,
  sha256,
  verdicts,
} from './engine.fixture.ts';
import { writeImage } from '../image/write.ts';
import { plan, worstCase } from './plan.ts';
import { storedBy } from './stored.fixture.ts';
import { aGateway, aligned, asks as asksFor, exchangesOf } from './charging.fixture.ts';

const trials: Trials = { of: 40, atLeast: 0.9, confidence: 0.9 };
const same = aRequest({ id: 'same' });
const repeated = (id: string, parts: ClaimParts = {}) =>
  aClaim(id, { trials, request: same, ...parts });
/** Fails on every n-th sending of one request. */
const failingEach =
  (n: number, failure: Outcome = answered(500)): Behaviour =>
  (_, round) =>
    (round + 1) % n === 0 ? failure : answered(200);

describe('a case that an interval decides', () => {
  it('is tried until the rate is shown, with a line of evidence for each trial', async () => {
    const { run, seen } = await runOf([repeated('a', { usd: 0.01 })], fine);
    expect(run.cases[0]).toMatchObject({
      verdict: { kind: 'pass' },
      trials: 28,
      contradicts: false,
      rate: { passed: 28, decided: 28, ...trials },
    });
    expect(run).toMatchObject({ requests: 28, exchanges: 28, usd: expect.closeTo(0.28) as number });
    const evidence = seen.lines.flatMap((line) => ('evidence' in line ? [line.evidence] : []));
    expect(evidence.map(({ trial }) => trial)).toEqual(
      Array.from({ length: 28 }, (_, at) => at + 1),
    );
    expect(new Set(evidence.map(({ exchange }) => exchange)).size).toBe(28);
    expect(evidence[27]).toMatchObject({ trials });
    // Each is kept before the next is sent.
    expect(seen.lines.map((line) => ('exchange' in line ? 'x' : 'e')).join('')).toBe(
      'xe'.repeat(28),
    );
  });

  it('fails once a lower rate is shown, and contradicts by that alone', async () => {
    const { run } = await runOf([repeated('a')], failingEach(2));
    const [one] = run.cases;
    expect(one).toMatchObject({ contradicts: true, verdict: { kind: 'fail' } });
    expect(one?.trials).toBeLessThan(12);
    expect(one?.verdict).toMatchObject({
      findings: [
        { expectation: 'trials', actual: `${one?.rate?.passed} of ${one?.trials} passed` },
        {},
      ],
    });
  });

  it('that fails now and then is no contradiction, nor is its first failing trial a surprise', async () => {
    const { run, events } = await runOf([repeated('a')], (_, round) =>
      answered(round === 0 ? 500 : 200),
    );
    expect(run.cases[0]).toMatchObject({ verdict: { kind: 'pass' }, contradicts: false });
    expect(events.filter((event) => 'surprises' in event && event.surprises)).toEqual([]);
  });

  it('is unsure where all trials show neither', async () => {
    const { run } = await runOf([repeated('a')], failingEach(10));
    expect(verdicts(run)).toEqual({ a: 'unsure' });
    expect(run.cases[0]?.contradicts).toBe(false);
  });

  it('does not count what could not be told, and gives up after five such in a row', async () => {
    const mixed = await runOf([repeated('a')], failingEach(3, answered(401)));
    expect(mixed.run.cases[0]?.rate).toMatchObject({ passed: 27, decided: 27 });
    expect(mixed.run.cases[0]).toMatchObject({ trials: 40, verdict: { cause: 'unauthorized' } });
    const refused = await runOf([repeated('a')], () => answered(401));
    expect(verdicts(refused.run)).toEqual({ a: 'unauthorized' });
    expect(refused.seen.sent).toHaveLength(5);
  });

  it('without trials is never retried until it passes', async () => {
    const { run, seen } = await runOf([aClaim('a')], (_, round) => answered(round < 5 ? 500 : 200));
    expect(seen.sent).toHaveLength(2);
    expect(run.cases[0]).toMatchObject({ verdict: { kind: 'fail' }, trials: 2 });
  });
});

describe('an exchange of several cases', () => {
  it('goes on for those whose interval is open, and judges the others no more', async () => {
    const claims = [
      repeated('a'),
      repeated('b', { trials: { of: 30, atLeast: 0.8, confidence: 0.9 } }),
      aClaim('plain', { request: same }),
      aClaim('odd', { request: same, expect: [anExpectation('status', [418])] }),
    ];
    const { run, seen } = await runOf(claims, fine);
    expect(seen.sent).toHaveLength(28);
    const made = Object.fromEntries(run.cases.map((one) => [one.claim, one.trials]));
    expect(made).toEqual({ 's/a': 28, 's/b': expect.any(Number), 's/plain': 2, 's/odd': 2 });
    expect(made['s/b']).toBeLessThan(20);
  });

  it('is measured only while a case asks for its charge', async () => {
    const { key, behave, ports } = aGateway();
    const claims = [
      repeated('a', { request: asksFor('a') }),
      aClaim('charged', { request: asksFor('a'), expect: aligned }),
    ];
    const made = await runOf(claims, behave, { ports });
    expect(verdicts(made.run)).toEqual({ a: 'pass', charged: 'pass' });
    expect(exchangesOf(made)).toHaveLength(28);
    expect(exchangesOf(made).filter(({ usage }) => usage !== undefined)).toHaveLength(1);
    expect(key.source.asked()).toBeLessThan(28);
  });
});

describe('a control that an interval decides', () => {
  const asks = (request = aRequest({ id: 'asks' })) =>
    aClaim('asks', { request, given: [givenClaim('s/a')] });

  it('passes when the interval says so, though its last trial failed', async () => {
    const { run } = await runOf([repeated('a'), asks()], (json, round) =>
      answered(idOf(json) === 'same' && round === 2 ? 500 : 200),
    );
    expect(verdicts(run)).toEqual({ a: 'pass', asks: 'pass' });
  });

  it('that is unsure lets nothing be judged', async () => {
    const { run, seen } = await runOf([repeated('a'), asks()], (json, round) =>
      answered(idOf(json) === 'same' && round % 10 === 9 ? 500 : 200),
    );
    expect(verdicts(run)).toEqual({ a: 'unsure', asks: 'given' });
    expect(seen.sent.filter(({ body }) => String(body).includes('asks'))).toEqual([]);
  });

  it('is waited for by who would share its exchange: that is sent on its own', async () => {
    const { run, seen } = await runOf([repeated('a'), asks(same)], fine);
    expect(verdicts(run)).toEqual({ a: 'pass', asks: 'pass' });
    expect(seen.sent).toHaveLength(29);
  });

  it('unmet is no reason to try a series again and again', async () => {
    const claims = [aClaim('a'), repeated('b', { given: [givenClaim('s/a')] })];
    const { run } = await runOf(claims, () => answered(404));
    expect(verdicts(run)).toEqual({ a: 'fail', b: 'given' });
    expect(run.cases[1]).toMatchObject({ trials: 1, attempts: 0 });
  });
});

describe('a series that is cut short', () => {
  it('by the budget is undecided, and keeps what was found', async () => {
    const budget = { usd: 0.29 };
    const { run, seen } = await runOf([repeated('a', { usd: 0.01 })], failingEach(9), {
      target: { budget },
    });
    expect(run.cases[0]).toMatchObject({
      verdict: {
        kind: 'inconclusive',
        cause: 'budget',
        detail: 'the budget ended before its next trial (26 of 29 passed)',
      },
      trials: 29,
      rate: { passed: 26, decided: 29 },
    });
    expect(seen.lines).toHaveLength(58);
    expect(run.usd).toBeLessThanOrEqual(0.29);
  });

  it('by an interruption says how far it came', async () => {
    const stop = new AbortController();
    const { run } = await runOf(
      [repeated('a')],
      (_, round) => {
        if (round === 6) stop.abort();
        return answered(200);
      },
      { signal: stop.signal },
    );
    expect(run.cases[0]).toMatchObject({
      verdict: { cause: 'interrupted', detail: 'the run ended before it (7 of 7 passed)' },
      rate: { passed: 7, decided: 7 },
    });
  });

  it('goes on from each line of its ledger at the trial where it was', async () => {
    const claims = [repeated('a', { usd: 0.01 })];
    const whole = await runOf(claims, failingEach(25));
    expect(whole.run.cases[0]?.verdict.kind).toBe('pass');
    for (let upTo = 0; upTo <= whole.seen.lines.length; upTo += 7) {
      const earlier = storedBy(whole, upTo);
      const before = earlier.exchanges.length;
      const { run, seen } = await runOf(
        claims,
        (json, round, signal) => failingEach(25)(json, round + before, signal),
        { earlier },
      );
      expect(seen.sent.length).toBe(whole.seen.sent.length - before);
      expect(run.cases[0]).toMatchObject({
        verdict: { kind: 'pass' },
        trials: whole.run.cases[0]?.trials,
        rate: whole.run.cases[0]?.rate,
      });
      expect(run.usd).toBeCloseTo(whole.run.usd);
    }
  });
});

describe('the plan', () => {
  const planned = (parts: ClaimParts, budget = {}) => {
    const claims = [repeated('a', { usd: 0.1, ...parts }), aClaim('b', { usd: 0.2 })];
    const target = aTarget({ budget });
    return plan({
      target,
      targetFor: () => target,
      chosen: claims.map((claim) => ({ claim, cases: [''] })),
      claims: lookup(claims),
      sha256,
      writeImage,
    });
  };

  it('says at worst all trials, each with every retry', () => {
    expect(worstCase(planned({}))).toEqual({ requests: 40 * 3 + 2 * 3, usd: 40 * 0.3 + 2 * 0.6 });
  });

  it('begins no series that the budget could not bring to a pass', () => {
    expect(planned({}, { usd: 3 }).leftOut).toEqual([]);
    expect(planned({}, { usd: 2.9 }).leftOut).toMatchObject([{ claim: 's/a', reason: 'budget' }]);
    expect(planned({}, { requests: 28 }).leftOut).toMatchObject([{ claim: 's/a' }]);
  });

  it('sends a series after what is cheaper than all its trials', () => {
    expect(planned({}).exchanges.map(({ cases }) => cases[0]?.claim.id)).toEqual(['b', 'a']);
  });
});
