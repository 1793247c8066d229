import { statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Evidence } from '../domain/evidence.ts';
import { addRun, type HeadsByCase, foundHeads, headsIn } from '../domain/heads.ts';
import { compareInstants } from '../domain/instant.ts';
import type { Problem } from '../domain/problem.ts';
import { knownUntil } from '../domain/standing.ts';
import { type Packed, packed, unpacked } from '../ledger/packed.ts';
import type { KeptRun, Ledger } from '../ledger/read.ts';
import type { Cache } from './cache.ts';
import { listLedger, readPieces, runOf } from './ledger.ts';
import { LedgerUnusable } from './ledgerFile.ts';
import { sha256 } from './sha256.ts';

/** What every day's questions need of a ledger: of its evidence, the heads. */
export type Heads = Pick<Ledger, 'runs' | 'evidence' | 'problems'>;

/** Where heads are kept so that lines need not be read again: under a name that changes with the code that reads them. */
export interface HeadsIndex {
  readonly cache: Cache;
  readonly name: () => string;
}

/** A file of the ledger as it was read. */
interface KnownFile {
  readonly path: string;
  /** Its length, its dates and its place on the disk: whatever is done to a file, one of them changes. */
  readonly identity: string;
  readonly run?: KeptRun;
  readonly problems: readonly Problem[];
  /** What it has of each case, where that is not among the heads of all: of a run that goes on, or was killed. */
  readonly apart?: readonly Evidence[];
  /** The file whose run it holds once more, for which it does not count. */
  readonly copyOf?: string;
  /** When its latest evidence that was known is dated, and its earliest that was not; ISO 8601. */
  readonly newest?: string;
  readonly leftOut?: string;
}

/** Files in the order of the ledger, and the heads of those that are not kept apart. */
interface Index {
  readonly files: readonly KnownFile[];
  readonly heads: readonly Evidence[];
}

/**
 * Each head outlives the run that it is read with, and is garbage after the next: V8 would double its space for what is young,
 * up to 128 MiB, and clear up what is old only when there is four times as much. Not to do so spares a third of the memory, for a
 * tenth of the time.
 * How Node has it otherwise is set again afterwards.
 */
const SPARING = ['--semi-space-growth-factor=1', '--heap-growing-percent=60'];
const AS_EVER = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];

const NOTHING: Index = { files: [], heads: [] };

/**
 * The heads of a ledger by a clock, without the file of one run where that is known already. An index saves reading all lines
 * again, and changes no answer: a file that goes on is read anew; where one whose run has ended is changed, shortened or gone,
 * or another one comes before its copy, everything is. So it is for a clock by which not all of it was known.
 */
export async function readHeads(
  folder: string,
  now: number,
  { cache, name }: HeadsIndex,
  except?: string,
  tell: (read: number, files: number) => void = () => {},
): Promise<Heads> {
  const paths = (await listLedger(folder)).filter((path) => runOf(path) !== except);
  if (paths.length === 0) return { runs: [], evidence: [], problems: [] };
  const files = paths.map((path) => ({ path, identity: identityOf(path) }));
  const entry = sha256(`${name()}\n${folder}`);
  const until = new Date(knownUntil({ now })).toISOString();
  for (const flag of SPARING) setFlagsFromString(flag);
  const kept = await broughtUp(readIndex(cache, entry), files, until, tell);
  // By now nothing holds an index that is outdated: it would take as much memory as the one that is made.
  const index = kept.index ?? (await broughtUp(NOTHING, files, until, tell)).index ?? NOTHING;
  for (const flag of AS_EVER) setFlagsFromString(flag);
  if (!kept.isAsKept && !kept.looksBack) cache.write(entry, textOf(index));
  return {
    runs: index.files.flatMap(({ run, copyOf }) => (run && copyOf === undefined ? [run] : [])),
    evidence: [...index.heads, ...index.files.flatMap(({ apart = [] }) => apart)],
    problems: index.files.flatMap(({ problems }) => problems),
  };
}

/** An index as it is kept. */
interface KeptIndex extends Omit<Index, 'heads'> {
  readonly heads: Packed;
}

