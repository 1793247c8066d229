import { OBSERVATIONS, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  eachCase,
  inOrder,
  indexEvidence,
  isBefore,
  isDecided,
  mayCount,
  newestDeciding,
} from './standing.ts';
import { targetId } from './target.ts';

/** The heads of every case on every target. */
export type HeadsByCase = Map<string, KnownHeads>;

/** The heads of one case on one target, and what the run that is being added has of it. */
interface KnownHeads {
  heads: readonly Evidence[];
  own: Evidence[];
}

const NONE: readonly Evidence[] = [];

/**
 * Adds what one run has to the heads of the runs before it: the part of all evidence on which a standing, a word, a cost or a
 * retest can depend. How much that is follows from what was claimed, not from how often it was tried. In whatever order runs
 * are added, each of them whole, the heads are the same.
 */
export function addRun(index: HeadsByCase, run: Iterable<Evidence>): void {
  const touched: KnownHeads[] = [];
  for (const one of run) {
    if (!mayCount(one)) continue;
    const key = keyOf(one);
    let known = index.get(key);
    if (known === undefined) {
      known = { heads: NONE, own: [] };
      index.set(key, known);
    }
    if (known.own.length === 0) {
      known.own = [one]; // just as long as it is: nearly every run has one piece of a case
      touched.push(known);
    } else known.own.push(one);
  }
  for (const known of touched) {
    known.heads = added(known.heads, known.own);
    known.own = [];
  }
}

/** Heads as they were found before, so that runs can be added to them. */
export function foundHeads(heads: Iterable<Evidence>): HeadsByCase {
  const known: HeadsByCase = new Map();
  for (const some of eachCase(indexEvidence(heads))) {
    const [first] = some;
    if (first !== undefined) known.set(keyOf(first), { heads: some, own: [] });
  }
  return known;
}

function keyOf({ target, claim, case: name }: Evidence): string {
  return `${targetId(target)}\n${caseId(claim, name)}`;
}

/** All heads of an index. */
export function headsIn(index: HeadsByCase): readonly Evidence[] {
  return [...index.values()].flatMap(({ heads }) => heads);
}

/** Heads with those of a run added. Nearly always one piece takes the place of the last one, which is found without looking at all. */
function added(heads: readonly Evidence[], own: readonly Evidence[]): readonly Evidence[] {
  const [next] = own;
  const last = heads.at(-1);
  if (next === undefined || last === undefined) return headsOf([...heads, ...own]);
  return own.length === 1 && tellsAll(next, last) && isOnlyNewest(last, heads)
    ? heads.with(heads.length - 1, next)
    : headsOf([...heads, ...own]);
}

/** Whether a later piece is asked for all that another one was asked for. */
function tellsAll(next: Evidence, last: Evidence): boolean {
  return (
    isBefore(last, next) &&
    next.digest === last.digest &&
    isSingle(next) &&
    isSingle(last) &&
    next.measured === last.measured &&
    next.probe === last.probe &&
    (next.ms === undefined) === (last.ms === undefined) &&
    (next.alias === undefined) === (last.alias === undefined)
  );
}

function isSingle(one: Evidence): boolean {
  return isDecided(one) && one.trials === undefined;
}

/** Whether the last of some heads is there for no other reason than that it is the newest, and alone that of its run. */
function isOnlyNewest(last: Evidence, heads: readonly Evidence[]): boolean {
  let isKnownShape = false;
  for (const one of heads) {
    if (one === last) return isKnownShape;
    if (one.run === last.run || one.digest !== last.digest) return false;
    isKnownShape ||= isOfShape(one, last);
  }
  return false;
}

/**
 * The heads among the evidence of one case on one target, oldest first. Of each digest: all decided trials of the newest run
 * that decided anything; what a doubling wait is reckoned from (`triesSince`); the newest of all, and the newest that tells
 * how long it took, what is behind an alias, or what was measured, in which its whole exchange is paid for, and that is no probe. Of all digests
 * together: the first of each shape. Where an interval decides, a trial is kept with all others of its run: that run, the
 * newest, and the newest in which any could be told.
 */
