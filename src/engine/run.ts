import type { Run } from '../domain/run.ts';
import type { Untold } from '../domain/verdict.ts';
import { type Claims, makeBoard } from './controls.ts';
import { makeEnding } from './ending.ts';
import type { RunEvent } from './events.ts';
import { seenTarget } from './evidence.ts';
import { type Lanes, recall } from './lane.ts';
import { makeGate } from './limits.ts';
import { makeMeasure } from './measure.ts';
import { ALONE, type Meeting } from './meet.ts';
import type { Outage } from './outage.ts';
import { type Earlier, makePast, NOTHING, type Past } from './past.ts';
import { leftOutOf, type Plan } from './plan.ts';
import type { Ports } from './ports.ts';
import { makePurse } from './purse.ts';
import type { PlannedExchange } from './sharing.ts';
import { makeTally } from './tally.ts';
import { attendInTurn } from './turns.ts';
import type { Means } from './tried.ts';

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
  /** Where it waits for the run that it is compared with; absent where it is compared with none. */
  readonly meeting?: Meeting;
  /** Ends the run: what is known is finished and written, the rest is undecided, cause `interrupted`. */
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
}

/**
 * Executes a plan: sends, judges, records, exchange by exchange, with all their trials. A run
 * that goes on does so with what it has not stored, and what comes of it is about the whole run.
 */
export async function run(plan: Plan, ports: Ports, order: RunOrder): Promise<Run> {
  const { clock } = ports;
  const { id, tool, earlier, meeting = ALONE, tell } = order;
  const startedAt = earlier?.startedAt ?? new Date(clock.wall()).toISOString();
  const past = makePast(earlier ?? NOTHING);
  const ending = makeEnding(order.signal, tell);
  const { signal } = ending;
  const { fetches, measuredUsd } = past;
  const stored = { exchanges: earlier?.exchanges.length ?? 0, fetches, measuredUsd };
  const tally = makeTally(ports.recorder, ending, stored);
  const purse = makePurse(plan.target.budget, past.spent);
  const measure = makeMeasure(plan.exchanges, {
    ports,
    signal,
    goesOn: earlier !== undefined,
    tell: (exchange, wait, withinMs) => tell({ kind: 'measuring', exchange, wait, withinMs }),
  });
  const means: Means = {
    ports,
    keep: async (exchange) => await tally.keep({ exchange, found: [] }),
    restraints: { gate: makeGate(plan.target.pace, clock), purse, signal },
    board: makeBoard(order.claims),
    measure,
    key: order.key,
    ids: makeIds(id, past.last),
  };
  const lanes: Lanes = { run: id, tool, means, past, tally, ending, meeting, tell };

  tell({ kind: 'planned', plan });
  for (const planned of plan.exchanges) recall(planned, lanes);
  const unpaid = await attendInTurn(plan, measure.needsAlone, purse, lanes);
  meeting.end();

  const cases = tally.book.close(attended(plan, unpaid), unjudged(tally.watch.outage()));
  const undecided = cases.filter(({ verdict }) => verdict.kind === 'inconclusive').length;
  const hint = tally.watch.hint();
  return {
    id,
    target: seenTarget(plan.target),
    startedAt,
    endedAt: new Date(clock.wall()).toISOString(),
    end: ending.reached(undecided),
    cases,
    leftOut: [...plan.leftOut, ...unpaid.flatMap((one) => leftOutOf(one, 'budget'))],
    ...tally.counts(),
    reads: measure.reads(),
    ...purse.spent(),
    hints: hint === undefined ? [] : [hint],
  };
}

/** The planned exchanges without the cases that the budget could not pay. */
function attended(
  { exchanges }: Plan,
  unpaid: readonly PlannedExchange[],
): readonly PlannedExchange[] {
  const notSent = new Set(unpaid.flatMap(({ cases }) => cases));
  return exchanges.map((planned) => ({
    ...planned,
    cases: planned.cases.filter((one) => !notSent.has(one)),
  }));
}

/** Counts the ids of a run up from those in use. */
export function makeIds(runId: string, last: Past['last']): Means['ids'] {
  let { exchange, evidence } = last;
  return {
    exchange: () => `${runId}.x${++exchange}`,
    evidence: () => `${runId}.${++evidence}`,
  };
}

/** Why a case that the end of the run came before could not be told. */
function unjudged(outage: Outage | undefined): Untold {
  const { cause, detail } = outage ?? { cause: 'interrupted', detail: 'the run ended before it' };
  return { cause, detail };
}
