import { sha256 } from '../adapters/sha256.ts';
import { type DueQuestion, aliasesSeen } from '../domain/due.ts';
import { durationMs } from '../domain/duration.ts';
import { type Gateway, sentenceOf } from '../domain/gateway.ts';
import type { Remembered } from '../domain/standing.ts';
import { type Target, targetId } from '../domain/target.ts';
import { type Cut, type Dues, bestFirst, dueChoice, duesOf, sentCases } from '../engine/due.ts';
import type { Within } from '../engine/plan.ts';
import type { RunStart } from '../ledger/lines.ts';
import { type Chosen, caseNames } from '../suite/selector.ts';
import { type Asked, valueOf } from './arguments.ts';
import { gatewayNow } from './gateway.ts';
import { ledgerFolder, nowMs, openHeads, remember } from './memory.ts';
import { openTransport } from './network.ts';
import type { Output } from './output.ts';
import type { Project } from './project.ts';
import type { Stage } from './stage.ts';

/** What of a choice is due, why, and in which order it is sent. */
export interface Due extends Dues {
  readonly chosen: readonly Chosen[];
  readonly within: Within;
  /** What the budget did not reach, once the plan is made. */
  readonly cut: () => readonly Cut[];
  readonly remembered: Remembered;
  /** What the target says of itself now. */
  readonly gateway: Gateway;
}

/** A night is in time for what turns stale before the next one. */
const WITHIN = '24h';

/** Finds what of a choice is due on a stage, by what its ledger remembers and by what the target says of itself now. */
export async function openDue(
  asked: Asked,
  project: Project,
  chosen: readonly Chosen[],
  stage: Stage,
  output: Output,
): Promise<Due> {
  const { target } = stage;
  const now = nowMs(asked);
  const ledger = await openHeads(ledgerFolder(asked, target.grade === 'rehearsal'), now, output);
  const remembered = remember(project, ledger.evidence, now);
  const gateway = await sayingGateway(target, chosen, output);
  return dueOf({
    project,
    chosen,
    stage,
    remembered,
    runs: ledger.runs.map(({ start }) => start),
    gateway,
    withinMs: durationMs(valueOf(asked, 'within') ?? WITHIN),
  });
}

/** All that decides what is due. */
interface Asking extends Pick<DueQuestion, 'remembered' | 'withinMs' | 'gateway'> {
  readonly project: Project;
  readonly chosen: readonly Chosen[];
  readonly stage: Pick<Stage, 'target' | 'targetFor'>;
  /** How each run of the ledger began. */
  readonly runs: readonly RunStart[];
}

/** What of a choice is due, by what is remembered and what the target says of itself. */
export function dueOf({ project, chosen, stage, runs, ...asking }: Asking): Due {
  const { target, targetFor } = stage;
  const { remembered, gateway } = asking;
  const all = project.suites
    .flatMap(({ claims }) => claims)
    .map((claim) => ({ claim, cases: caseNames(claim) }));
  const starts = new Map(runs.map((start) => [start.id, start]));
  const question: DueQuestion = {
    ...asking,
    gatewayOf: (run) => starts.get(run)?.gateway,
    aliases: aliasesSeen(sentCases(all, targetFor), remembered),
    sentenceOf: (claim) => sentenceOf(claim, sha256),
    sinceMs: firstSeenMs(runs, target, remembered.now),
  };
  const dues = duesOf(chosen, targetFor, question);
  let cut: readonly Cut[] = [];
  return {
    ...dues,
    chosen: dueChoice(chosen, targetFor, dues, sha256),
    within: bestFirst(
      dues,
      project.suites,
      ({ claims: [first] }) => ({
        id: targetId(first === undefined ? target : targetFor(first)),
        name: target.name,
        isRehearsal: target.grade === 'rehearsal',
      }),
      remembered,
      (missed) => (cut = missed),
    ),
    cut: () => cut,
    remembered,
    gateway,
  };
}

/** Whatever the target does not say cannot make anything due, and that is told. */
async function sayingGateway(
  target: Target,
  chosen: readonly Chosen[],
  output: Output,
): Promise<Gateway> {
  const transport = openTransport(target, [target]);
  const cases = Array.from(
    sentCases(chosen, () => target),
    (one) => one.case,
  );
  try {
    const { signal } = new AbortController();
    const { gateway, unread } = await gatewayNow(target, cases, transport, signal);
    if (unread.length > 0) {
      const message = `what ${target.name} says of itself cannot be read: ${unread.join('; ')}`;
      const hint = 'a new version or price of it makes nothing due';
      await output.problems([{ severity: 'warning', message, hint }]);
    }
    return gateway;
  } finally {
    await transport.close();
  }
}

/** When the ledger first heard of a target. */
function firstSeenMs(runs: readonly RunStart[], { name }: Target, now: number): number {
  return runs
    .filter((start) => start.target.name === name)
    .reduce((first, { startedAt }) => Math.min(first, Date.parse(startedAt)), now);
}
