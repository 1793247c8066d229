import type { Evidence } from '../domain/evidence.ts';
import type { NewShape } from '../domain/news.ts';
import type { Wait } from './meter.ts';
import type { Plan } from './plan.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';

/** What a run tells while it goes on, for the progress line. */
export type RunEvent =
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** A trial of an exchange begins: the first, one that repeats what surprised, or one more of a series. */
  | { readonly kind: 'started'; readonly exchange: PlannedExchange; readonly trial: number }
  | {
      /** A case was judged, or, where a run goes on, had been by then: that is recalled before anything starts. */
      readonly kind: 'judged' | 'recalled';
      readonly case: PlannedCase;
      /** As the ledger keeps it. */
      readonly evidence: Evidence;
      /** Whether, as a first trial, it is to be tried once more. */
      readonly surprises: boolean;
    }
  /** The run waits for a charge, at most so many milliseconds: that of this exchange, or those of what was sent before it. */
  | {
      readonly kind: 'measuring';
      readonly exchange: PlannedExchange;
      readonly wait: Wait;
      readonly withinMs: number;
    }
  /** All trials of an exchange are through, or will not be made. */
  | { readonly kind: 'settled'; readonly exchange: PlannedExchange }
  /** An answer showed what none before it did; told at the end, when all that is remembered is read. */
  | { readonly kind: 'news'; readonly shapes: readonly NewShape[] }
  /** The run ends early, and why. */
  | { readonly kind: 'outage' | 'ledger-failed'; readonly detail: string };
