import { inconclusive } from '../domain/judge.ts';
import { verdictOfTrials } from '../domain/trials.ts';
import { plannedKey } from './book.ts';
import type { Ending } from './ending.ts';
import type { RunEvent } from './events.ts';
import type { Meeting } from './meet.ts';
import type { Past } from './past.ts';
import { isSurprise, repetition, toTry } from './repetition.ts';
import { onlyFor, type PlannedCase, type PlannedExchange } from './sharing.ts';
import type { Tally } from './tally.ts';
import { tryOnce } from './trial.ts';
import { type Means, noteTrial, type Tried } from './tried.ts';

/** What the lanes of a run share. */
export interface Lanes {
  /** Id of the run, and version of Assay, as evidence bears them. */
  readonly run: string;
  readonly tool: string;
  readonly means: Means;
  readonly past: Past;
  readonly tally: Tally;
  readonly ending: Ending;
  readonly meeting: Meeting;
  readonly tell: (event: RunEvent) => void;
}

/**
 * Makes all trials of a planned exchange: a first one that surprises is made once more, and where an interval decides, until it does.
 * False where the budget could not even pay the first one: it is not settled by that, since something may be left for it in the end.
 */
export async function attend(planned: PlannedExchange, lanes: Lanes): Promise<boolean> {
  const { ending, tally, meeting, tell } = lanes;
  meeting.enter(planned);
  const foundOf = (one: PlannedCase) => tally.book.found(plannedKey(one, planned));
  let isPaid = true;
  for (let number = 1; !ending.signal.aborted; number += 1) {
    const cases = toTry(planned.cases, number, foundOf);
    const made = cases.length > 0 && (await makeTrial(onlyFor(planned, cases), number, lanes));
    isPaid = number > 1 || made !== 'unpaid';
    if (made !== true) break;
  }
  for (const one of planned.cases) noteSeries(one, planned, lanes);
  meeting.leave(planned);
  if (isPaid) tell({ kind: 'settled', exchange: planned });
  return isPaid;
}

/** Takes in what the ledger has already of a planned exchange, before anything is sent. */
export function recall(planned: PlannedExchange, { past, means, tally, tell }: Lanes): void {
  for (let number = 1; number <= repetition(planned.cases).most; number += 1) {
    for (const found of past.found(planned, number)) {
      const { case: one, evidence } = found;
      noteTrial(means, one, planned, evidence.verdict, evidence.observed);
      tally.enter(planned, found);
      tell({ kind: 'recalled', ...found, surprises: isSurprise(one, evidence) });
    }
  }
}

/** Whoever waits for a case that an interval decides hears the end of its trials, not each of them. */
function noteSeries(one: PlannedCase, planned: PlannedExchange, { tally, means }: Lanes): void {
  const { trials } = one.case;
  const key = plannedKey(one, planned);
  const last = tally.book.found(key).at(-1);
  if (trials === undefined || last === undefined) return;
  const open = inconclusive({ cause: 'unsure', detail: 'its trials came to no end' });
  const verdict = verdictOfTrials(trials, tally.book.found(key)) ?? open;
  means.board.note(key, verdict, last.observed);
}

/** One trial; not true where no other may follow. Its evidence is kept before this lane sends anything else. */
async function makeTrial(
  whole: PlannedExchange,
  number: number,
  lanes: Lanes,
): Promise<boolean | 'unpaid'> {
  const { run, tool, means, past, tally, ending, meeting, tell } = lanes;
  const planned = unfound(whole, number, past);
  if (planned.cases.length === 0) return true;
  await meeting.arrive(planned, number, ending.signal);
  if (ending.signal.aborted) return false;
  tell({ kind: 'started', exchange: planned, trial: number });
  const trial = { run, tool, target: planned.target, number };
  const tried = await tryOnce(planned, trial, means, past.exchanges(planned, number));
  if (tried.kind === 'unpaid') {
    if (number > 1)
      for (const one of planned.cases) tally.book.cutByBudget(plannedKey(one, planned));
    return 'unpaid';
  }
  return tried.kind === 'tried' && (await keepTried(planned, tried, lanes));
}

/** Keeps what came of a trial, and tells it; false where nothing more is to be sent. */
export async function keepTried(
  planned: PlannedExchange,
  tried: Extract<Tried, { kind: 'tried' }>,
  { means, tally, ending, tell }: Lanes,
): Promise<boolean> {
  if (planned.measures === undefined) means.measure.use(planned.target, tried.exchange);
  if (!(await tally.keep(tried))) return false;
  tally.fetched(tried.fetches);
  for (const found of tried.found) {
    tally.enter(planned, found);
    tell({ kind: 'judged', ...found, surprises: isSurprise(found.case, found.evidence) });
  }
  const outage = tally.watch.outage();
  if (outage !== undefined) {
    const detail = `target ${outage.cause}: ${outage.detail}`;
    ending.stop({ kind: 'outage', detail, undecided: 0 });
  }
  return true;
}

/** Only those cases of a planned exchange about which the run has not stored this trial. */
export function unfound(planned: PlannedExchange, trial: number, past: Past): PlannedExchange {
  const found = past.found(planned, trial);
  if (found.length === 0) return planned;
  const known = new Set(found.map((one) => one.case));
  return { ...planned, cases: planned.cases.filter((one) => !known.has(one)) };
}
