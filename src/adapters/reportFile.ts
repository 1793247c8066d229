import { statSync } from 'node:fs';
import { appendFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { putInPlace } from './files.ts';
import { makeFolder } from './ledger.ts';

/** Why a report cannot be written, in a few words. */
export class Unwritten extends Error {}

/**
 * Writes a file whole or not at all, with the folders above it: what was there stays until all of it is written. A link stays
 * one. Rejects with Unwritten.
 */
export async function writeReport(path: string, text: string): Promise<void> {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw new Error('it is a folder');
    if (found?.isFile() === false) throw new Error('it is no regular file');
    const real = found === undefined ? path : await realpath(path);
    await makeFolder(dirname(real));
    await putInPlace(real, Buffer.from(text), found?.mode);
  } catch (error) {
    throw new Unwritten(reasonOf(error), { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'nobody may write there',
  EPERM: 'nobody may write there',
  EROFS: 'nobody may write there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
  ENOENT: 'there is no such folder, and none can be made',
  ENAMETOOLONG: 'its name is too long',
};

/** The length of a file in bytes, 0 where there is none. */
export async function lengthOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Appends to a file that other programs append to as well, and makes it; rejects as `writeReport` does. */
export async function appendReport(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text);
  } catch (error) {
    throw new Unwritten(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
