import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGateway, aligned, asks } from './charging.fixture.ts';
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
import { makePurse } from './limits.ts';

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

describe('what is set aside in a purse', () => {
  it('is there for whom it was set aside, whatever the others pay, and never more than the budget is spent', () => {
    const cents = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(
        fc.array(cents, { minLength: 1, maxLength: 5 }),
        fc.array(fc.record({ who: fc.integer({ min: -1, max: 4 }), price: cents })),
        cents,
        (asides, payments, more) => {
          const total = asides.reduce((sum, one) => sum + one, 0) + more;
          const purse = makePurse({ usd: total / 100, requests: 1000 });
          const reserves = asides.map((one) => purse.setAside({ usd: one / 100, requests: 1 }));
          for (const { who, price } of payments) {
            const own = reserves[who];
            const left = asides[who] ?? 0;
            const paid = (own?.purse ?? purse).pay(price / 100);
            if (own !== undefined && price <= left) expect(paid).toBe(true);
            if (own !== undefined) asides[who] = Math.max(0, left - price);
            expect(Math.round(purse.spent().usd * 100)).toBeLessThanOrEqual(total);
          }
          for (const { letGo } of reserves) letGo();
          expect(purse.pay(total / 100 - purse.spent().usd)).toBe(true);
        },
      ),
    );
  });
});
