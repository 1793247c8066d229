import { closeSync, fdatasync, fdatasyncSync, fstatSync, statSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Hold } from './hold.ts';

/** The ledger cannot be read or written: the disk is full, the folder is gone, or it may not be. */
export class LedgerUnusable extends Error {
  override readonly name = 'LedgerUnusable';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(
      `the ledger cannot be used: ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.path = path;
  }
}

/** The open file of one run, to which lines are only ever added. */
export interface LedgerFile {
  readonly path: string;
  /** Resolves once the line survives this process; rejects with LedgerUnusable, and so does every later one. */
  readonly append: (text: string) => Promise<void>;
  /** Resolves once all lines survive this machine, too; another process may write the file then. */
  readonly close: () => Promise<void>;
}

/** Lines that are written together. */
interface Batch {
  readonly lines: string[];
  readonly kept: PromiseWithResolvers<void>;
}

const SYNC_AFTER_MS = 1000;

/** The open file of one run, held by this process, to whose end lines are added. */
export function ledgerFile(path: string, file: number, hold: Hold): LedgerFile {
  let batch: Batch | undefined;
  // Lanes that go on in the same turn of the event loop are written together, at its end. While a turn brings only one, its
  // lines are written as soon as it has appended them: it goes on at once, and there is nobody to wait for.
  let isAlone = true;
  let inTurn = false;
  let linesOfFirst = 0;
  const { ino, size: before } = fstatSync(file);
  let size = before;
  // After a failed write there may be half a line at the end, to which nothing must be added.
  let failure: LedgerUnusable | undefined;
  let timer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> | undefined;

  function fail(error: unknown): LedgerUnusable {
    failure ??= new LedgerUnusable(path, error);
    return failure;
  }

  function beginTurn(): void {
    inTurn = true;
    queueMicrotask(endFirst);
    setImmediate(endTurn);
  }

  function endFirst(): void {
    linesOfFirst = isAlone ? 0 : (batch?.lines.length ?? 0);
    if (isAlone) write();
  }

  function endTurn(): void {
    inTurn = false;
    isAlone = batch === undefined || batch.lines.length === linesOfFirst;
    write();
  }

  function write(): void {
    if (batch === undefined) return;
    const { lines, kept } = batch;
    batch = undefined;
    try {
      if (failure !== undefined) throw failure;
      size += writeWhole(file, `${lines.join('\n')}\n`);
      const change = changeOf(path, file, ino, size);
      if (change !== undefined) throw new Error(change);
      timer ??= setTimeout(sync, SYNC_AFTER_MS).unref();
      kept.resolve();
    } catch (error) {
      kept.reject(fail(error));
    }
  }

  function sync(): void {
    timer = undefined;
    syncing = promisify(fdatasync)(file).catch((error: unknown) => {
      fail(error);
    });
  }

  return {
    path,
    append(text) {
      batch ??= { lines: [], kept: Promise.withResolvers() };
      batch.lines.push(text);
      if (!inTurn) beginTurn();
      return batch.kept.promise;
    },
    async close() {
      write();
      clearTimeout(timer);
      await syncing;
      try {
        fdatasyncSync(file);
        closeSync(file);
      } catch (error) {
        fail(error);
      }
      await hold.release();
      if (failure !== undefined) throw failure;
      fail(new Error('it is closed'));
    },
  };
}

/** Writes a whole text to an open file, and tells how many bytes it has. One call may write less than all, for instance on a disk that is all but full. */
export function writeWhole(file: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  return bytes.length;
}

/** What somebody else did to a file that is ours alone: the system goes on to take what is written to it, and nobody will find it. */
function changeOf(path: string, file: number, ino: number, size: number): string | undefined {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.ino === ino && there.size === size) return undefined;
  const own = fstatSync(file);
  if (own.nlink === 0) return 'it was removed';
  if (there?.ino !== ino) return 'it was moved away';
  return own.size === size
    ? undefined
    : `it has ${own.size} bytes instead of ${size}: another process changed it`;
}
