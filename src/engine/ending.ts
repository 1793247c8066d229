import type { RunEnd } from '../domain/run.ts';
import type { RunEvent } from './events.ts';

/** Why a run stops before its plan is through, other than by its signal. */
type EarlyEnd = Extract<RunEnd, { kind: 'outage' | 'ledger-failed' }>;

/** What can end a run before its plan is through. */
export interface Ending {
  /** Aborted once nothing more is to be sent. */
  readonly signal: AbortSignal;
  /** Ends the run; only the first reason counts, and is told at once. */
  readonly stop: (why: EarlyEnd) => void;
  /** How the run ended, with so many cases undecided. */
  readonly reached: (undecided: number) => RunEnd;
}

/** The ending of a run that somebody's signal can interrupt. */
export function makeEnding(interrupted: AbortSignal, tell: (event: RunEvent) => void): Ending {
  const ended = new AbortController();
  const interrupt = (): void => ended.abort();
  if (interrupted.aborted) interrupt();
  else interrupted.addEventListener('abort', interrupt, { once: true });
  let early: EarlyEnd | undefined;
  return {
    signal: ended.signal,
    stop: (why) => {
      if (early !== undefined) return;
      early = why;
      tell({ kind: why.kind, detail: why.detail });
      ended.abort();
    },
    reached: (undecided) => {
      if (early?.kind === 'outage') return { ...early, undecided };
      return early ?? { kind: interrupted.aborted ? 'interrupted' : 'complete' };
    },
  };
}
