import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Recorder } from '../engine/ports.ts';
import { GENESIS, type HashText, type LedgerText, type Tail, writeLine } from '../ledger/chain.ts';
import {
  cutForLedger,
  type Line,
  type RunClose,
  type RunResumed,
  type RunStart,
} from '../ledger/lines.ts';
import { type Hold, holdFile } from './hold.ts';
import { type LedgerFile, ledgerFile, LedgerUnusable } from './ledgerFile.ts';

const RUN_ID = /^r(\d{4})(\d{2})\d{2}-(\d{4,})-[0-9a-f]{4}$/;
const ENDING = '.jsonl';

/**
 * An id for a new run, `r20260330-0001-7f3a`: the day of the clock in UTC, a number above all others in the folder, so that
 * ids count up, and chance, so that two machines do not choose the same. `random` gives numbers from 0 to below 1.
 */
export async function nextRunId(
  folder: string,
  wallMs: number,
  random: () => number,
): Promise<string> {
  const numbers = (await listLedger(folder)).map((path) =>
    Number(RUN_ID.exec(runOf(path))?.[3] ?? 0),
  );
  const next = 1 + numbers.reduce((most, number) => Math.max(most, number), 0);
  const day = new Date(wallMs).toISOString().slice(0, 10).replaceAll('-', '');
  const chance = Math.floor(random() * 0x1_0000)
    .toString(16)
    .padStart(4, '0');
  return `r${day}-${String(next).padStart(4, '0')}-${chance}`;
}

/** The paths of all files of a ledger, in the order of their runs; none if there is no such folder yet. */
export async function listLedger(folder: string): Promise<readonly string[]> {
  try {
    const found = await readdir(folder, { recursive: true });
    return found
      .filter((name) => name.endsWith(ENDING))
      .map((name) => join(folder, name))
      .toSorted((a, b) => (runOf(a) < runOf(b) ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new LedgerUnusable(folder, error);
  }
}

/** The path of one run's file in a ledger, or undefined where it has none. */
export async function findLedgerFile(folder: string, run: string): Promise<string | undefined> {
  return (await listLedger(folder)).find((path) => runOf(path) === run);
}

/** Reads one file of a ledger. */
export async function readLedgerFile(path: string): Promise<LedgerText> {
  try {
    return { name: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw new LedgerUnusable(path, error);
  }
}

/** What is read of a file at a time. */
const CHUNK_BYTES = 1 << 20;

/** A file of a ledger, cut at its line feeds, read as it is asked for: a whole one may be longer than any text. Throws LedgerUnusable. */
export function* readPieces(path: string): Generator<string> {
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest = '';
  try {
    const file = openSync(path, 'r');
    try {
      for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
        const pieces = decoder.write(chunk.subarray(0, length)).split('\n');
        pieces[0] = rest + (pieces[0] ?? '');
        rest = pieces.pop() ?? '';
        yield* pieces;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new LedgerUnusable(path, error);
  }
  yield rest + decoder.end();
}

/** Reads all files of a ledger but that of one run, one after the other: together they may be large. */
export async function readLedgerFiles(
  folder: string,
  except?: string,
): Promise<readonly LedgerText[]> {
  const files: LedgerText[] = [];
  for (const path of await listLedger(folder)) {
    if (runOf(path) !== except) files.push(await readLedgerFile(path));
  }
  return files;
}

/** The run that a file of a ledger is named after. */
export function runOf(path: string): string {
  return basename(path, ENDING);
}

/** Makes the file of a new run, `<folder>/<year>-<month>/<run>.jsonl`; rejects with LedgerUnusable, also if it is there already. */
export async function openLedgerFile(folder: string, run: string): Promise<LedgerFile> {
  const [, year, month] = RUN_ID.exec(run) ?? [];
  if (year === undefined || month === undefined) throw new Error(`${run} is no id of a run`);
  const path = join(folder, `${year}-${month}`, `${run}${ENDING}`);
  try {
    await makeFolder(dirname(path));
    const file = openSync(path, 'ax');
    const hold = await holdFile(path);
    if (hold === undefined) throw new Error('another process writes it');
    for (const above of [dirname(path), folder]) keepEntries(above);
    return ledgerFile(path, file, hold);
  } catch (error) {
    throw new LedgerUnusable(path, error);
  }
}

/** Makes a folder and those above it. Node's own `recursive` never ends below a folder that takes none, such as /proc. */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above);
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another run has just made it
  });
}

/** A new file survives the machine only if the folder that names it does. */
export function keepEntries(folder: string): void {
  try {
    const entries = openSync(folder, 'r');
    fsyncSync(entries);
    closeSync(entries);
  } catch {
    // Not every system opens a folder; those that do not keep its entries on their own.
  }
}

/** Opens the file of a run that goes on, behind its last whole line, for whoever holds it; throws LedgerUnusable. */
export function reopenLedgerFile(path: string, tail: Tail, hold: Hold): LedgerFile {
  try {
    const file = openSync(path, 'r+');
    ftruncateSync(file, tail.bytes);
    closeSync(file);
    return ledgerFile(path, openSync(path, 'a'), hold);
  } catch (error) {
    throw new LedgerUnusable(path, error);
  }
}

/** Keeps what comes of one run. */
export interface RunRecorder extends Recorder {
  readonly start: (run: RunStart) => Promise<void>;
  readonly resume: (resume: RunResumed) => Promise<void>;
  readonly end: (end: RunClose) => Promise<void>;
}

/** Chains lines, in the order of the calls, onto a file; one that is continued has the hash that its next line must bear. */
export function recorder(file: LedgerFile, sha256: HashText, prev = GENESIS): RunRecorder {
  let last = prev;
  const append = (line: Line) => {
    const { text, hash } = writeLine(line, last, sha256);
    last = hash;
    return file.append(text);
  };
  return {
    start: (run) => append({ kind: 'run', run }),
    resume: (resume) => append({ kind: 'resume', resume }),
    exchange: (exchange) => append({ kind: 'exchange', exchange: cutForLedger(exchange) }),
    usage: (usage) => append({ kind: 'usage', usage }),
    evidence: (evidence) => append({ kind: 'evidence', evidence }),
    end: (end) => append({ kind: 'end', end }),
  };
}