function textOf({ files, heads }: Index): string {
  return JSON.stringify({ files, heads: packed(heads) } satisfies KeptIndex);
}

function readIndex(cache: Cache, entry: string): Index {
  const text = cache.read(entry);
  if (text === undefined) return NOTHING;
  const { files, heads } = JSON.parse(text) as KeptIndex;
  return { files, heads: unpacked(heads) };
}

/** What became of an index. */
interface BroughtUp {
  /** Undefined where the other one is outdated as a whole, as nothing never is. */
  readonly index?: Index;
  readonly isAsKept?: true;
  /** Whether the other one knew more: whoever looks back does it once, and what was known less long ago is kept. */
  readonly looksBack: boolean;
}

/** An index of these files by a clock, with what another has of them. */
async function broughtUp(
  known: Index,
  files: readonly Pick<KnownFile, 'path' | 'identity'>[],
  until: string,
  tell: (read: number, files: number) => void,
): Promise<BroughtUp> {
  const looksBack = known.files.some(({ newest }) => isAfter(newest, until));
  const identities = new Map(files.map(({ path, identity }) => [path, identity]));
  const before = new Map<string, KnownFile>();
  for (const one of known.files) {
    const { path, identity, newest, leftOut } = one;
    const isOfThen = !isAfter(newest, until) && (leftOut === undefined || isAfter(leftOut, until));
    if (isOfThen && identities.get(path) === identity) before.set(path, one);
    else if (isAmongHeads(one)) return { looksBack };
  }
  if (before.size === files.length && before.size === known.files.length)
    return { index: known, isAsKept: true, looksBack };
  const heads = foundHeads(known.heads);
  const all: KnownFile[] = [];
  const runs = new Map<string, string>();
  for (const [at, file] of files.entries()) {
    tell(at, files.length);
    const one = before.get(file.path) ?? (await readFile(file, until, runs, heads));
    const id = one.run?.start.id ?? '';
    if (one.copyOf !== runs.get(id)) return { looksBack };
    if (one.run !== undefined && one.copyOf === undefined) runs.set(id, one.path);
    all.push(one);
  }
  tell(files.length, files.length);
  return { index: { files: all, heads: headsIn(heads) }, looksBack };
}

/** Whether the evidence of a file is among the heads of all, where it cannot be told from that of others any more. */
function isAmongHeads({ apart, copyOf }: KnownFile): boolean {
  return apart === undefined && copyOf === undefined;
}

/** Reads one file; what it has is added to the heads if its run has ended, and if it is not the run of a file before it. */
async function readFile(
  file: Pick<KnownFile, 'path' | 'identity'>,
  until: string,
  runs: ReadonlyMap<string, string>,
  heads: HeadsByCase,
): Promise<KnownFile> {
  // The shapes of lines take long to load, and where nothing has changed they are not needed.
  const { readRun, copied } = await import('../ledger/read.ts');
  const own: Evidence[] = [];
  let newest: string | undefined;
  let leftOut: string | undefined;
  const { run, problems } = readRun(file.path, readPieces(file.path), sha256, {
    evidence(one) {
      if (isAfter(one.at, until)) {
        if (leftOut === undefined || isAfter(leftOut, one.at)) leftOut = one.at;
        return;
      }
      if (newest === undefined || isAfter(one.at, newest)) newest = one.at;
      own.push(one);
    },
  });
  const read: KnownFile = {
    ...file,
    problems,
    ...(run && { run }),
    ...(newest !== undefined && { newest }),
    ...(leftOut !== undefined && { leftOut }),
  };
  const copyOf = run && runs.get(run.start.id);
  if (copyOf !== undefined)
    return { ...read, copyOf, problems: [...problems, copied(file.path, copyOf)] };
  const goesOn = run !== undefined && run.close === undefined;
  const among: HeadsByCase = goesOn ? new Map() : heads;
  addRun(among, own);
  return goesOn ? { ...read, apart: headsIn(among) } : read;
}

function isAfter(at: string | undefined, other: string): boolean {
  return at !== undefined && compareInstants(at, other) > 0;
}

function identityOf(path: string): string {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch (error) {
    throw new LedgerUnusable(path, error);
  }
}
