import pLimit from 'p-limit';
import type { Exchange } from '../domain/exchange.ts';
import { outcomeOf } from '../domain/exchange.ts';
import { type LeftOut, type Run, type RunEnd, surprises } from '../domain/run.ts';
import type { Verdict } from '../domain/verdict.ts';
import { plannedKey, makeBook } from './book.ts';
import { type Claims, makeBoard } from './controls.ts';
import type { RunEvent } from './events.ts';
import { seenTarget } from './evidence.ts';
import { makeGate, makePurse } from './limits.ts';
import { makeWatch, type Outage } from './outage.ts';
import { leftOutOf, type Plan } from './plan.ts';
import type { Ports, Recorder } from './ports.ts';
import { type Earlier, makePast, NOTHING, type Past } from './past.ts';
import type { PlannedExchange } from './sharing.ts';
import { type Means, type Found, tryOnce } from './trial.ts';

/** What a run is told besides its plan. */
export interface RunOrder {
  /** Id of the run. */
  readonly id: string;
  /** Version of Assay. */
  readonly tool: string;
  /** The target's key, without the channel pin; no key is shown if absent. */
  readonly key?: string;
  /** All claims that were loaded: a derived control is computed from its parts. */
  readonly claims: Claims;
  /** What the run had stored before it was cut short; absent for a new one. */
  readonly earlier?: Earlier;
  /** Ends the run: what is known is finished and written, the rest is undecided, cause `interrupted`. */
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
}

/** Why a run stops before its plan is through, other than by its signal. */
type EarlyEnd = Extract<RunEnd, { kind: 'outage' | 'ledger-failed' }>;

/** The trials of an exchange; the second is for one whose first surprised. */
const TRIALS = [1, 2] as const;

/**
 * Executes a plan: sends, judges, records, exchange by exchange; a first trial that surprises is tried once more. A run
 * that goes on does so with what it has not stored, and what comes of it is about the whole run.
 */
export async function run(plan: Plan, ports: Ports, order: RunOrder): Promise<Run> {
  const { clock, recorder } = ports;
  const startedAt = order.earlier?.startedAt ?? new Date(clock.wall()).toISOString();
  const past = makePast(order.earlier ?? NOTHING, ports.sha256);
  const stop = new AbortController();
  const { signal } = stop;
  const interrupt = (): void => stop.abort();
  if (order.signal.aborted) interrupt();
  else order.signal.addEventListener('abort', interrupt, { once: true });
  const purse = makePurse(plan.target.budget, past.spent);
  const means: Means = {
    ports,
    keep: async (exchange) => await kept(exchange, []),
    restraints: { gate: makeGate(plan.target.pace, clock), purse, signal },
    board: makeBoard(order.claims),
    key: order.key,
    ids: makeIds(order.id, past.last),
  };
  const book = makeBook();
  const watch = makeWatch();
  const unpaid: PlannedExchange[] = [];
  let exchanges = order.earlier?.exchanges.length ?? 0;
  let { fetches } = past;
  let fault: EarlyEnd | undefined;

  const end = (why: EarlyEnd): void => {
    if (fault !== undefined) return;
    fault = why;
    order.tell({ kind: why.kind, detail: why.detail });
    stop.abort();
  };

  /** Keeps what a trial brought and counts it; false where the ledger cannot keep it, which ends the run. */
  const kept = async (exchange: Exchange | undefined, found: readonly Found[]) => {
    const lost = await keep(recorder, exchange, found);
    if (lost !== undefined) {
      end({ kind: 'ledger-failed', detail: lost });
      return false;
    }
    if (exchange !== undefined) {
      exchanges += 1;
      watch.see(outcomeOf(exchange));
    }
    return true;
  };

  const recall = (planned: PlannedExchange, found: Found): void => {
    const key = plannedKey(found.case, planned);
    means.board.note(key, found.evidence.verdict, found.evidence.observed);
    book.enter(key, found.evidence);
    order.tell({ kind: 'recalled', ...found, surprises: isSurprise(found) });
  };

  /** One trial; true if it surprised. Its evidence is kept before this lane sends anything else. */
  const makeTrial = async (whole: PlannedExchange, number: number): Promise<boolean> => {
    const known = past.found(whole, number);
    const recalled = known.some(isSurprise);
    const planned = without(whole, known);
    if (planned.cases.length === 0) return recalled;
    order.tell({ kind: 'started', exchange: planned, trial: number });
    const trial = { run: order.id, tool: order.tool, target: planned.target, number };
    const tried = await tryOnce(planned, trial, means, past.exchanges(planned, number));
    if (tried.kind === 'unpaid' && number === 1) unpaid.push(planned);
    if (tried.kind !== 'tried') return false;
    if (!(await kept(tried.exchange, tried.found))) return false;
    fetches += tried.fetches;
    for (const found of tried.found) {
      book.enter(plannedKey(found.case, planned), found.evidence);
      order.tell({ kind: 'judged', ...found, surprises: isSurprise(found) });
    }
    const outage = watch.outage();
    if (outage !== undefined)
      end({ kind: 'outage', detail: `target ${outage.cause}: ${outage.detail}`, undecided: 0 });
    return recalled || tried.found.some(isSurprise);
  };

  const attend = async (planned: PlannedExchange): Promise<void> => {
    if (!signal.aborted && (await makeTrial(planned, 1)) && !signal.aborted)
      await makeTrial(planned, 2);
    order.tell({ kind: 'settled', exchange: planned });
  };

  order.tell({ kind: 'planned', plan });
  for (const planned of plan.exchanges) {
    for (const number of TRIALS)
      for (const found of past.found(planned, number)) recall(planned, found);
  }
  await inOrder(plan, attend);

  const notSent = new Set(unpaid.flatMap((planned) => planned.cases));
  const attended = plan.exchanges.map((planned) => ({
    ...planned,
    cases: planned.cases.filter((one) => !notSent.has(one)),
  }));
  const cases = book.close(attended, unjudged(watch.outage()));
  const undecided = cases.filter(({ verdict }) => verdict.kind === 'inconclusive').length;
  const leftOut: readonly LeftOut[] = [
    ...plan.leftOut,
    ...unpaid.flatMap((one) => leftOutOf(one, 'budget')),
  ];
  const hint = watch.hint();
  const { requests, usd } = purse.spent();
  return {
    id: order.id,
    target: seenTarget(plan.target),
    startedAt,
    endedAt: new Date(clock.wall()).toISOString(),
    end: ended(fault, order.signal, undecided),
    cases,
    leftOut,
    exchanges,
    requests,
    fetches,
    usd,
    hints: hint === undefined ? [] : [hint],
  };
}

