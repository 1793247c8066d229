import type { Evidence } from '../domain/evidence.ts';
import { type Exchange, settled } from '../domain/exchange.ts';
import type { Settlement } from '../domain/usage.ts';
import { readRun } from '../ledger/read.ts';
import { listLedger, readPieces } from './ledger.ts';
import { sha256 } from './sha256.ts';

/** What whoever walks through a ledger takes of each run. */
interface Walker {
  /** All evidence of a run. */
  readonly run: (evidence: readonly Evidence[]) => void;
  /** Whether an exchange, by its id, is wanted at all: most are large, and nobody asks for them. */
  readonly wants: (id: string) => boolean;
}

/**
 * Walks through all runs of a ledger, one file at a time and a line at a time, so that of a large one no more is held than what is
 * wanted of it: the exchanges that are, as they settled, by their ids. What is wrong with its files is for those to say who read
 * its heads. Throws LedgerUnusable.
 */
export async function walkLedger(
  folder: string,
  { run: take, wants }: Walker,
): Promise<ReadonlyMap<string, Exchange>> {
  const exchanges = new Map<string, Exchange>();
  const seen = new Set<string>();
  for (const path of await listLedger(folder)) {
    const evidence: Evidence[] = [];
    const own = new Map<string, Exchange>();
    const settlements: Settlement[] = [];
    const { run } = readRun(path, readPieces(path), sha256, {
      evidence: (one) => evidence.push(one),
      exchange: (one) => wants(one.id) && own.set(one.id, one),
      usage: (one) => wants(one.exchange) && settlements.push(one),
    });
    // One run in two files counts once.
    if (run === undefined || seen.has(run.start.id)) continue;
    seen.add(run.start.id);
    take(evidence);
    for (const [id, one] of own) exchanges.set(id, one);
    for (const settlement of settlements) {
      const one = own.get(settlement.exchange);
      if (one !== undefined) exchanges.set(one.id, settled(one, settlement));
    }
  }
  return exchanges;
}
