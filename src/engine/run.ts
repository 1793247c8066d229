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
  /** Ends the run: what is known is finished and written, the rest is undecided, cause `interrupted`. */
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
}

/** Why a run stops before its plan is through, other than by its signal. */
type EarlyEnd = Extract<RunEnd, { kind: 'outage' | 'ledger-failed' }>;

/** Executes a plan: sends, judges, records, exchange by exchange; a first trial that surprises is tried once more. */
export async function run(plan: Plan, ports: Ports, order: RunOrder): Promise<Run> {
  const { clock, recorder } = ports;
  const startedAt = new Date(clock.wall()).toISOString();
  const stop = new AbortController();
  const { signal } = stop;
  const interrupt = (): void => stop.abort();
  if (order.signal.aborted) interrupt();
  else order.signal.addEventListener('abort', interrupt, { once: true });
  const purse = makePurse(plan.target.budget);
  const means: Means = {
    ports,
    keep: async (exchange) => await kept(exchange, []),
    restraints: { gate: makeGate(plan.target.pace, clock), purse, signal },
    board: makeBoard(order.claims),
    key: order.key,
    ids: makeIds(order.id),
  };
  const book = makeBook();
  const watch = makeWatch();
  const unpaid: PlannedExchange[] = [];
  let exchanges = 0;
  let fetches = 0;
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

  /** One trial; true if it surprised. Its evidence is kept before this lane sends anything else. */
  const makeTrial = async (planned: PlannedExchange, number: number): Promise<boolean> => {
    order.tell({ kind: 'started', exchange: planned, trial: number });
    const trial = { run: order.id, tool: order.tool, target: planned.target, number };
    const tried = await tryOnce(planned, trial, means);
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
    return tried.found.some(isSurprise);
  };

  const attend = async (planned: PlannedExchange): Promise<void> => {
    if (!signal.aborted && (await makeTrial(planned, 1)) && !signal.aborted)
      await makeTrial(planned, 2);
    order.tell({ kind: 'settled', exchange: planned });
  };

  order.tell({ kind: 'planned', plan });
  await inOrder(plan, attend);

  const attended = plan.exchanges.filter((planned) => !unpaid.includes(planned));
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

function makeIds(runId: string): Means['ids'] {
  let exchanges = 0;
  let evidence = 0;
  return {
    exchange: () => `${runId}.x${++exchanges}`,
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
