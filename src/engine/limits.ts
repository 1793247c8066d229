import type { Budget, Pace } from '../domain/target.ts';
import type { Ask, Clock } from './ports.ts';

/** Resolves when one more request may be sent: at most `count` pass in any window of `perMs`, in the order of asking. */
export type Gate = (signal: AbortSignal) => Promise<void>;

/** The gate of a pace; without a pace it stands open. */
export function makeGate(pace: Pace | undefined, clock: Clock): Gate {
  if (pace === undefined) return () => Promise.resolve();
  const passed: number[] = [];
  let queue = Promise.resolve();
  const pass = async (signal: AbortSignal) => {
    while (passed.length >= pace.count && !signal.aborted) {
      const waitMs = (passed[0] ?? 0) + pace.perMs - clock.monotonic();
      if (waitMs <= 0) passed.shift();
      else await clock.sleep(waitMs, signal);
    }
    passed.push(clock.monotonic());
  };
  return (signal) => (queue = queue.then(() => pass(signal)));
}

/** What most sources limit is over by then; waiting any longer for a reading is worse than doing without it. */
const MOST_WAIT_MS = 180_000;

/**
 * Asks no oftener than a pace allows, in the order of asking; what would have to wait longer than three minutes is not sent, and
 * unanswered for the cause `throttled`.
 */
export function limited(pace: Pace, clock: Clock, ask: Ask): Ask {
  const gate = makeGate(pace, clock);
  /** When each of the newest `count` may pass. */
  const due: number[] = [];
  return async (request, signal) => {
    const now = clock.monotonic();
    const earliest = due.length < pace.count ? now : (due[0] ?? now) + pace.perMs;
    if (earliest - now > MOST_WAIT_MS) {
      const detail = `the source allows ${pace.count} reads in ${shown(pace.perMs)}`;
      return { outcome: { kind: 'unanswered', cause: 'throttled', detail } };
    }
    due.push(Math.max(now, earliest));
    if (due.length > pace.count) due.shift();
    await gate(signal);
    return ask(request, signal);
  };
}

function shown(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}

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
  /** Sets so much aside for one who is paid later: nobody else is paid with it before that. */
  readonly setAside: (price: Spent) => Reserve;
  readonly spent: () => Spent;
}

/** A part of a purse that was set aside. */
export interface Reserve {
  /** The same purse for whom it was set aside. */
  readonly purse: Purse;
  /** Gives what is left of it to everybody. */
  readonly letGo: () => void;
}

/** Counts in millionths of a dollar, so that 0.1 + 0.2 fits a budget of 0.3. */
const MICRO = 1e6;

/** A purse that holds a budget, of which something may be spent already; without a budget it is bottomless. */
export function makePurse(budget: Budget, spent: Spent = { requests: 0, usd: 0 }): Purse {
  const mostRequests = budget.requests ?? Infinity;
  const mostMicros = budget.usd === undefined ? Infinity : Math.round(budget.usd * MICRO);
  let { requests } = spent;
  let micros = Math.round(spent.usd * MICRO);
  const aside = { requests: 0, micros: 0 };
  const purse: Purse = {
    pay: (usd, count = 1) => {
      const price = Math.round(usd * MICRO);
      if (requests + aside.requests + count > mostRequests) return false;
      if (micros + aside.micros + price > mostMicros) return false;
      requests += count;
      micros += price;
      return true;
    },
    refund: (usd) => {
      micros -= Math.round(usd * MICRO);
    },
    settle: (paidUsd, costUsd) => {
      micros += Math.round(costUsd * MICRO) - Math.round(paidUsd * MICRO);
    },
    setAside: (price) => {
      const own = { requests: price.requests, micros: Math.round(price.usd * MICRO) };
      const take = (count: number, most: number): void => {
        const [taken, takenMicros] = [Math.min(count, own.requests), Math.min(most, own.micros)];
        own.requests -= taken;
        own.micros -= takenMicros;
        aside.requests -= taken;
        aside.micros -= takenMicros;
      };
      aside.requests += own.requests;
      aside.micros += own.micros;
      const pay: Purse['pay'] = (usd, count = 1) => {
        take(count, Math.round(usd * MICRO));
        return purse.pay(usd, count);
      };
      return { purse: { ...purse, pay }, letGo: () => take(Infinity, Infinity) };
    },
    spent: () => ({ requests, usd: micros / MICRO }),
  };
  return purse;
}
