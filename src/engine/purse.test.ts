import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePurse } from './purse.ts';

describe('a purse', () => {
  it('pays to the last cent, and not one more', () => {
    const purse = makePurse({ usd: 0.3 });
    expect([purse.pay(0.1), purse.pay(0.2), purse.pay(0.001)]).toEqual([true, true, false]);
    expect(purse.pay(0)).toBe(true);
    expect(purse.spent()).toEqual({ requests: 3, usd: 0.3 });
  });

  it('counts requests as well, and those that never arrived cost nothing but count', () => {
    const purse = makePurse({ requests: 2 });
    expect(purse.pay(0.1)).toBe(true);
    purse.refund(0.1);
    expect([purse.pay(0.1), purse.pay(0.1)]).toEqual([true, false]);
    expect(purse.spent()).toEqual({ requests: 2, usd: 0.1 });
  });
});

describe('a purse that pays in an order', () => {
  it('has for each what it is owed, whatever those behind it ask for, and never spends more than its budget', () => {
    const cents = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(
        fc.array(cents, { minLength: 1, maxLength: 5 }),
        fc.array(fc.record({ who: fc.nat(4), price: cents })),
        cents,
        (owed, payments, more) => {
          const total = owed.reduce((sum, one) => sum + one, 0) + more;
          const purse = makePurse({ usd: total / 100, requests: 1000 });
          const turns = purse.inOrder(owed.map((one) => ({ usd: one / 100, requests: 1 })));
          /** What those before a place may ask for beyond what they are owed, each as it likes. */
          let beyond = more;
          for (const { who, price } of payments) {
            const left = owed[who];
            const turn = turns[who];
            if (left === undefined || turn === undefined) continue;
            const isPaid = turn.pay(price / 100);
            if (price <= left && beyond >= 0) expect(isPaid).toBe(true);
            if (!isPaid) continue;
            owed[who] = Math.max(0, left - price);
            beyond -= Math.max(0, price - left);
            expect(Math.round(purse.spent().usd * 100)).toBeLessThanOrEqual(total);
          }
          for (const { end } of turns) end();
          expect(purse.pay(total / 100 - purse.spent().usd)).toBe(true);
        },
      ),
    );
  });

  it('lets who comes first go before what those behind it are owed, and not the other way round', () => {
    const purse = makePurse({ usd: 0.3 });
    const [first, second, third] = purse.inOrder(
      [0.1, 0.1, 0.1].map((usd) => ({ usd, requests: 1 })),
    );
    expect([third?.pay(0.1), third?.pay(0.1)]).toEqual([true, false]);
    expect([first?.pay(0.1), first?.pay(0.1), second?.pay(0.1)]).toEqual([true, true, false]);
  });

  it('owes nothing to who has ended', () => {
    const purse = makePurse({ requests: 1 });
    const [first, second] = purse.inOrder([1, 1].map((requests) => ({ usd: 0, requests })));
    expect(second?.pay(0)).toBe(false);
    first?.end();
    expect(second?.pay(0)).toBe(true);
  });
});
