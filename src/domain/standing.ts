import { type Case, type Claim, type Standing, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { compareInstants, instantMs, instantOf, wholeDays } from './instant.ts';
import type { Stand } from './stand.ts';
import { targetId } from './target.ts';
import { decides, said, seriesOf, seriesText } from './trials.ts';
import type { Observed } from './verdict.ts';

/** The stand of one case, and what its newest decided trial observed. */
export interface CaseStand extends Stand {
  readonly observed: Observed;
}

/** Everything that a standing follows from: evidence, today's digests, and the clock. */
export interface Remembered {
  readonly evidence: EvidenceIndex;
  readonly claim: (id: string) => Claim | undefined;
  /** Digest of a case as it is written today. */
  readonly digestOf: (aCase: Case) => string;
  /** Wall clock, milliseconds. */
  readonly now: number;
}

/** Evidence by target, and on it by case (`suite/claim/case`), oldest first; only what may count is in it. */
export type EvidenceIndex = ReadonlyMap<string, ReadonlyMap<string, readonly Evidence[]>>;

/** Evidence dated later than this beyond the clock is not known yet: `--now` shows what was known on a day. */
const FUTURE_MS = 86_400_000;

/** Indexes the evidence that may count. */
export function indexEvidence(all: Iterable<Evidence>): EvidenceIndex {
  const index = new Map<string, Map<string, Evidence[]>>();
  for (const one of all) {
    if (!mayCount(one)) continue;
    const target = targetId(one.target);
    const onTarget = index.get(target) ?? new Map<string, Evidence[]>();
    index.set(target, onTarget);
    const name = caseId(one.claim, one.case);
    const known = onTarget.get(name);
    if (known === undefined) onTarget.set(name, [one]);
    else known.push(one);
  }
  for (const onTarget of index.values()) {
    for (const [name, known] of onTarget) {
      if (!isInOrder(known)) onTarget.set(name, known.toSorted(order));
    }
  }
  return index;
}

/** All evidence of an index, that of each case on each target together. */
export function eachCase(index: EvidenceIndex): readonly (readonly Evidence[])[] {
  return Array.from(index.values(), (onTarget) => [...onTarget.values()]).flat();
}

/**
 * Whether evidence may count: a mock behind a target that calls itself live counts only where that target says
 * `mock: allowed` (suite-format, "Targets"), and a probe that decides nothing was in search of a limit: it leaves no case undecided.
 */
export function mayCount(one: Evidence): boolean {
  const { target, probe } = one;
  const isDisguised =
    target.grade === 'live' && target.mock !== undefined && target.mockAllowed !== true;
  return !isDisguised && (probe !== true || isDecided(one));
}

/**
 * The stand of one case on one target, from the newest run that decided anything about it, with the digest of today:
 * nothing decided → unproven; all trials failed → broken; some failed → unstable; older than `fresh` → stale; else holds.
 */
export function caseStand(
  aCase: Case,
  freshMs: number,
  target: string,
  remembered: Remembered,
): CaseStand {
  const name = caseId(aCase.claim, aCase.name);
  const known = knownOf(name, target, remembered);
  const today = remembered.digestOf(aCase);
  const current = known.filter(({ digest }) => digest === today);
  const decided = newestDeciding(current).filter(isDecided);
  const last = decided.at(-1);
  if (last === undefined) {
    return {
      standing: 'unproven',
      because: `${name} on ${target}: ${missing(aCase, known, current)}`,
      evidence: [],
      observed: {},
    };
  }
  const ageMs = remembered.now - instantMs(last.at);
  const { standing, detail } = decidedStanding(aCase, decided, ageMs, freshMs);
  const ids = decided.map(({ id }) => id);
  return {
    standing,
    because: `${name} on ${target}: ${named(ids)} (${last.at.slice(0, 10)}${detail})`,
    evidence: ids,
    observedAt: last.at,
    observed: last.observed,
  };
}

/** What is known of a case on a target under one wording, oldest first. */
export function evidenceOf(
  aCase: Case,
  digest: string,
  target: string,
  remembered: Remembered,
): readonly Evidence[] {
  const known = knownOf(caseId(aCase.claim, aCase.name), target, remembered);
  return known.filter((one) => one.digest === digest);
}

/** What is known of a case (`suite/claim/case`) on a target under any wording, oldest first. */
export function knownOf(name: string, target: string, remembered: Remembered): readonly Evidence[] {
  const all = remembered.evidence.get(target)?.get(name) ?? [];
  const newest = all.at(-1);
  // What is not known yet is the newest.
  const isAllKnown = newest === undefined || isKnown(newest, remembered);
  return isAllKnown ? all : all.filter((one) => isKnown(one, remembered));
}

/** The standing that decided trials of one run give, and what a reader should know besides their date. */
function decidedStanding(
  aCase: Case,
  decided: readonly Evidence[],
  ageMs: number,
  freshMs: number,
): { readonly standing: Standing; readonly detail: string } {
  const { verdict, detail } = said(aCase.trials, decided);
  if (verdict !== 'holds') return { standing: verdict, detail };
  if (ageMs <= freshMs) return { standing: 'holds', detail };
  return { standing: 'stale', detail: `${detail}, ${wholeDays(ageMs)} days old` };
}

/** Dozens of trials are named by their first and last. */
function named(ids: readonly string[]): string {
  return ids.length > 4 ? `${ids[0]} … ${ids.at(-1)}` : ids.join(', ');
}

/** Whether anything was ever decided of a claim on a target by now, under this wording or an earlier one. */
export function everDecided(claim: string, target: string, remembered: Remembered): boolean {
  return haveDecided(ofClaim(claim, target, remembered));
}

/** The same of one case. */
export function wasDecided(aCase: Case, target: string, remembered: Remembered): boolean {
  return haveDecided(knownOf(caseId(aCase.claim, aCase.name), target, remembered));
}

function haveDecided(known: readonly Evidence[]): boolean {
  // A series that was cut short has decided nothing, whatever its trials did.
  const [repeated, single] = [known.filter(isRepeated), known.filter((one) => !isRepeated(one))];
  const series = Map.groupBy(repeated, (one) => `${one.run} ${one.case} ${one.digest}`);
  return decides(single) || [...series.values()].some(decides);
}

/** Whether a claim was ever tried on a target by now, whatever came of it. */
export function everTried(claim: string, target: string, remembered: Remembered): boolean {
  return ofClaim(claim, target, remembered).length > 0;
}

/** What is known of a claim on a target, of cases that it has no more as well; but a probe of what is no case of it is about no wording that it ever had. */
function ofClaim(id: string, target: string, remembered: Remembered): readonly Evidence[] {
  const basis = remembered.claim(id)?.basis;
  const cases = basis?.kind === 'sent' ? basis.cases : [];
  return indexedByClaim(id, target, remembered.evidence).filter(
    (one) =>
      isKnown(one, remembered) &&
      (one.probe !== true || cases.some(({ name }) => name === one.case)),
  );
}

function indexedByClaim(claim: string, target: string, index: EvidenceIndex): readonly Evidence[] {
  let known = claims.get(index);
  if (known === undefined) {
    known = Map.groupBy(eachCase(index).flat(), (one) => keyOf(targetId(one.target), one.claim));
    claims.set(index, known);
  }
  return known.get(keyOf(target, claim)) ?? [];
}

/** Grouped once: whoever asks for one claim asks for all of them. */
const claims = new WeakMap<EvidenceIndex, ReadonlyMap<string, readonly Evidence[]>>();

function isRepeated({ trials }: Evidence): boolean {
  return trials !== undefined;
}

/** The part of a claim's cases that a need names. */
export function casesOf(claim: Claim, names: readonly string[]): readonly Case[] {
  if (claim.basis.kind !== 'sent') return [];
  return claim.basis.cases.filter(({ name }) => names.includes(name));
}

/** Whether a piece of evidence, or a run, is known by the clock: what is dated more than a day later is not. */
export function isKnown({ at }: Pick<Evidence, 'at'>, clock: Pick<Remembered, 'now'>): boolean {
  const until = untils.get(clock) ?? instantOf(knownUntil(clock));
  untils.set(clock, until);
  return compareInstants(at, until) <= 0;
}

/** Asked of every piece of evidence, several times. */
const untils = new WeakMap<Pick<Remembered, 'now'>, string>();

/** The latest that evidence known by the clock is dated, in milliseconds. */
export function knownUntil({ now }: Pick<Remembered, 'now'>): number {
  return now + FUTURE_MS;
}

/** The clock, in milliseconds, by which what is dated up to an instant is known, and nothing later: of a run, what was known by its end. */
export function knowingUntil(ms: number): number {
  return ms - FUTURE_MS;
}

/** Why nothing stands there: nothing was run, or what was run no longer speaks of what is written. */
function missing(
  { trials }: Case,
  known: readonly Evidence[],
  current: readonly Evidence[],
): string {
  const last = current.at(-1);
  if (trials !== undefined && last !== undefined && isDecided(last)) {
    const own = current.filter(({ run }) => run === last.run);
    return `undecided so far (${seriesText(seriesOf(trials, own))}, ${last.at.slice(0, 10)})`;
  }
  if (last?.verdict.kind === 'inconclusive') {
    return `undecided so far (${last.verdict.cause}, ${last.at.slice(0, 10)})`;
  }
  return known.length > 0 ? 'no evidence since the claim was edited' : 'no evidence';
}

/** Whether one piece of evidence comes before another, or at its place, as `inOrder` has them. */
export function isBefore(one: Evidence, other: Evidence): boolean {
  return order(one, other) <= 0;
}

/** Oldest first; equal times are ordered by run id, which counts up. */
export function inOrder(evidence: readonly Evidence[]): readonly Evidence[] {
  return isInOrder(evidence) ? evidence : evidence.toSorted(order);
}

function isInOrder(evidence: readonly Evidence[]): boolean {
  return evidence.every((one, at) => at === 0 || order(evidence[at - 1] ?? one, one) <= 0);
}

function order(a: Evidence, b: Evidence): number {
  return (
    compareInstants(a.at, b.at) || compare(a.run, b.run) || a.trial - b.trial || compare(a.id, b.id)
  );
}

/** Whether a trial could be told. */
export function isDecided({ verdict }: Evidence): boolean {
  return verdict.kind !== 'inconclusive';
}

/** All that the newest run, among ordered evidence, that decided anything has: one that was cut short before its interval did has not. */
export function newestDeciding(ordered: readonly Evidence[]): readonly Evidence[] {
  let left = ordered;
  for (let last = left.findLast(isDecided); last !== undefined; last = left.findLast(isDecided)) {
    const { run } = last;
    const own = ordered.filter((one) => one.run === run);
    if (decides(own)) return own;
    left = left.filter((one) => one.run !== run);
  }
  return [];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf(target: string, claim: string): string {
  return `${target}\n${claim}`;
}
