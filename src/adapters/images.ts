import { existsSync, readFileSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hash, MakeHash } from '../image/payload.ts';
import { readImage } from '../image/read.ts';
import { makeFolder } from './ledger.ts';

/** A longer image is not kept, nor one with which a run would have kept more than that; in bytes. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_OF_RUN = 2 ** 30;

/** The endings under which images are kept, by their real types. */
const ENDINGS = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
} as const;

/** Keeps images of answers while their bodies are reduced: what is hashed is what is kept. */
export interface ImageKeeper {
  /** Hashes, and hands on what turns out to be an image. */
  readonly makeHash: MakeHash;
  /** Resolves once all that it has is written; what was not kept, and why, in words. */
  readonly close: () => Promise<readonly string[]>;
}

/**
 * Keeps each image under its hash in a folder, whole or not at all, unless it shows what nobody may see. What cannot be written
 * is told in the end, and fails nothing.
 */
export function makeImageKeeper(
  folder: string,
  makeHash: MakeHash,
  isSecret: (text: string) => boolean,
): ImageKeeper {
  const writes = new Map<string, Promise<void>>();
  const reasons = new Map<string, number>();
  let kept = 0;

  function leaveOut(reason: string): void {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }

  async function write(path: string, bytes: Buffer): Promise<void> {
    const beside = `${path}.${process.pid}`;
    try {
      await makeFolder(folder);
      await writeFile(beside, bytes, { flag: 'w' });
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {});
      leaveOut(`cannot be written (${(error as Error).message})`);
    }
  }

  function keep(sha256: string, bytes: Buffer): void {
    const type = readImage(bytes)?.type;
    if (type === undefined) return;
    const path = join(folder, `${sha256}.${ENDINGS[type]}`);
    if (writes.has(path) || existsSync(path)) return;
    if (kept + bytes.length > MOST_OF_RUN) return leaveOut('beyond 1 GiB in one run');
    if (isSecret(bytes.toString('latin1'))) return leaveOut('with a secret in it');
    kept += bytes.length;
    writes.set(path, write(path, bytes));
  }

  return {
    makeHash: () => hashAndKeep(makeHash(), keep, () => leaveOut('longer than 64 MiB')),
    async close() {
      await Promise.all(writes.values());
      return Array.from(reasons, ([reason, count]) => `${count} ${reason}`);
    },
  };
}

/** A hash that remembers what it was given, and hands it on once it is asked for: what turns out to be no image never is. */
function hashAndKeep(
  hash: Hash,
  keep: (sha256: string, bytes: Buffer) => void,
  tooLong: () => void,
): Hash {
  let pieces: Buffer[] = [];
  let length = 0;
  return {
    add(bytes) {
      hash.add(bytes);
      length += bytes.length;
      if (length > MOST_BYTES) pieces = [];
      else pieces.push(Buffer.from(bytes)); // its place is used again
    },
    hex() {
      const sha256 = hash.hex();
      if (length > MOST_BYTES) tooLong();
      else keep(sha256, Buffer.concat(pieces));
      pieces = [];
      return sha256;
    },
  };
}

/** Whether any image was ever kept in a folder. */
export function hasKept(folder: string): boolean {
  return existsSync(folder);
}

/** The bytes of an image that was kept, or undefined where there is none; an older one may have been taken away. */
export function readKept(folder: string, sha256: string): Uint8Array | undefined {
  // A hash in a ledger is whatever stands there: only one that is none leads nowhere else.
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  for (const ending of Object.values(ENDINGS)) {
    const path = join(folder, `${sha256}.${ending}`);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === true && found.size <= MOST_BYTES) return readFileSync(path);
  }
  return undefined;
}
