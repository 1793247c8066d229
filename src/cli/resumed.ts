import { type Hold, holdFile, isHeld } from '../adapters/hold.ts';
import { findLedgerFile, readLedgerFile, readLedgerFiles } from '../adapters/ledger.ts';
import { LedgerUnusable } from '../adapters/ledgerFile.ts';
import { sha256 } from '../adapters/sha256.ts';
import { type Exchange, outcomeOf } from '../domain/exchange.ts';
import type { RunEnd } from '../domain/run.ts';
import { storedPrice } from '../domain/spent.ts';
import { isShared } from '../engine/outage.ts';
import type { Earlier } from '../engine/past.ts';
import { retryDelay } from '../engine/retry.ts';
import { type KeptRun, type Ledger, isCutShort, readLedger } from '../ledger/read.ts';
import { type Asked, valueOf } from './arguments.ts';
import { isBroken, ledgerFolders } from './memory.ts';
import type { Refused } from './output.ts';

/** A run that was cut short, with what it has stored, while this process alone may write its file. */
export interface Resumed {
  /** The folder of its ledger. */
  readonly folder: string;
  readonly run: KeptRun;
  readonly earlier: Earlier;
  readonly hold: Hold;
}

/**
 * Takes up a run that was cut short: the one of that name, or the newest (of the target, where one is asked for). Rejects
 * with LedgerUnusable where its chain does not hold.
 */
export async function takeUp(asked: Asked, name: string | undefined): Promise<Resumed | Refused> {
  const found = name === undefined ? await newestCutShort(asked) : await fileOf(name, asked);
  if (found === undefined) return nothingFound(asked, name);
  const { folder, path } = found;
  const hold = await holdFile(path);
  if (hold === undefined) {
    const hint = 'wait until it ends; another run can be named';
    return refused(`the run in ${path} goes on in another process`, hint);
  }
  // Only now: whoever held it may have added to it.
  const ledger = readLedger([await readLedgerFile(path)], sha256);
  const [run] = ledger.runs;
  const reason = whyNot(run, valueOf(asked, 'target'));
  if (run !== undefined && reason === undefined && !isBroken(ledger)) {
    return { folder, run, earlier: earlierOf(run, ledger), hold };
  }
  await hold.release();
  if (reason !== undefined)
    return refused(`${name ?? path} ${reason}`, 'assay run begins a new one');
  throw new LedgerUnusable(path, 'its chain does not hold, and assay ledger verify says where');
}

/** A file of a run, and the folder of the ledger that has it. */
interface Found {
  readonly folder: string;
  readonly path: string;
}

async function fileOf(name: string, asked: Asked): Promise<Found | undefined> {
  for (const folder of ledgerFolders(asked)) {
    const path = await findLedgerFile(folder, name);
    if (path !== undefined) return { folder, path };
  }
  return undefined;
}

/** By the time of their start, since the ids of two folders count on their own; one that still goes on only if there is no other. */
async function newestCutShort(asked: Asked): Promise<Found | undefined> {
  const target = valueOf(asked, 'target');
  const all: { readonly found: Found; readonly startMs: number }[] = [];
  for (const folder of ledgerFolders(asked)) {
    for (const run of readLedger(await readLedgerFiles(folder), sha256).runs) {
      const { start, file } = run;
      const isOfPlan = isCutShort(run) && start.discover === undefined;
      if (isOfPlan && (target === undefined || target === start.target.name))
        all.push({ found: { folder, path: file }, startMs: Date.parse(start.startedAt) });
    }
  }
  const newestFirst = all.toSorted((a, b) => b.startMs - a.startMs);
  for (const { found } of newestFirst) if (!(await isHeld(found.path))) return found;
  return newestFirst[0]?.found;
}

function nothingFound(asked: Asked, name: string | undefined): Refused {
  const where = ledgerFolders(asked).join(' or ');
  const target = valueOf(asked, 'target');
  const which = target === undefined ? '' : ` against ${target}`;
  return name === undefined
    ? refused(`no run${which} in ${where} was cut short`, 'assay run begins a new one')
    : refused(`there is no run ${name} in ${where}`, '--ledger names another folder');
}

/** Why a run cannot be gone on with. */
function whyNot(run: KeptRun | undefined, target: string | undefined): string | undefined {
  if (run === undefined) return 'was cut short in its first line, before anything was sent';
  if (run.start.discover !== undefined)
    return 'was a search of assay discover, which measures anew each time';
  if (!isCutShort(run)) {
    return run.close?.reason.kind === 'dropped' ? 'was dropped' : 'is complete';
  }
  const { name } = run.start.target;
  return target === undefined || target === name ? undefined : `is against ${name}, not ${target}`;
}

/** What the end of the run came before is asked anew; else it would stay undecided for as good as no reason. */
function earlierOf({ start, close, anew, lost }: KeptRun, ledger: Ledger): Earlier {
  const { exchanges, evidence } = ledger;
  const unfinished = exchanges.filter((one) => isUnfinished(one, close?.reason.kind));
  const stored = storedPrice(exchanges, evidence);
  const total = close?.summary;
  return {
    startedAt: start.startedAt,
    exchanges,
    evidence,
    anew: new Set([...anew, ...unfinished.map(idOf)]),
    // An end that was written says what was spent by then; what is stored says on what.
    lost:
      total === undefined
        ? lost
        : {
            requests: Math.max(0, total.requests - stored.requests),
            usd: Math.max(0, total.usd - stored.usd),
          },
  };
}

/** Whether an outage has left an exchange without its answer, or the end of the run without its retries or its charge. */
function isUnfinished(one: Exchange, end: RunEnd['kind'] | 'dropped' | undefined): boolean {
  if (end !== 'outage' && end !== 'interrupted') return false;
  if (one.usage?.kind === 'unmeasured' && one.usage.cause === 'interrupted') return true;
  const outcome = outcomeOf(one);
  if (end === 'outage' && outcome.kind === 'unanswered' && isShared(outcome.cause)) return true;
  const sentMs = Date.parse(one.attempts.at(-1)?.at ?? '');
  return retryDelay(outcome, one.attempts.length, sentMs) !== undefined;
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

function refused(message: string, hint: string): Refused {
  return { problems: [{ severity: 'error', message, hint, see: 'resuming' }] };
}
