import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGateway, aligned, asks, TEN_CENTS } from './charging.fixture.ts';
import {
  aClaim,
  answered,
  type Behaviour,
  fine,
  givenClaim,
  idOf,
  runOf,
  verdicts,
} from './engine.fixture.ts';
import { storedPrice } from '../domain/spent.ts';
import { storedBy } from './stored.fixture.ts';

describe('what comes later than the plan has it', () => {
  /** A gateway on which everything but what is named has to be sent twice. */
  const hurried =
    (calm: readonly string[], behave: Behaviour = fine): Behaviour =>
    async (json, round, signal) =>
      round === 0 && !calm.includes(idOf(json)) ? answered(503) : await behave(json, round, signal);
  const ordinary = ['b', 'c', 'd', 'e'].map((id) => aClaim(id, { usd: 0.1 }));

  it('for its controls, is not left without a budget by the retries of what is sent meanwhile', async () => {
    const claims = [
      aClaim('a', { usd: 0.1 }),
      aClaim('a.waits', { usd: 0.1, given: [givenClaim('s/a')] }),
      ...ordinary,
    ];
    const { run } = await runOf(claims, hurried(['a', 'a.waits']), {
      target: { budget: { usd: 0.6 }, concurrency: 1 },
    });
    expect(verdicts(run)).toMatchObject({ a: 'pass', 'a.waits': 'pass' });
    expect(run.usd).toBeLessThanOrEqual(0.6);
  });

  it('for its key alone, is not either', async () => {
    const { behave, ports } = aGateway();
    const claims = [aClaim('a', { usd: 0.1, request: asks('a'), expect: aligned }), ...ordinary];
    const { run } = await runOf(claims, hurried(['a'], behave), {
      target: { budget: { usd: 0.5, requests: 5 } },
      ports,
    });
    expect(verdicts(run)).toMatchObject({ a: 'pass' });
    expect(run.requests).toBeLessThanOrEqual(5);
  });
});

it('what a failed control never asks for pays for others, and what even that does not reach is left out with whoever waits for it', async () => {
  const claims = [
    aClaim('a', { usd: 0.1 }),
    aClaim('a.waits', { usd: 0.1, given: [givenClaim('s/a')] }),
    aClaim('b', { usd: 0.1 }),
    aClaim('c', { usd: 0.1 }),
    aClaim('c.waits', { usd: 0.1, given: [givenClaim('s/c')] }),
  ];
  // The first one is sent three times and still tells nothing.
  const behave: Behaviour = (json, round, signal) =>
    idOf(json) === 'a' ? answered(503) : fine(json, round, signal);
  const { run, events } = await runOf(claims, behave, {
    target: { budget: { usd: 0.5 }, concurrency: 1 },
  });
  expect(verdicts(run)).toEqual({ a: 'unavailable', 'a.waits': 'given', b: 'pass', c: 'pass' });
  expect(run.leftOut).toEqual([{ claim: 's/c.waits', case: '', reason: 'budget' }]);
  expect(run.usd).toBe(0.5);
  const settled = events.flatMap((one) => (one.kind === 'settled' ? [one.exchange.id] : []));
  expect(settled).toHaveLength(5);
  expect(new Set(settled).size).toBe(5);

  const tight = await runOf(claims.slice(0, 4), behave, {
    target: { budget: { usd: 0.4 }, concurrency: 1 },
  });
  expect(verdicts(tight.run)).toEqual({ a: 'unavailable', 'a.waits': 'given', b: 'pass' });
  expect([tight.run.leftOut.length, tight.run.usd]).toEqual([1, 0.4]);
});

describe('a budget', () => {
  const KINDS = ['plain', 'repeated', 'waits', 'charged'] as const;
  const piece = fc.record({
    kind: fc.constantFrom(...KINDS),
    cents: fc.integer({ min: 1, max: 9 }),
    /** How it is answered, time after time. */
    statuses: fc.array(fc.constantFrom(200, 200, 200, 503, 400, 401), { minLength: 1 }),
  });
  const trials = { of: 12, atLeast: 0.8, confidence: 0.8 };

  it('is never exceeded, with retries, trials, controls and charges at once, and after a run that was cut short', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(30),
        async (pieces, cents, concurrency, upTo) => {
          const claims = pieces.map(({ kind, cents: price }, at) =>
            aClaim(`c${at}`, {
              usd: price / 100,
              request: asks(`c${at}`),
              ...(kind === 'repeated' && { trials }),
              ...(kind === 'waits' && at > 0 && { given: [givenClaim(`s/c${at - 1}`)] }),
              ...(kind === 'charged' && { expect: aligned }),
            }),
          );
          const pieceOf = (id: string) => pieces[Number(id.slice(1))];
          let sentCents = 0;
          const gateway = () => {
            const quotaOf = (id: string) => (pieceOf(id)?.cents ?? 0) * (TEN_CENTS / 10);
            const { behave, ports } = aGateway({}, (id) => [{ quota: quotaOf(id) }]);
            const answer: Behaviour = (json, round, signal) => {
              const { statuses = [200], cents: price = 0, kind } = pieceOf(idOf(json)) ?? {};
              const status = statuses[round % statuses.length] ?? 200;
              // What is refused is charged nothing, and where that is measured it costs nothing.
              if (status === 200 || kind !== 'charged') sentCents += price;
              return status === 200 ? behave(json, round, signal) : answered(status);
            };
            return { answer, ports };
          };
          const target = { budget: { usd: cents / 100 }, concurrency };
          const before = gateway();
          const first = await runOf(claims, before.answer, { target, ports: before.ports });
          expect(sentCents).toBeLessThanOrEqual(cents);
          const earlier = storedBy(first, upTo);
          const { usd } = storedPrice(earlier.exchanges, earlier.evidence);
          sentCents = Math.round(usd * 100);
          const then = gateway();
          const rest = await runOf(claims, then.answer, { target, ports: then.ports, earlier });
          expect(sentCents).toBeLessThanOrEqual(cents);
          expect(Math.round(rest.run.usd * 1e6)).toBeLessThanOrEqual(cents * 1e4);
        },
      ),
      { numRuns: 150 },
    );
  });
});
