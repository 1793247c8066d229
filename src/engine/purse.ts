import type { Budget } from '../domain/target.ts';

/** What was spent: requests, and at most so many US dollars. */
export interface Spent {
  readonly requests: number;
  readonly usd: number;
}

/** What a run may still spend, and what it has spent; every sending is paid at its declared worst case before it goes out. */
export interface Purse {
  /** False if one more request of this price, or so many together, would exceed the budget; else it is paid. */
  readonly pay: (usd: number, count?: number) => boolean;
  /** Gives back the price of a request that never reached the target; it still counts as a request. */
  readonly refund: (usd: number) => void;
  /** Takes what something cost in place of what was paid for it; that may be more, and is spent all the same. */
  readonly settle: (paidUsd: number, costUsd: number) => void;
  /** Pays for several by their order, whenever each of them comes: until one ends, it is owed so much by all behind it. */
  readonly inOrder: (owed: readonly Spent[]) => readonly Turn[];
  readonly spent: () => Spent;
}

/** One of those that a purse pays for by their order. */
export interface Turn {
  /** Pays for nothing with what those before are owed; what it pays is owed no more. */
  readonly pay: Purse['pay'];
  /** Nothing more is asked for, or owed. */
  readonly end: () => void;
}

/** Counts in millionths of a dollar, so that 0.1 + 0.2 fits a budget of 0.3. */
const MICRO = 1e6;

/** What is owed to a turn. */
interface Owed {
  requests: number;
  micros: number;
}

/** A purse that holds a budget, of which something may be spent already; without a budget it is bottomless. */
export function makePurse(budget: Budget, spent: Spent = { requests: 0, usd: 0 }): Purse {
  const mostRequests = budget.requests ?? Infinity;
  const mostMicros = budget.usd === undefined ? Infinity : Math.round(budget.usd * MICRO);
  const isBottomless = mostRequests === Infinity && mostMicros === Infinity;
  let { requests } = spent;
  let micros = Math.round(spent.usd * MICRO);
  const payBehind = (count: number, price: number, before: () => Owed): boolean => {
    if (!isBottomless) {
      const owed = before();
      if (requests + owed.requests + count > mostRequests) return false;
      if (micros + owed.micros + price > mostMicros) return false;
    }
    requests += count;
    micros += price;
    return true;
  };
  return {
    pay: (usd, count = 1) => payBehind(count, Math.round(usd * MICRO), nothing),
    refund: (usd) => {
      micros -= Math.round(usd * MICRO);
    },
    settle: (paidUsd, costUsd) => {
      micros += Math.round(costUsd * MICRO) - Math.round(paidUsd * MICRO);
    },
    inOrder: (prices) => {
      const all = prices.map((price) => ({
        requests: price.requests,
        micros: Math.round(price.usd * MICRO),
      }));
      const before = owedBefore(all);
      return all.map((own, place) => ({
        pay: (usd, count = 1) => {
          const price = Math.round(usd * MICRO);
          if (!payBehind(count, price, () => before(place))) return false;
          own.requests = Math.max(0, own.requests - count);
          own.micros = Math.max(0, own.micros - price);
          return true;
        },
        end: () => {
          own.requests = 0;
          own.micros = 0;
        },
      }));
    },
    spent: () => ({ requests, usd: micros / MICRO }),
  };
}

function nothing(): Owed {
  return { requests: 0, micros: 0 };
}

/** What those before a place are owed together. They are paid about in their order, so that few of them are still owed anything. */
function owedBefore(all: readonly Readonly<Owed>[]): (place: number) => Owed {
  let open = 0;
  return (place) => {
    while (open < place && all[open]?.requests === 0 && all[open]?.micros === 0) open += 1;
    const sum = nothing();
    for (let at = open; at < place; at += 1) {
      sum.requests += all[at]?.requests ?? 0;
      sum.micros += all[at]?.micros ?? 0;
    }
    return sum;
  };
}
