import type { Json, Trials } from './claim.ts';
import type { Grade } from './target.ts';
import type { Observed, Verdict } from './verdict.ts';

/** The target as it was when the evidence was made. */
export interface SeenTarget {
  readonly name: string;
  readonly grade: Grade;
  readonly host: string;
  readonly channel?: number;
  /** The world of a rehearsal. */
  readonly world?: string;
  /** The world a mock named on its answer; on a live target it counts only where `mockAllowed`. */
  readonly mock?: string;
  readonly mockAllowed?: boolean;
  /** What `${target.name}` stood for in its expectations, so that it can be judged again. */
  readonly let?: Readonly<Record<string, Json>>;
}

/** The dated, redacted record of one trial. */
export interface Evidence {
  /** `RUN.N`, unique in the ledger. */
  readonly id: string;
  readonly run: string;
  /** When the deciding attempt was sent; ISO 8601. */
  readonly at: string;
  readonly claim: string;
  readonly case: string;
  readonly digest: string;
  /** 1, or 2 for the second trial; up to `trials.of` where an interval decides. */
  readonly trial: number;
  /** Of a case that is decided by an interval over several trials. */
  readonly trials?: Trials;
  /** True where it was made in search of a limit: the case may be one that no suite holds. */
  readonly probe?: true;
  readonly target: SeenTarget;
  /** Absent where nothing was sent, because a precondition was already known to be unmet. */
  readonly exchange?: string;
  /** Of a claim with steps: the exchanges of all steps that were taken, in order, of which `exchange` is the last. */
  readonly exchanges?: readonly string[];
  readonly attempts: number;
  readonly verdict: Verdict;
  readonly observed: Observed;
  /** What the exchange cost, in US dollars: measured, or the declared worst case; 0 where another evidence of the same exchange bears it. */
  readonly usd: number;
  /** True where `usd` is what was measured, not the declared worst case. */
  readonly measured?: true;
  readonly ms?: number;
  readonly requestId?: string;
  readonly gatewayVersion?: string;
  readonly alias?: string;
  /** The fingerprint of what the docs said of the claim. */
  readonly sentence?: string;
  /** Version of Assay. */
  readonly tool: string;
}

/** Ids of the exchanges that a piece of evidence was judged on, in order; none where nothing was sent. */
export function exchangesBehind({ exchange, exchanges }: Evidence): readonly string[] {
  return exchanges ?? (exchange === undefined ? [] : [exchange]);
}