export function headsOf(all: readonly Evidence[]): readonly Evidence[] {
  if (all.length === 1) return all;
  const ordered = inOrder(all);
  const kept = new Set(firstOfShapes(ordered));
  for (const some of byDigest(ordered)) {
    const decided = newestDeciding(some).filter(isDecided);
    for (const one of [...decided, ...triesSince(some, decided.at(-1))]) kept.add(one);
    for (const tells of TELLING) {
      const last = some.findLast(tells);
      if (last !== undefined) kept.add(last);
    }
    for (const one of newestSeries(some, decided.at(-1))) kept.add(one);
  }
  return kept.size === ordered.length ? ordered : ordered.filter((one) => kept.has(one));
}

/** What the newest piece that has it is asked for; the first is the newest of all. */
const TELLING: readonly ((one: Evidence) => boolean)[] = [
  () => true,
  ({ measured }) => measured === true,
  ({ ms }) => ms !== undefined,
  (one) => one.alias !== undefined && isDecided(one),
  ({ probe }) => probe !== true,
  (one) => one.probe !== true && isDecided(one),
];

function newestSeries(
  some: readonly Evidence[],
  decided: Evidence | undefined,
): readonly Evidence[] {
  if (some.every(({ trials }) => trials === undefined)) return [];
  const runs = new Set([decided, some.findLast(isDecided), some.at(-1)].map((one) => one?.run));
  return some.filter(({ run }) => runs.has(run));
}

/** So many runs that decided nothing are told apart: a wait that doubles with each is longer than any freshness by then. */
const MOST_TRIES = 16;

/**
 * Of ordered evidence, what the newest runs have left undecided since something was decided, if anything was: the last piece
 * of each that tells so, oldest first. A case that was undecided more often than that is as if it had been for the first time then.
 */
export function triesSince(
  ordered: readonly Evidence[],
  decided: Evidence | undefined,
): readonly Evidence[] {
  const since = decided === undefined ? ordered : ordered.slice(ordered.lastIndexOf(decided) + 1);
  const tries: Evidence[] = [];
  const runs = new Set<string>();
  for (const one of since.toReversed()) {
    if (tries.length === MOST_TRIES) break;
    if (runs.has(one.run) || (isDecided(one) && !isLastTrial(one))) continue;
    runs.add(one.run);
    tries.unshift(one);
  }
  return tries;
}

/** Whether no more trials follow: a series that has decided nothing by then was in vain, whatever its last trial said. */
function isLastTrial({ trial, trials }: Evidence): boolean {
  return trials !== undefined && trial >= trials.of;
}

/** More shapes than any honest answer has: a hostile gateway must not choose how much is remembered of it. */
const MOST_SHAPES = 64;

/** The first evidence of each shape that was observed, decided or not; of too many the first ones. */
function firstOfShapes(ordered: readonly Evidence[]): readonly Evidence[] {
  const firsts: Evidence[] = [];
  for (const one of ordered) {
    if (firsts.length === MOST_SHAPES) break;
    if (!firsts.some((first) => isOfShape(first, one))) firsts.push(one);
  }
  return firsts;
}

/** Whether two observed the same but for what no two answers have in common: how long it took, and what it cost to a fraction of a cent. */
function isOfShape(a: Evidence, b: Evidence): boolean {
  return (
    isDecided(a) === isDecided(b) && SHAPED.every((name) => a.observed[name] === b.observed[name])
  );
}

const SHAPED = OBSERVATIONS.filter((name) => name !== 'ms' && name !== 'charged');

function byDigest(ordered: readonly Evidence[]): Iterable<readonly Evidence[]> {
  const [first] = ordered;
  // Few are edited, and this is asked of every line of a ledger.
  if (ordered.every(({ digest }) => digest === first?.digest)) return [ordered];
  return Map.groupBy(ordered, ({ digest }) => digest).values();
}
