import type { Budget } from './target.ts';

/** Something that asks for a part of a budget. */
export interface Bid {
  readonly id: string;
  /** What it takes of the budget, in US dollars and in requests. */
  readonly usd: number;
  readonly requests: number;
  /** The higher, the earlier; see `rankOf`. */
  readonly rank: number;
  /** Ids of the bids that must be paid before it. */
  readonly after: readonly string[];
}

/** What something brings and takes. */
export interface Worth {
  /** Rows of tables that it moves, or keeps from going stale, and a little for each claim. */
  readonly gain: number;
  /** What it is expected to cost, in US dollars. */
  readonly usd: number;
  readonly minutes: number;
  /** How long it has gone without a decision, in times of its freshness. */
  readonly age: number;
}

/** What a minute of a run counts, in US dollars: so that what is free is not for nothing. */
const MINUTE_USD = 0.01;
/** With each tenth of its freshness that something has waited, it weighs twice as much. */
const DOUBLINGS = 10;

/**
 * How early something comes: by its gain per dollar and per minute, times a weight that doubles with each tenth of its
 * freshness that it has waited. That weight has no bound, so what waits comes before anything else in the end. It is the
 * logarithm of all that, to base 2.
 */
export function rankOf({ gain, usd, minutes, age }: Worth): number {
  return Math.log2(gain / (usd + minutes * MINUTE_USD)) + DOUBLINGS * age;
}

/** Which bids a budget pays, in the order in which they are paid, and those that it does not reach. */
export interface Filled {
  readonly kept: readonly Bid[];
  readonly cut: readonly Bid[];
}

/** Counts in millionths of a dollar, so that 0.1 + 0.2 fits a budget of 0.3. */
const MICRO = 1e6;

/**
 * Fills a budget in the order of rank: each bid is paid with all that must be paid before it, or not at all. What does not
 * fit any more is passed over for less dear ones, until it comes first itself.
 */
export function fill(bids: readonly Bid[], budget: Budget): Filled {
  return fillInOrder(
    bids.toSorted((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1)),
    new Map(bids.map((bid) => [bid.id, bid])),
    budget,
  );
}

function fillInOrder(
  ordered: readonly Bid[],
  byId: ReadonlyMap<string, Bid>,
  { usd, requests }: Budget,
): Filled {
  const kept = new Map<string, Bid>();
  let micros = usd === undefined ? Infinity : Math.round(usd * MICRO);
  let left = requests ?? Infinity;
  for (const bid of ordered) {
    // What nobody gains by is only paid for those who wait for it.
    if (kept.has(bid.id) || bid.rank === -Infinity) continue;
    const isAlone = bid.after.length === 0;
    const bundle = isAlone ? [bid] : withAllBefore(bid, byId).filter(({ id }) => !kept.has(id));
    const price = bundle.reduce((sum, one) => sum + Math.round(one.usd * MICRO), 0);
    const count = bundle.reduce((sum, one) => sum + one.requests, 0);
    if (price > micros || count > left) continue;
    micros -= price;
    left -= count;
    for (const one of bundle) kept.set(one.id, one);
  }
  return { kept: [...kept.values()], cut: ordered.filter(({ id }) => !kept.has(id)) };
}

/** Further ahead nobody knows what will have come up by then. */
const MOST_TURNS = 31;

/** How many budgets later each bid that was cut (by rank, as `fill` has them) has its turn, if nothing else comes up; absent where that cannot be told, or never comes. */
export function turns(cut: readonly Bid[], budget: Budget): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const byId = new Map(cut.map((bid) => [bid.id, bid]));
  let left = cut;
  for (let turn = 1; left.length > 0 && turn <= MOST_TURNS; turn += 1) {
    const { kept, cut: rest } = fillInOrder(left, byId, budget);
    if (kept.length === 0) break;
    for (const { id } of kept) if (!found.has(id)) found.set(id, turn);
    left = rest;
  }
  return found;
}

/** A bid behind all that must be paid before it, in an order in which they can be. */
export function withAllBefore<Waiting extends Pick<Bid, 'id' | 'after'>>(
  bid: Waiting,
  byId: ReadonlyMap<string, Waiting>,
  found = new Set<Waiting>(),
): readonly Waiting[] {
  if (found.has(bid)) return [...found];
  for (const id of bid.after) {
    const before = byId.get(id);
    if (before !== undefined) withAllBefore(before, byId, found);
  }
  found.add(bid);
  return [...found];
}
