import { readLedgerFiles } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { Case } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { Problem } from '../domain/problem.ts';
import { type Remembered, indexEvidence } from '../domain/standing.ts';
import { type Ledger, readLedger } from '../ledger/read.ts';
import { type Asked, valueOf } from './arguments.ts';
import type { Project } from './project.ts';
import { whenMs } from './when.ts';

/** Where live evidence is kept unless asked otherwise, and where rehearsals are. */
export const LEDGER = 'reports/ledger';
export const REHEARSALS = 'reports/rehearsals';

/** The folder of the ledger for live evidence or for rehearsals. */
export function ledgerFolder(asked: Asked, isRehearsal: boolean): string {
  return valueOf(asked, 'ledger') ?? (isRehearsal ? REHEARSALS : LEDGER);
}

/** The time now, or what `--now` takes for it; undefined where that is no time. */
export function nowMs(asked: Asked): number | undefined {
  const text = valueOf(asked, 'now');
  return text === undefined ? Date.now() : whenMs(text);
}

/** The problem with a `--now` that is no time. */
export const NOW_PROBLEM: Problem = {
  severity: 'error',
  message: '--now takes a day or an instant with its zone',
  hint: 'write 2026-03-30 or 2026-03-30T12:00:00Z',
};

/** Everything that a ledger folder holds, but for one run where that is known already, and what is wrong with it. */
export async function openLedger(folder: string, known?: string): Promise<Ledger> {
  return readLedger(await readLedgerFiles(folder, known), sha256);
}

/** What standings follow from: the evidence that may count, today's digests (some are known already), and the clock. */
export function remember(
  project: Project,
  evidence: Iterable<Evidence>,
  now: number,
  known: Iterable<readonly [Case, string]> = [],
): Remembered {
  const digests = new Map(known);
  return {
    evidence: indexEvidence(evidence),
    claim: project.claim,
    digestOf(aCase) {
      const found = digests.get(aCase) ?? digest(aCase, sha256);
      digests.set(aCase, found);
      return found;
    },
    now,
  };
}

/** The exchanges of a ledger by id. */
export function exchangesById(exchanges: Iterable<Exchange>): ReadonlyMap<string, Exchange> {
  return new Map(Array.from(exchanges, (exchange) => [exchange.id, exchange]));
}
