import { array, assert, double, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bid, fill, rankOf, turns } from './rank.ts';

function bid(id: string, usd: number, rank: number, after: readonly string[] = []): Bid {
  return { id, usd, requests: 1, rank, after };
}

function names(bids: readonly Bid[]): string {
  return bids.map(({ id }) => id).join('');
}

describe('a budget', () => {
  it('is filled by rank, and what does not fit leaves room for what does', () => {
    const { kept, cut } = fill([bid('a', 1, 1), bid('b', 3, 2), bid('c', 2, 3)], { usd: 4 });
    expect([names(kept), names(cut)]).toEqual(['ca', 'b']);
  });

  it('pays what must come before with what waits for it, or neither', () => {
    const bids = [bid('c', 1, -Infinity), bid('w', 1, 5, ['c']), bid('x', 1, 4)];
    expect(names(fill(bids, { usd: 2 }).kept)).toBe('cw');
    expect(names(fill(bids, { usd: 1 }).kept)).toBe('x');
    expect(names(fill(bids, { requests: 3 }).kept)).toBe('cwx');
  });

  it('pays for nothing that nobody gains by', () => {
    expect(names(fill([bid('c', 0, -Infinity)], {}).kept)).toBe('');
  });

  it('takes tenths as people do', () => {
    const bids = [bid('a', 0.1, 3), bid('b', 0.1, 2), bid('c', 0.1, 1)];
    expect(names(fill(bids, { usd: 0.3 }).kept)).toBe('abc');
  });

  it('tells whose turn comes when, and nothing of what it can never pay', () => {
    const cut = [bid('a', 1, 3), bid('b', 1, 2), bid('c', 3, 1)];
    expect([...turns(cut, { usd: 1 })]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});

describe('the rank', () => {
  it('prefers what tables gain more by, for less and sooner', () => {
    const worth = { gain: 1, usd: 0.1, minutes: 1, age: 1 };
    expect(rankOf({ ...worth, gain: 2 })).toBeGreaterThan(rankOf(worth));
    expect(rankOf({ ...worth, usd: 0.05 })).toBeGreaterThan(rankOf(worth));
    expect(rankOf({ ...worth, minutes: 0.5 })).toBeGreaterThan(rankOf(worth));
    expect(rankOf({ ...worth, usd: 0, minutes: 0.01 })).toBeLessThan(Infinity);
  });

  it('doubles with each tenth of its freshness that something has waited', () => {
    const worth = { gain: 1, usd: 0.1, minutes: 1, age: 1 };
    expect(rankOf({ ...worth, age: 1.1 })).toBeCloseTo(rankOf({ ...worth, gain: 2 }));
  });
});

describe('over thousands of nights', () => {
  /** What is asked again and again: its price, in cents, what it gains, and for how many nights it stays fresh. */
  const claim = record({
    cents: integer({ min: 0, max: 100 }),
    gain: double({ min: 0.01, max: 20, noNaN: true }),
    fresh: integer({ min: 1, max: 60 }),
  });

  it('nothing starves that a budget can pay at all, however little it can pay', () => {
    assert(
      property(array(claim, { minLength: 1, maxLength: 20 }), (claims) => {
        const dearest = Math.max(...claims.map(({ cents }) => cents));
        const { longest, most } = nights(claims, 1500, { usd: dearest / 100, requests: 3 });
        expect(most).toBeLessThanOrEqual(dearest);
        // Each waits, at most, until everything else was served as often as it may have come first: a part of the nights.
        expect(Math.max(...longest)).toBeLessThan(1500);
        expect(longest.every((wait) => wait >= 0)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('nothing gets older than twice its freshness where the budget pays for what turns stale', () => {
    assert(
      property(array(claim, { minLength: 1, maxLength: 20 }), (claims) => {
        const dearest = Math.max(...claims.map(({ cents }) => cents));
        const demand = claims.reduce((sum, { cents, fresh }) => sum + cents / fresh, 0);
        // What turns stale in one night, and room for the dearest: what is passed over for it is less than that.
        const usd = (1.2 * demand + dearest) / 100;
        const { longest } = nights(claims, 1000, { usd });
        for (const [at, wait] of longest.entries())
          expect(wait).toBeLessThanOrEqual(2 * (claims[at]?.fresh ?? 0));
      }),
      { numRuns: 60 },
    );
  });
});

/** Plays nights; tells the longest that each claim has gone undecided, and the most that one night has cost, in cents. */
function nights(
  claims: readonly { readonly cents: number; readonly gain: number; readonly fresh: number }[],
  count: number,
  budget: { readonly usd: number; readonly requests?: number },
) {
  const decided = claims.map(() => 0);
  const longest = claims.map(() => -1);
  let most = 0;
  for (let night = 1; night <= count; night += 1) {
    const bids = claims.flatMap(({ cents, gain, fresh }, at): readonly Bid[] => {
      const age = (night - (decided[at] ?? 0)) / fresh;
      const usd = cents / 100;
      return age < 1 ? [] : [bid(String(at), usd, rankOf({ gain, usd, minutes: 0.1, age }))];
    });
    const { kept } = fill(bids, budget);
    most = Math.max(most, Math.round(kept.reduce((sum, { usd }) => sum + usd, 0) * 100));
    for (const { id } of kept) decided[Number(id)] = night;
    for (const [at] of claims.entries())
      longest[at] = Math.max(longest[at] ?? 0, night - (decided[at] ?? 0));
  }
  return { longest, most };
}
