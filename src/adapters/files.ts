import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Problem } from '../domain/problem.ts';

/** What a person wrote, as bytes: whether they are text, and what it means, is for a loader to say. */
export interface WrittenFile {
  /** The path by which it was read, and by which problems mention it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Nothing that a person writes for us is longer: a longer file is a mistake, and is not read. */
const MOST_BYTES = 1 << 20;

/** Reads a file that a person wrote; that it is absent, a folder, over 1 MiB or not to be read is a problem. */
export async function readWritten(
  path: string,
): Promise<{ readonly file: WrittenFile } | { readonly problem: Problem }> {
  try {
    const found = await stat(path);
    // A pipe or a device could be read for ever.
    if (!found.isFile())
      return refused(path, found.isDirectory() ? 'it is a folder' : 'it is no regular file');
    if (found.size > MOST_BYTES)
      return refused(path, `it has ${found.size} bytes, and at most 1 MiB is read`);
    return { file: { name: path, bytes: await readFile(path) } };
  } catch (error) {
    return refused(path, reasonOf(error));
  }
}

/** Reads all files of a folder whose names match, in the order of their names, without those left out. */
export async function readFolder(
  folder: string,
  matching: RegExp,
  leftOut: readonly string[] = [],
): Promise<{ readonly files: readonly WrittenFile[]; readonly problems: readonly Problem[] }> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    return { files: [], problems: [refused(folder, reasonOf(error)).problem] };
  }
  const chosen = names.filter((name) => matching.test(name) && !leftOut.includes(name)).toSorted();
  const read = await Promise.all(chosen.map((name) => readWritten(join(folder, name))));
  return {
    files: read.flatMap((one) => ('file' in one ? [one.file] : [])),
    problems: read.flatMap((one) => ('problem' in one ? [one.problem] : [])),
  };
}

/** The bytes of a file that a person wrote, or undefined where there is none to read; over 1 MiB it is not read. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= MOST_BYTES ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether anything has that name: a file, a folder, a link that leads nowhere. */
export function standsThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Writes a file that is not there yet, with the folders above it; rejects where something stands in its way. */
export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { flag: 'wx' });
}

/** Puts bytes in the place of a file, all or nothing: whoever reads it meets the old or the new, never a half. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const { mode } = await stat(path);
  await putInPlace(path, bytes, mode);
}

/** The same for a file that need not be there, in a folder that is. */
export async function putInPlace(path: string, bytes: Uint8Array, mode = 0o666): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const handle = await open(beside, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'it may not be read',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

function refused(path: string, reason: string): { readonly problem: Problem } {
  return { problem: { severity: 'error', message: `cannot read ${path}: ${reason}` } };
}
