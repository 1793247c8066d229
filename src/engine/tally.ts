import { outcomeOf } from '../domain/exchange.ts';
import type { Run } from '../domain/run.ts';
import { makeBook, type Book, plannedKey } from './book.ts';
import type { Ending } from './ending.ts';
import { makeWatch, type Watch } from './outage.ts';
import type { Recorder } from './ports.ts';
import type { PlannedExchange } from './sharing.ts';
import type { Found, Tried } from './tried.ts';

/** The figures of a run that count what it keeps. */
export type Counts = Pick<Run, 'exchanges' | 'fetches' | 'measuredUsd'>;

/** What is to be kept of a trial. */
type Keeping = Pick<Extract<Tried, { kind: 'tried' }>, 'exchange' | 'settlement' | 'found'>;

/** What a run has brought so far: kept in the ledger first, then counted. */
export interface Tally {
  /** Keeps an exchange, what it was charged and what was found by it; false where the ledger cannot, which ends the run. */
  readonly keep: (keeping: Keeping) => Promise<boolean>;
  /** Counts what the ledger has of a planned exchange. */
  readonly enter: (planned: PlannedExchange, found: Found) => void;
  readonly fetched: (images: number) => void;
  readonly counts: () => Counts;
  readonly book: Book;
  readonly watch: Watch;
}

/** A tally that begins where an earlier part of the run has left it. */
export function makeTally(recorder: Recorder, ending: Ending, before: Counts): Tally {
  let { exchanges, fetches, measuredUsd } = before;
  const book = makeBook();
  const watch = makeWatch();
  return {
    keep: async (keeping) => {
      const lost = await record(recorder, keeping);
      if (lost !== undefined) {
        ending.stop({ kind: 'ledger-failed', detail: lost });
        return false;
      }
      const { exchange, found } = keeping;
      if (exchange !== undefined) {
        exchanges += 1;
        watch.see(outcomeOf(exchange));
      }
      for (const { evidence } of found) if (evidence.measured) measuredUsd += evidence.usd;
      return true;
    },
    enter: (planned, { case: one, evidence }) => book.enter(plannedKey(one, planned), evidence),
    fetched: (images) => {
      fetches += images;
    },
    counts: () => ({ exchanges, fetches, measuredUsd }),
    book,
    watch,
  };
}

/** Records an exchange, then its charge and its evidence; resolves to the reason if the ledger cannot keep them. */
async function record(
  recorder: Recorder,
  { exchange, settlement, found }: Keeping,
): Promise<string | undefined> {
  try {
    // All at once: a recorder keeps the order in which it is called, and can write them together.
    await Promise.all([
      ...(exchange === undefined ? [] : [recorder.exchange(exchange)]),
      ...(settlement === undefined ? [] : [recorder.usage(settlement)]),
      ...found.map(({ evidence }) => recorder.evidence(evidence)),
    ]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
