import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ToldLine, type ToldText, readTold } from '../ledger/told.ts';
import { holdFile } from './hold.ts';
import { keepEntries, makeFolder } from './ledger.ts';
import { LedgerUnusable, writeWhole } from './ledgerFile.ts';

/** The open file of what one receiver was told; no other process has it open. */
export interface ToldFile extends ToldText {
  /** Adds a line, which survives this machine when it returns; throws LedgerUnusable. */
  readonly append: (line: ToldLine) => void;
  readonly close: () => Promise<void>;
}

/** Reads such a file; one that is not there yet has no lines. Rejects with LedgerUnusable. */
export async function readToldFile(path: string): Promise<ToldText> {
  try {
    return readTold({ name: path, text: await readFile(path, 'utf8') });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { lines: [], bytes: 0, problems: [] };
    throw new LedgerUnusable(path, error);
  }
}

/**
 * Opens it behind its last whole line, or makes it; undefined while another process has it. Where a line cannot be read it is
 * left as it is. Rejects with LedgerUnusable.
 */
export async function openToldFile(path: string): Promise<ToldFile | undefined> {
  const folder = dirname(path);
  try {
    await makeFolder(folder);
    const hold = await holdFile(path);
    if (hold === undefined) return undefined;
    try {
      const read = await readToldFile(path);
      const file = openSync(path, 'a');
      keepEntries(folder);
      ftruncateSync(file, read.bytes);
      return {
        ...read,
        append: (line) => appendTo(path, file, line),
        async close() {
          closeSync(file);
          await hold.release();
        },
      };
    } catch (error) {
      await hold.release();
      throw error;
    }
  } catch (error) {
    throw error instanceof LedgerUnusable ? error : new LedgerUnusable(path, error);
  }
}

function appendTo(path: string, file: number, line: ToldLine): void {
  try {
    writeWhole(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } catch (error) {
    throw new LedgerUnusable(path, error);
  }
}
