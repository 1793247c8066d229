import { surprises } from '../domain/run.ts';
import { plannedKey } from './book.ts';
import type { Ending } from './ending.ts';
import type { RunEvent } from './events.ts';
import type { Past } from './past.ts';
import type { PlannedExchange } from './sharing.ts';
import type { Tally } from './tally.ts';
import { tryOnce } from './trial.ts';
import type { Found, Means } from './tried.ts';

/** What the lanes of a run share. */
export interface Lanes {
  /** Id of the run, and version of Assay, as evidence bears them. */
  readonly run: string;
  readonly tool: string;
  readonly means: Means;
  readonly past: Past;
  readonly tally: Tally;
  readonly ending: Ending;
  /** Takes in an exchange that the budget could not pay. */
  readonly unpaid: (planned: PlannedExchange) => void;
  readonly tell: (event: RunEvent) => void;
}

/** Makes all trials of a planned exchange: a first one that surprises is tried once more. */
export async function attend(planned: PlannedExchange, lanes: Lanes): Promise<void> {
  const { signal } = lanes.ending;
  if (!signal.aborted && (await makeTrial(planned, 1, lanes)) && !signal.aborted)
    await makeTrial(planned, 2, lanes);
  lanes.tell({ kind: 'settled', exchange: planned });
}

/** Takes in what the ledger has already of a planned exchange, before anything is sent. */
export function recall(planned: PlannedExchange, { past, means, tally, tell }: Lanes): void {
  for (const found of [1, 2].flatMap((number) => past.found(planned, number))) {
    const { verdict, observed } = found.evidence;
    means.board.note(plannedKey(found.case, planned), verdict, observed);
    tally.enter(planned, found);
    tell({ kind: 'recalled', ...found, surprises: isSurprise(found) });
  }
}

/** One trial; true if it surprised. Its evidence is kept before this lane sends anything else. */
async function makeTrial(whole: PlannedExchange, number: number, lanes: Lanes): Promise<boolean> {
  const { run, tool, means, past, tally, ending, tell } = lanes;
  const known = past.found(whole, number);
  const recalled = known.some(isSurprise);
  const planned = without(whole, known);
  if (planned.cases.length === 0) return recalled;
  tell({ kind: 'started', exchange: planned, trial: number });
  const trial = { run, tool, target: planned.target, number };
  const tried = await tryOnce(planned, trial, means, past.exchanges(planned, number));
  if (tried.kind === 'unpaid' && number === 1) lanes.unpaid(planned);
  if (tried.kind !== 'tried') return false;
  if (planned.measures === undefined) means.measure.use(planned.target, tried.exchange);
  if (!(await tally.keep(tried))) return false;
  tally.fetched(tried.fetches);
  for (const found of tried.found) {
    tally.enter(planned, found);
    tell({ kind: 'judged', ...found, surprises: isSurprise(found) });
  }
  const outage = tally.watch.outage();
  if (outage !== undefined) {
    const detail = `target ${outage.cause}: ${outage.detail}`;
    ending.stop({ kind: 'outage', detail, undecided: 0 });
  }
  return recalled || tried.found.some(isSurprise);
}

/** Only those cases of a planned exchange about which nothing was found yet. */
function without(planned: PlannedExchange, found: readonly Found[]): PlannedExchange {
  if (found.length === 0) return planned;
  const known = new Set(found.map((one) => one.case));
  return { ...planned, cases: planned.cases.filter((one) => !known.has(one)) };
}

function isSurprise({ case: { claim }, evidence }: Found): boolean {
  return surprises(claim.documented.as, evidence.verdict);
}
