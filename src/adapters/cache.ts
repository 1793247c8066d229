import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Texts that can be made again, by a name of 64 hexadecimal digits; losing one costs time and nothing else. */
export interface Cache {
  /** The text that was written under this name; nothing where there is none, or not as it was written. */
  readonly read: (name: string) => string | undefined;
  /** Keeps a text if it can be kept, and says nothing if not. */
  readonly write: (name: string, text: string) => void;
}

/** So many entries are kept, the newest. */
const MOST_ENTRIES = 16;
/** Longer texts are not kept, in characters. */
const LONGEST = 1 << 26;
const ENTRY = /^[0-9a-f]{64}\.(?:json|[0-9a-f-]{36}\.part)$/;

/**
 * A cache in the folder `.cache` of a folder of reports. Where there are no reports, nobody has run anything, and nothing
 * is made; a `.cache` that is a link would lead elsewhere, and is left alone.
 */
export function openCache(reports: string): Cache {
  const folder = join(reports, '.cache');
  return {
    read(name) {
      try {
        if (!lstatSync(folder).isDirectory()) return undefined;
        const kept = readFileSync(join(folder, `${name}.json`));
        const bytes = kept.subarray(SUM_LENGTH);
        return kept.subarray(0, SUM_LENGTH).equals(sumOf(bytes)) ? bytes.toString() : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, text) {
      if (text.length > LONGEST) return;
      const part = join(folder, `${name}.${randomUUID()}.part`);
      try {
        mkdirSync(folder);
      } catch {
        // It is there already, or the next step says that it cannot be.
      }
      try {
        if (!lstatSync(folder).isDirectory()) return;
        // Whole or not at all: a reader meets the old entry or the new one.
        const bytes = Buffer.from(text);
        writeFileSync(part, sumOf(bytes), { flag: 'wx', mode: 0o600 });
        appendFileSync(part, bytes); // not joined before: an entry may be as large as all else that is remembered
        renameSync(part, join(folder, `${name}.json`));
        dropOld(folder);
      } catch {
        rmSync(part, { force: true });
      }
    },
  };
}

const SUM_LENGTH = 8;

/** Against accidents: whoever may write to the folder could write any sum as well. It takes a tenth of the time of a hash. */
function sumOf(bytes: Uint8Array): Buffer {
  return Buffer.from(crc32(bytes).toString(16).padStart(SUM_LENGTH, '0'));
}

function dropOld(folder: string): void {
  const entries = readdirSync(folder)
    .filter((name) => ENTRY.test(name))
    .map((name) => join(folder, name))
    .map((path) => ({ path, changedMs: statSync(path).mtimeMs }));
  const old = entries.toSorted((a, b) => b.changedMs - a.changedMs).slice(MOST_ENTRIES);
  for (const { path } of old) rmSync(path, { force: true });
}
