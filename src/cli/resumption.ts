import { caseId } from '../domain/claim.ts';
import { canonical } from '../domain/digest.ts';
import type { Problem } from '../domain/problem.ts';
import { seenTarget } from '../engine/evidence.ts';
import type { Plan } from '../engine/plan.ts';
import { type Asked, isGiven, listOf, namedWorld, valueOf } from './arguments.ts';
import type { RunStart } from '../ledger/lines.ts';
import { ledgerFolder, suitesFrom } from './memory.ts';
import type { Refused } from './output.ts';
import type { Resumed } from './resumed.ts';
import type { Staged } from './staged.ts';

/** The id of a run. */
export const RUN = /^r\d{8}-\d{4,}-[0-9a-f]{4}$/;

/** The run that `--resume` means, taken up; undefined if it is not given. What a run has from its beginning cannot be asked anew. */
export async function resumption(asked: Asked): Promise<Resumed | Refused | undefined> {
  if (!isGiven(asked, 'resume')) return undefined;
  const fixed = ['world', 'with', 'due', 'within', 'shard'].filter(
    (name) => asked.given[name] !== undefined,
  );
  const messages = fixed.map((name) => `--${name} is as it was when the run began`);
  const [name, ...more] = asked.words;
  if (more.length > 0 || (name !== undefined && !RUN.test(name)))
    messages.push(
      '--resume takes the id of one run, whose selectors are as they were when it began',
    );
  const hint = 'write: assay run --resume [RUN]';
  if (messages.length > 0)
    return {
      problems: messages.map((message) => ({ severity: 'error', message, hint, see: 'resuming' })),
    };
  const { takeUp } = await import('./resumed.ts'); // it reads the ledger, which other runs need not
  return await takeUp(asked, name);
}

/** What the first line of a run keeps of what was asked. */
export function askedOf(
  given: Asked,
  { due, plan }: Pick<Staged, 'due' | 'plan'>,
): Pick<RunStart, 'selected' | 'world' | 'faults' | 'shard' | 'suites'> {
  const asked = namedWorld(given);
  const world = valueOf(asked, 'world');
  const faults = listOf(asked, 'with');
  const shard = valueOf(asked, 'shard');
  return {
    // What is due now will not be once some of it is done.
    selected: due === undefined ? asked.words : plannedSelectors(plan),
    suites: suitesFrom(ledgerFolder(asked, plan.target.grade === 'rehearsal'), asked),
    ...(shard !== undefined && { shard }),
    ...(world !== undefined && { world }),
    ...(faults.length > 0 && { faults }),
  };
}

/** What was asked when a run began, with what may be asked of it now: how to print, and where its project is. */
export function askedAtFirst(asked: Asked, { run: { start } }: Resumed): Asked {
  const { target, selected, world, faults, shard } = start;
  const given = { ...asked.given, target: target.name, world, with: faults, shard };
  return { words: selected, given };
}

/** The selectors of exactly those cases that a plan has not only as controls. */
function plannedSelectors({ exchanges }: Plan): readonly string[] {
  const own = exchanges.flatMap(({ cases }) => cases.filter(({ isControl }) => !isControl));
  return [...new Set(own.map(({ case: one }) => caseId(one.claim, one.name)))];
}

/** One run is of one target: why it cannot go on against this one, if it has been edited since. */
export function editedTarget({ run }: Resumed, { target }: Plan): Problem | undefined {
  const [before, now] = [run.start.target, seenTarget(target)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])] as (keyof typeof now)[];
  const edited = names.filter((name) => canonical(before[name]) !== canonical(now[name]));
  if (edited.length === 0) return undefined;
  return {
    severity: 'error',
    message: `target ${now.name} was edited since run ${run.start.id} began: ${edited.join(', ')}`,
    hint: `undo that, or end the run with assay ledger drop ${run.start.id}, and begin a new one`,
    see: 'resuming',
  };
}

/** What sends or expects something else since the run began: it is told, because the evidence of then no longer counts. */
export function editedCases({ earlier }: Resumed, { exchanges }: Plan): readonly Problem[] {
  const digests = new Map(
    exchanges.flatMap(({ cases }) =>
      cases.map((one) => [caseId(one.case.claim, one.case.name), one.digest]),
    ),
  );
  const ids = earlier.evidence
    .filter((one) => {
      const digest = digests.get(caseId(one.claim, one.case));
      return digest !== undefined && digest !== one.digest;
    })
    .map((one) => caseId(one.claim, one.case));
  const edited = [...new Set(ids)];
  if (edited.length === 0) return [];
  const message = `${edited.length} cases were edited since the run began, and are tried anew: ${edited.join(', ')}`;
  return [{ severity: 'warning', message, see: 'resuming' }];
}
