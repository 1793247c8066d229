import type { Evidence, SeenTarget } from '../domain/evidence.ts';
import type { Exchange, Outcome } from '../domain/exchange.ts';
import type { Gateway } from '../domain/gateway.ts';
import type { RunEnd, Summary } from '../domain/run.ts';
import type { Settlement } from '../domain/usage.ts';
import type { Untold } from '../domain/verdict.ts';

/** How a run began: the first line of its file. */
export interface RunStart {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Version of Assay. */
  readonly tool: string;
  readonly target: SeenTarget;
  /** The selectors that were given; none selects all. */
  readonly selected: readonly string[];
  /** The mock world that was given for all suites of a rehearsal. */
  readonly world?: string;
  /** How the mock of a rehearsal was told to misbehave. */
  readonly faults?: readonly string[];
  /** The part of the project that it was told to take, as `1/3`. */
  readonly shard?: string;
  /** Where its suites lay, as the way there from the ledger's folder; absent in what was written before several could share a ledger. */
  readonly suites?: string;
  /** What the gateway said of itself, where that was read. */
  readonly gateway?: Gateway;
  /** Full id of the claim whose limit was searched; absent for a run of a plan. */
  readonly discover?: string;
}

/** That a run goes on after it was cut short: an end that stands before this was none. */
export interface RunResumed {
  /** ISO 8601. */
  readonly at: string;
  /** Version of Assay. */
  readonly tool: string;
  /** Ids of the exchanges that an outage left without an answer: what they asked is asked anew. */
  readonly anew: readonly string[];
  /** What it has spent by now, at most, on requests whose exchange is not stored: an end of the run cut them off. */
  readonly lost: { readonly requests: number; readonly usd: number };
}

/** How a run closed; of several, after it was resumed, the last counts. */
export interface RunClose {
  /** ISO 8601. */
  readonly endedAt: string;
  readonly reason: RunEnd | Dropped;
  /** Absent where a run was dropped: who dropped it judged nothing. */
  readonly summary?: Summary;
  /** What it did not attempt; absent where that is nothing, and in what was written before runs could be told from their file alone. */
  readonly leftOut?: readonly NotAttempted[];
  /** What its end came before; absent as above. */
  readonly unjudged?: readonly Unjudged[];
  /** What would help and is about no single case. */
  readonly hints?: readonly string[];
}

/** Cases that a run left out for one reason, by full id. */
export interface NotAttempted {
  readonly reason: string;
  readonly cases: readonly string[];
}

/** Cases that could not be told since the run ended first, by full id. */
export interface Unjudged extends Untold {
  readonly cases: readonly string[];
}

/** That a run which was cut short will not go on; the evidence that it has stays, and counts. */
interface Dropped {
  readonly kind: 'dropped';
}

/** One line of the ledger, without its place in the chain. */
export type Line =
  | { readonly kind: 'run'; readonly run: RunStart }
  | { readonly kind: 'resume'; readonly resume: RunResumed }
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'usage'; readonly usage: Settlement }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  | { readonly kind: 'end'; readonly end: RunClose };

/** The kinds of lines. */
export const LINE_KINDS: readonly Line['kind'][] = [
  'run',
  'resume',
  'exchange',
  'usage',
  'evidence',
  'end',
];

/** Bodies are kept up to this many bytes of UTF-8. */
export const KEPT_BODY_BYTES = 65_536;

/** An exchange as the ledger keeps it: longer bodies are cut between two characters, and marked. */
export function cutForLedger(exchange: Exchange): Exchange {
  return {
    ...exchange,
    attempts: exchange.attempts.map((attempt) => ({ ...attempt, outcome: cut(attempt.outcome) })),
  };
}

function cut(outcome: Outcome): Outcome {
  if (outcome.kind === 'unanswered') return outcome;
  const { text } = outcome.body;
  // No character is longer than three bytes for each of its UTF-16 units.
  if (3 * text.length <= KEPT_BODY_BYTES) return outcome;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(KEPT_BODY_BYTES));
  if (read === text.length) return outcome;
  return { ...outcome, body: { ...outcome.body, text: text.slice(0, read), cut: true } };
}
