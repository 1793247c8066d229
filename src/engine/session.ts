import type { Run } from '../domain/run.ts';
import type { Target } from '../domain/target.ts';
import { makeBoard } from './controls.ts';
import { makeEnding } from './ending.ts';
import { seenTarget } from './evidence.ts';
import { makeGate, makePurse } from './limits.ts';
import { makeMeasure } from './measure.ts';
import type { Ports } from './ports.ts';
import { makeIds, type RunOrder } from './run.ts';
import type { PlannedExchange } from './sharing.ts';
import { makeTally } from './tally.ts';
import { tryOnce } from './trial.ts';
import type { Means, Tried } from './tried.ts';

/** A run of which nobody knows beforehand what it will send: the next exchange follows from those before it. */
export interface Session {
  /** Sends an exchange, judges it and keeps what came of it, within the limits of its target. */
  readonly send: (
    planned: PlannedExchange,
    trial: { readonly number: number; readonly probe?: true },
  ) => Promise<Tried>;
  readonly hasSent: (planned: PlannedExchange) => boolean;
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
  return {
    send: async (planned, trial) => {
      if (signal.aborted) return { kind: 'interrupted' };
      const tried = await tryOnce(
        planned,
        { run: id, tool, target: planned.target, ...trial },
        means,
        [],
      );
      if (tried.kind !== 'tried') return tried;
      if (!(await tally.keep(tried))) return { kind: 'interrupted' };
      sent.set(planned.id, planned);
      tally.fetched(tried.fetches);
      for (const found of tried.found) {
        tally.enter(planned, found);
        tell({ kind: 'judged', ...found, surprises: false });
      }
      const outage = tally.watch.outage();
      if (outage !== undefined) {
        const detail = `target ${outage.cause}: ${outage.detail}`;
        ending.stop({ kind: 'outage', detail, undecided: 0 });
      }
      return tried;
    },
    hasSent: (planned) => sent.has(planned.id),
    close: () => {
      const cases = tally.book.close([...sent.values()], {
        kind: 'inconclusive',
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