/** Attends to each exchange once those it waits for are through, as many at a time as the target allows. */
async function inOrder(
  { exchanges, target }: Plan,
  attend: (planned: PlannedExchange) => Promise<void>,
): Promise<void> {
  const limit = pLimit(target.concurrency);
  const attended = new Map<string, Promise<void>>();
  for (const planned of exchanges) {
    const before = planned.after.flatMap((id) => attended.get(id) ?? []);
    const turn =
      before.length === 0
        ? limit(attend, planned)
        : Promise.all(before).then(() => limit(attend, planned));
    attended.set(planned.id, turn);
  }
  await Promise.all(attended.values());
}

/** Records an exchange, then its evidence; resolves to the reason if the ledger cannot keep them. */
async function keep(
  recorder: Recorder,
  exchange: Exchange | undefined,
  found: readonly Found[],
): Promise<string | undefined> {
  try {
    // All at once: a recorder keeps the order in which it is called, and can write them together.
    await Promise.all([
      ...(exchange === undefined ? [] : [recorder.exchange(exchange)]),
      ...found.map(({ evidence }) => recorder.evidence(evidence)),
    ]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isSurprise({ case: { claim }, evidence }: Found): boolean {
  return surprises(claim.documented.as, evidence.verdict);
}

/** Only those cases of a planned exchange about which nothing was found yet. */
function without(planned: PlannedExchange, found: readonly Found[]): PlannedExchange {
  if (found.length === 0) return planned;
  const known = new Set(found.map((one) => one.case));
  return { ...planned, cases: planned.cases.filter((one) => !known.has(one)) };
}

function makeIds(runId: string, last: Past['last']): Means['ids'] {
  let { exchange, evidence } = last;
  return {
    exchange: () => `${runId}.x${++exchange}`,
    evidence: () => `${runId}.${++evidence}`,
  };
}

/** The verdict of a case that the end of the run came before. */
function unjudged(outage: Outage | undefined): Verdict {
  const { cause, detail } = outage ?? { cause: 'interrupted', detail: 'the run ended before it' };
  return { kind: 'inconclusive', cause, detail };
}

function ended(fault: EarlyEnd | undefined, signal: AbortSignal, undecided: number): RunEnd {
  if (fault?.kind === 'outage') return { ...fault, undecided };
  if (fault !== undefined) return fault;
  return { kind: signal.aborted ? 'interrupted' : 'complete' };
}
