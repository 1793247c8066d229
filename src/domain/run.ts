import type { DocumentedAs, Trials } from './claim.ts';
import { type SuiteCost, costsBySuite } from './cost.ts';
import type { SeenTarget } from './evidence.ts';
import type { NewShape } from './news.ts';
import type { Verdict } from './verdict.ts';

/** How many of a case's trials passed, of those that could be told, and what was asked of them. */
interface Rate extends Trials {
  readonly passed: number;
  readonly decided: number;
}

/** A case as a run judged it: its verdict is the last decided trial's, or the last one's if none was decided; or what an interval over all of them says. */
export interface JudgedCase {
  readonly claim: string;
  readonly case: string;
  readonly says: string;
  readonly documented: DocumentedAs;
  readonly verdict: Verdict;
  /** Whether some decided trial contradicts the docs, or the interval over all of them does. */
  readonly contradicts: boolean;
  readonly trials: number;
  /** Where an interval decides. */
  readonly rate?: Rate;
  readonly attempts: number;
  /** Absent where nothing was sent. */
  readonly exchange?: string;
  readonly ms?: number;
  /** What its exchanges cost: measured, or the declared worst case; 0 where another case of the same ones bears it. */
  readonly usd: number;
  /** How much of `usd` was measured. */
  readonly measuredUsd: number;
  /** What came of the charge of its telling trial: `aligned`, `charged twice`; absent where none was measured, or nothing was told. */
  readonly charged?: string;
  readonly evidence: readonly string[];
}

/** A case that a run did not attempt, and why. */
export interface LeftOut {
  readonly claim: string;
  readonly case: string;
  readonly reason: string;
}

/** Why a run ended. */
export type RunEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'outage'; readonly detail: string; readonly undecided: number }
  | { readonly kind: 'ledger-failed'; readonly detail: string };

/** One execution of a plan. */
export interface Run {
  readonly id: string;
  readonly target: SeenTarget;
  /** ISO 8601, as are all dates. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly end: RunEnd;
  readonly cases: readonly JudgedCase[];
  readonly leftOut: readonly LeftOut[];
  readonly exchanges: number;
  /** Requests that bore the key; fetched images are counted apart. */
  readonly requests: number;
  readonly fetches: number;
  /** Requests to a usage source; they cost nothing. */
  readonly reads: number;
  readonly usd: number;
  /** How much of `usd` was measured; the rest is declared worst cases. */
  readonly measuredUsd: number;
  /** Shapes that were never observed before; filled in once all that is remembered is read. */
  readonly news?: readonly NewShape[];
  /** What would help and is about no single case: "every answer is HTML; is the base URL right?". */
  readonly hints: readonly string[];
}

/** Whether a decided verdict contradicts what the docs say; `open` contradicts nothing, an undecided one neither. */
export function contradicts(documented: DocumentedAs, verdict: Pick<Verdict, 'kind'>): boolean {
  return (
    (documented === 'holds' && verdict.kind === 'fail') ||
    (documented === 'broken' && verdict.kind === 'pass')
  );
}

/** Whether a case agrees with the docs; null where they promise nothing, or where it could not be told. */
export function agrees(one: JudgedCase): boolean | null {
  if (one.contradicts) return false;
  return one.documented === 'open' || one.verdict.kind === 'inconclusive' ? null : true;
}

/** Whether a first trial surprises, and is tried once more: it contradicts the docs, or fails where they promise nothing. */
export function surprises(documented: DocumentedAs, verdict: Verdict): boolean {
  return contradicts(documented, verdict) || (documented === 'open' && verdict.kind === 'fail');
}

/** The figures of a run. */
export interface Summary {
  readonly cases: number;
  readonly exchanges: number;
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly leftOut: number;
  readonly contradictions: number;
  readonly requests: number;
  readonly fetches: number;
  readonly reads: number;
  readonly usd: number;
  readonly measuredUsd: number;
}

/** What each suite of a run cost. */
export function suiteCosts({ cases }: Run): readonly SuiteCost[] {
  return costsBySuite(
    cases.map(({ claim, usd, measuredUsd }) => ({
      suite: claim.slice(0, claim.indexOf('/')),
      usd,
      measuredUsd,
    })),
  );
}

/** Counts what a run judged. */
export function summary(run: Run): Summary {
  const count = (kind: JudgedCase['verdict']['kind']) =>
    run.cases.filter(({ verdict }) => verdict.kind === kind).length;
  return {
    cases: run.cases.length,
    exchanges: run.exchanges,
    pass: count('pass'),
    fail: count('fail'),
    inconclusive: count('inconclusive'),
    leftOut: run.leftOut.length,
    contradictions: run.cases.filter((one) => one.contradicts).length,
    requests: run.requests,
    fetches: run.fetches,
    reads: run.reads,
    usd: run.usd,
    measuredUsd: run.measuredUsd,
  };
}
