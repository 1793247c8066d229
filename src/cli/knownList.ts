import { join } from 'node:path';
import { readWritten, replaceFile, standsThere, type WrittenFile } from '../adapters/files.ts';
import type { KnownContradiction } from '../domain/known.ts';
import type { Suite } from '../domain/claim.ts';
import { loadKnown } from '../suite/known.ts';
import { type Asked, valueOf } from './arguments.ts';
import type { Refused } from './output.ts';
import { KNOWN, suitesFolder } from './project.ts';

/** The list of known contradictions, and the file that it stands in; without one nothing is known. */
export interface KnownList {
  readonly known: readonly KnownContradiction[];
  readonly file?: WrittenFile;
}

/** Reads the list that was asked for, or the one among the suites, if there is one. */
export async function readKnownList(
  asked: Asked,
  suites: readonly Suite[],
): Promise<KnownList | Refused> {
  const given = valueOf(asked, 'known');
  const path = given ?? join(suitesFolder(asked), KNOWN);
  if (given === undefined && !standsThere(path)) return { known: [] };
  const written = await readWritten(path);
  if ('problem' in written) return { problems: [written.problem] };
  const { known, problems } = loadKnown(written.file, suites);
  return problems.length > 0 ? { problems } : { known, file: written.file };
}

/** The list without some of its entries, its file replaced at once; what would change anything else is refused. */
export async function prune(
  { known, file }: KnownList,
  gone: readonly KnownContradiction[],
  suites: readonly Suite[],
): Promise<KnownList | Refused> {
  if (file === undefined || gone.length === 0) return { known };
  const { withoutEntries } = await import('../suite/prune.ts');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.bytes);
  const indexes = new Set(gone.map((entry) => known.indexOf(entry)));
  const pruned = { ...file, bytes: new TextEncoder().encode(withoutEntries(text, indexes)) };
  const left = loadKnown(pruned, suites);
  const kept = known.filter((entry) => !gone.includes(entry));
  if (left.problems.length > 0 || saidBy(left.known) !== saidBy(kept)) {
    const message = `${file.name}: its entries cannot be taken apart; take these out by hand: ${gone.map(({ selector }) => selector).join(', ')}`;
    return { problems: [{ severity: 'error', message }] };
  }
  try {
    await replaceFile(file.name, pruned.bytes);
  } catch (error) {
    const message = `cannot write ${file.name}: ${(error as Error).message}`;
    return { problems: [{ severity: 'error', message }] };
  }
  return { known: left.known, file: pruned };
}

function saidBy(known: readonly KnownContradiction[]): string {
  return JSON.stringify(
    known.map(({ selector, owner, reason, link, until }) => [selector, owner, reason, link, until]),
  );
}
