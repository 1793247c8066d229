import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { Settlement } from '../domain/usage.ts';
import type { Observed, Verdict } from '../domain/verdict.ts';
import type { Board } from './controls.ts';
import type { Restraints } from './exchange.ts';
import type { Measure } from './measure.ts';
import type { Ports } from './ports.ts';
import { plannedKey } from './book.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';

/** A case and what one trial showed of it. */
export interface Found {
  readonly case: PlannedCase;
  readonly evidence: Evidence;
}

/** What came of one trial of a planned exchange. */
export type Tried =
  | {
      readonly kind: 'tried';
      /** Still to be kept; absent where it is already, or where nothing was sent, since the controls of all cases had failed. */
      readonly exchange?: Exchange;
      /** Still to be kept, behind the exchange; absent where no usage source showed anything of that. */
      readonly settlement?: Settlement;
      /** One for each case. */
      readonly found: readonly Found[];
      readonly fetches: number;
    }
  | { readonly kind: 'unpaid' }
  | { readonly kind: 'interrupted' };

/** What the trials of a run are made with. */
export interface Means {
  readonly ports: Ports;
  readonly restraints: Restraints;
  readonly board: Board;
  readonly measure: Measure;
  readonly key: string | undefined;
  /** Keeps an exchange before it is judged: other steps of its case follow, or its charge is to settle; false where the ledger cannot, which ends the run. */
  readonly keep: (exchange: Exchange) => Promise<boolean>;
  /** The next free id of each sort, unique in the ledger. */
  readonly ids: { readonly exchange: () => string; readonly evidence: () => string };
}

/** Tells those that wait for a case what a trial says of it; where an interval decides, no single trial does. */
export function noteTrial(
  { board }: Means,
  one: PlannedCase,
  planned: PlannedExchange,
  verdict: Verdict,
  observed: Observed,
): void {
  if (one.case.trials === undefined) board.note(plannedKey(one, planned), verdict, observed);
}
