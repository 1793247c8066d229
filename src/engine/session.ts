import type { Run } from '../domain/run.ts';
import type { Target } from '../domain/target.ts';
import { makeBoard } from './controls.ts';
import { makeEnding } from './ending.ts';
import { seenTarget } from './evidence.ts';
import { makeGate } from './limits.ts';
import { makeMeasure } from './measure.ts';
import type { Ports } from './ports.ts';
import { attend, keepTried, type Lanes } from './lane.ts';
import { ALONE } from './meet.ts';
import { makePast, NOTHING } from './past.ts';
import { makePurse } from './purse.ts';
import { makeIds, type RunOrder } from './run.ts';
import type { PlannedExchange } from './sharing.ts';
import { makeTally } from './tally.ts';
import { tryOnce } from './trial.ts';
import type { Means, Tried } from './tried.ts';

/** A run of which nobody knows beforehand what it will send: the next exchange follows from those before it. */
export interface Session {
  /** Sends a probe, judges it and keeps what came of it, within the limits of its target. */
  readonly probe: (planned: PlannedExchange, number: number) => Promise<Tried>;
  /** Sees to it that all trials of a control have been made; what came of that is for those who ask for it. */
  readonly control: (planned: PlannedExchange) => Promise<'tried' | 'unpaid' | 'interrupted'>;
  /** What was sent, as a run. */
  readonly close: () => Run;
}

/** Opens a session on a target; its purse, pace, ledger and end are those of any run. */
export function openSession(target: Target, ports: Ports, order: RunOrder): Session {
  const { clock } = ports;
  const { id, tool, tell } = order;
  const startedAt = new Date(clock.wall()).toISOString();
  const ending = makeEnding(order.signal, tell);
  const { signal } = ending;
  const tally = makeTally(ports.recorder, ending, { exchanges: 0, fetches: 0, measuredUsd: 0 });
  const purse = makePurse(target.budget);
  // A search is about no charge, so no usage source is asked.
  const measure = makeMeasure([], { ports, signal, goesOn: false, tell: () => {} });
  const means: Means = {
    ports,
    keep: async (exchange) => await tally.keep({ exchange, found: [] }),
    restraints: { gate: makeGate(target.pace, clock), purse, signal },
    board: makeBoard(order.claims),
    measure,
    key: order.key,
    ids: makeIds(id, { exchange: 0, evidence: 0 }),
  };
  const sent = new Map<string, PlannedExchange>();
  const past = makePast(NOTHING);
  const lanes: Lanes = { run: id, tool, means, past, tally, ending, meeting: ALONE, tell };
  return {
    probe: async (planned, number) => {
      if (signal.aborted) return { kind: 'interrupted' };
      const trial = { run: id, tool, target: planned.target, number, probe: true } as const;
      const tried = await tryOnce(planned, trial, means, []);
      if (tried.kind !== 'tried') return tried;
      sent.set(planned.id, planned);
      return (await keepTried(planned, tried, lanes)) ? tried : { kind: 'interrupted' };
    },
    control: async (planned) => {
      if (sent.has(planned.id)) return 'tried';
      sent.set(planned.id, planned);
      const isPaid = await attend(planned, lanes);
      if (signal.aborted) return 'interrupted';
      return isPaid ? 'tried' : 'unpaid';
    },
    close: () => {
      const cases = tally.book.close([...sent.values()], {
        cause: 'interrupted',
        detail: 'the run ended before it',
      });
      const hint = tally.watch.hint();
      return {
        id,
        target: seenTarget(target),
        startedAt,
        endedAt: new Date(clock.wall()).toISOString(),
        end: ending.reached(cases.filter(({ verdict }) => verdict.kind === 'inconclusive').length),
        cases,
        leftOut: [],
        ...tally.counts(),
        reads: measure.reads(),
        ...purse.spent(),
        hints: hint === undefined ? [] : [hint],
      };
    },
  };
}
