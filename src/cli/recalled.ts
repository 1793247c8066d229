import { isHeld } from '../adapters/hold.ts';
import { listLedger, readLedgerFile, runOf } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { sentenceOf } from '../domain/gateway.ts';
import type { Evidence } from '../domain/evidence.ts';
import { newShapes } from '../domain/news.ts';
import type { Problem } from '../domain/problem.ts';
import type { JudgedCase, Run } from '../domain/run.ts';
import { shardOf } from '../domain/shard.ts';
import { type Remembered, knowingUntil } from '../domain/standing.ts';
import type { RunClose } from '../ledger/lines.ts';
import { type KeptRun, readLedger } from '../ledger/read.ts';
import { runAgain } from '../ledger/run.ts';
import { select } from '../suite/selector.ts';
import type { Asked } from './arguments.ts';
import { derivedCases } from './derived.ts';
import { isBroken, ledgerFolders, openHeads, remember } from './memory.ts';
import type { Output, Refused } from './output.ts';
import type { Project } from './project.ts';
import { rehearsalOf } from './stage.ts';

/** A run of the ledger, told again. */
export interface Recalled {
  readonly run: Run;
  /** The folder of the ledger that has it. */
  readonly folder: string;
  /** Whether something of its file cannot be trusted. */
  readonly isBroken: boolean;
}

/**
 * Makes a run again from the ledger alone: the one whose id begins so, or the newest of all. Says what has changed since it was
 * made. Rejects with LedgerUnusable where its file cannot be read.
 */
export async function recall(
  asked: Asked,
  project: Project,
  beginning: string | undefined,
  output: Output,
): Promise<Recalled | Refused> {
  const found = await findRun(asked, beginning);
  if ('problems' in found) return found;
  const { folder, path } = found;
  let close: RunClose | undefined;
  const ledger = readLedger([await readLedgerFile(path)], sha256, (one) => (close = one));
  await output.problems(ledger.problems);
  const [kept] = ledger.runs;
  if (kept === undefined)
    return refused(`the run in ${path} was cut short in its first line`, 'nothing is known of it');
  // What was gone on with has no end yet, whatever end it had before.
  const lines = { ...ledger, ...(kept.close && close && { close }) };
  const run = runAgain(kept, lines, project.claim);
  const goesOn = kept.close === undefined && (await isHeld(path));
  await output.problems(asides(kept, ledger.evidence, project, goesOn));
  const sinceMs = Date.parse(run.endedAt);
  const earlier = await openHeads(folder, knowingUntil(sinceMs), output, run.id);
  const remembered = remember(project, [...earlier.evidence, ...ledger.evidence], sinceMs);
  const derived = await derivedAgain(kept, ledger.evidence, project, remembered);
  return {
    run: {
      ...run,
      cases: [...run.cases, ...derived],
      news: newShapes(run.id, ledger.evidence, remembered),
    },
    folder,
    isBroken: isBroken(ledger),
  };
}

/** The file of a run and the folder of the ledger that has it; of two folders the newest is by their days, since ids count up in each. */
async function findRun(
  asked: Asked,
  beginning: string | undefined,
): Promise<{ readonly folder: string; readonly path: string } | Refused> {
  const folders = ledgerFolders(asked);
  const all = (
    await Promise.all(
      folders.map(async (folder) => (await listLedger(folder)).map((path) => ({ folder, path }))),
    )
  ).flat();
  const where = folders.join(' or ');
  if (all.length === 0) return refused(`there is no run in ${where}`, 'assay run makes one');
  if (beginning === undefined) return await newestOf(all);
  const meant = all.filter(({ path }) => runOf(path).startsWith(beginning));
  const [one, ...more] = meant;
  if (one === undefined)
    return refused(
      `no run in ${where} begins with "${beginning}"`,
      '--ledger names another folder',
    );
  if (more.length === 0) return one;
  const ids = meant.map(({ path }) => runOf(path));
  const shown = ids.slice(-4).join(', ');
  return refused(
    `${ids.length} runs begin with "${beginning}"`,
    ids.length > 4 ? `the newest of them are ${shown}` : `they are ${shown}`,
  );
}

/** The last of each folder begins later than all before it there. */
async function newestOf<Found extends { readonly folder: string; readonly path: string }>(
  all: readonly Found[],
): Promise<Found | Refused> {
  const last = [...Map.groupBy(all, ({ folder }) => folder).values()].flatMap(
    (own) => own.at(-1) ?? [],
  );
  let newest: { readonly found: Found; readonly startMs: number } | undefined;
  for (const found of last) {
    const [run] = readLedger([await readLedgerFile(found.path)], sha256).runs;
    const startMs = Date.parse(run?.start.startedAt ?? '') || 0;
    if (newest === undefined || startMs > newest.startMs) newest = { found, startMs };
  }
  return newest?.found ?? refused('there is no run', 'assay run makes one');
}

/** What the run chose of derived claims: they have no evidence of their own, and follow from what was remembered as it ended. */
async function derivedAgain(
  { start }: KeptRun,
  evidence: readonly Evidence[],
  { suites, targets }: Project,
  remembered: Remembered,
): Promise<readonly JudgedCase[]> {
  const isOfPlan = start.discover === undefined && (shardOf(start.shard ?? '')?.index ?? 1) === 1;
  // A night on which nothing was due has selected nothing, which elsewhere is all.
  if (!isOfPlan || (start.selected.length === 0 && evidence.length === 0)) return [];
  const worlds = new Map<string, string>();
  const target = targets.find(({ name }) => name === start.target.name);
  if (start.target.grade === 'rehearsal' && target !== undefined) {
    for (const suite of suites) {
      const { world } = await rehearsalOf(target, suite, start.world);
      if (world !== undefined) worlds.set(suite.id, world);
    }
  }
  const { chosen } = select(suites, start.selected);
  return derivedCases(
    chosen,
    ({ suite }) => {
      const world = worlds.get(suite);
      return { ...start.target, ...(world !== undefined && { world }) };
    },
    remembered,
  );
}

/** What a reader has to know of a run that is told again: that it has no end, and what the suites say otherwise since. */
function asides(
  { start, close }: KeptRun,
  evidence: readonly Evidence[],
  project: Project,
  goesOn: boolean,
): readonly Problem[] {
  const since = new Set<string>();
  for (const { claim: id, sentence } of evidence) {
    const claim = project.claim(id);
    const now = claim && sentenceOf(claim, sha256);
    if (claim === undefined || (sentence !== undefined && sentence !== now)) since.add(id);
  }
  return [
    ...(close === undefined
      ? [
          warning(
            goesOn
              ? `run ${start.id} still goes on: this is what it has by now`
              : `run ${start.id} has no end: it was killed, and what it never came to is not known`,
          ),
        ]
      : []),
    ...(since.size > 0
      ? [
          warning(
            `the suites say something else since, or nothing, of ${listed([...since].toSorted())}: what is documented is as they have it today`,
          ),
        ]
      : []),
  ];
}

function warning(message: string): Problem {
  return { severity: 'warning', message };
}

function refused(message: string, hint: string): Refused {
  return { problems: [{ severity: 'error', message, hint }] };
}

const MOST_NAMED = 6;

function listed(ids: readonly string[]): string {
  const rest = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
