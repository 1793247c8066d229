import { relative, sep } from 'node:path';
import { openCache } from '../adapters/cache.ts';
import { type Heads, readHeads } from '../adapters/heads.ts';
import { readLedgerFiles } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import { type Remembered, indexEvidence } from '../domain/standing.ts';
import type { Ledger } from '../ledger/read.ts';
import { type Asked, valueOf } from './arguments.ts';
import { codeName } from './code.ts';
import { type Advance, advancing } from './line.ts';
import type { Output } from './output.ts';
import { type Project, suitesFolder } from './project.ts';
import { whenMs } from './when.ts';

/** Where live evidence is kept unless asked otherwise, and where rehearsals are. */
const LEDGER = 'reports/ledger';
const REHEARSALS = 'reports/rehearsals';

/** The folder of the ledger for live evidence or for rehearsals. */
export function ledgerFolder(asked: Asked, isRehearsal: boolean): string {
  return valueOf(asked, 'ledger') ?? (isRehearsal ? REHEARSALS : LEDGER);
}

/** The way from a ledger to the suites: the same however both folders are named, and wherever the repository lies. */
export function suitesFrom(ledger: string, asked: Asked): string {
  return relative(ledger, suitesFolder(asked)).replaceAll(sep, '/');
}

/** The folders of both ledgers, for verbs that look at all evidence; or the one that was asked for. */
export function ledgerFolders(asked: Asked): readonly string[] {
  const given = valueOf(asked, 'ledger');
  return given === undefined ? [LEDGER, REHEARSALS] : [given];
}

/** The time now in milliseconds, or what `--now` takes for it. */
export function nowMs(asked: Asked): number {
  const text = valueOf(asked, 'now');
  if (text === undefined) return Date.now();
  const ms = whenMs(text);
  if (ms === undefined) throw new Error(`--now ${text} came past the check of arguments`);
  return ms;
}

/** Of all that decides what is read of a line. */
const readers = () => `heads ${codeName(['adapters', 'domain', 'ledger'])}`;

/**
 * What standings, words, costs and retests follow from by a clock: the heads of a ledger, which an index has where nothing was
 * added since; but for one run where that is known already. Prints what is wrong with the ledger.
 */
export async function openHeads(
  folder: string,
  now: number,
  output: Pick<Output, 'problems' | 'line'> & Partial<Pick<Output, 'say'>>,
  known?: string,
): Promise<Heads> {
  const index = { cache: openCache('reports'), name: readers };
  const heads = await readHeads(
    folder,
    now,
    index,
    known,
    advancing({ say: () => {}, ...output }, 'reading the ledger'),
  );
  await output.problems(heads.problems);
  return heads;
}

/** Everything that a ledger folder holds, for who asks for more of its history than heads; prints what is wrong with it. */
export async function openLedger(folder: string, output: Output): Promise<Ledger> {
  const { readLedger } = await import('../ledger/read.ts');
  const files = await readLedgerFiles(folder);
  const ledger = readLedger(told(files, advancing(output, 'reading the ledger')), sha256);
  await output.problems(ledger.problems);
  return ledger;
}

/** The same things, each told as it is taken. */
function* told<Thing>(things: readonly Thing[], tell: Advance): Generator<Thing> {
  for (const [at, thing] of things.entries()) {
    tell(at, things.length);
    yield thing;
  }
  tell(things.length, things.length);
}

/** Whether some run of a ledger cannot be trusted; a line that a crash has cut is no such thing. */
export function isBroken({ problems }: Pick<Ledger, 'problems'>): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** What standings follow from: the evidence that may count, today's digests, and the clock. */
export function remember(project: Project, evidence: Iterable<Evidence>, now: number): Remembered {
  return {
    evidence: indexEvidence(evidence),
    claim: project.claim,
    digestOf: (aCase) => digest(aCase, sha256),
    now,
  };
}

/** The exchanges of a ledger by id. */
export function exchangesById(exchanges: Iterable<Exchange>): ReadonlyMap<string, Exchange> {
  return new Map(Array.from(exchanges, (exchange) => [exchange.id, exchange]));
}
