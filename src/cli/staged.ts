import { sha256 } from '../adapters/sha256.ts';
import type { Suite } from '../domain/claim.ts';
import type { Problem } from '../domain/problem.ts';
import { type Shard, shardOf } from '../domain/shard.ts';
import type { Target } from '../domain/target.ts';
import { type Plan, plan } from '../engine/plan.ts';
import { limitsOf, onShard } from '../engine/shards.ts';
import { writeImage } from '../image/write.ts';
import { shardText } from '../report/cost.ts';
import { type Chosen, select } from '../suite/selector.ts';
import { type Asked, isGiven, listOf, namedWorld, valueOf } from './arguments.ts';
import type { Due } from './due.ts';
import type { Output, Refused } from './output.ts';
import { type Project, findTarget, openProject } from './project.ts';
import { type Stage, openStage } from './stage.ts';

/** A plan with the stage it is meant for, and what it was made from. */
export interface Staged {
  readonly project: Project;
  readonly chosen: readonly Chosen[];
  /** The suites of what was chosen, for the tables after the run. */
  readonly suites: readonly Suite[];
  readonly stage: Stage;
  readonly plan: Plan;
  /** Present where only what is due was asked for. */
  readonly due?: Due;
}

/** What is run against where nothing else is asked for. */
export const DEFAULT_TARGET = 'mock';

/** From the command line to a plan on its stage, or every problem on that way. */
export async function openPlan(asked: Asked, output: Output): Promise<Staged | Refused> {
  const project = await openProject(asked, output);
  return 'problems' in project ? project : await planOn(project, asked, output);
}

/** The plan of what is asked of a project, on its stage. */
export async function planOn(
  project: Project,
  given: Asked,
  output: Output,
): Promise<Staged | Refused> {
  const asked = namedWorld(given);
  const target = findTarget(project, valueOf(asked, 'target') ?? DEFAULT_TARGET);
  const { chosen, problems } = select(project.suites, asked.words);
  if ('problems' in target) return { problems: [...target.problems, ...problems] };
  if (problems.length > 0) return { problems };
  const misplaced = misplacedOptions(given, target.grade) ?? misplacedOptions(asked, target.grade);
  if (misplaced !== undefined) return { problems: [misplaced] };
  const named = new Set(chosen.map(({ claim }) => claim.suite));
  const suites = project.suites.filter(({ id }) => named.has(id));
  const whole = await stageFor(target, suites, asked);
  if ('problems' in whole) return whole;
  const shard = shardOf(valueOf(asked, 'shard') ?? '');
  const { stage, part } = ownPart(shard, project, whole, chosen);
  if (shard !== undefined) output.say(`${target.name}: ${shardText(shard, stage.target.budget)}`);
  const due = isGiven(asked, 'due')
    ? await (await import('./due.ts')).openDue(asked, project, part, stage, output)
    : undefined;
  const planned = plan({
    target: stage.target,
    targetFor: stage.targetFor,
    chosen: due?.chosen ?? part,
    claims: project.claim,
    sha256,
    writeImage,
    ...(due !== undefined && { within: due.within }),
  });
  const own = due?.chosen ?? part;
  return { project, chosen: own, suites, stage, plan: planned, ...(due !== undefined && { due }) };
}

/** What falls to the shard that was asked for, and its part of the target's limits; everything where none was. */
function ownPart(
  shard: Shard | undefined,
  project: Project,
  stage: Stage,
  chosen: readonly Chosen[],
): { readonly stage: Stage; readonly part: readonly Chosen[] } {
  if (shard === undefined) return { stage, part: chosen };
  const { targetFor, target } = stage;
  const all = project.suites.flatMap(({ claims }) => claims);
  const part = onShard({ chosen, claims: project.claim, targetFor, sha256 }, all, shard);
  return { stage: { ...stage, target: limitsOf(target, shard) }, part };
}

/** The stage of some suites, or why there is none. */
export async function stageFor(
  target: Target,
  suites: readonly Suite[],
  asked: Asked,
): Promise<Stage | Refused> {
  const world = valueOf(asked, 'world');
  const faults = listOf(asked, 'with');
  try {
    return await openStage(target, suites, { ...(world !== undefined && { world }), faults });
  } catch (error) {
    // The mock names the world or the fault that it does not know, and the nearest one.
    const { message } = error as Error;
    return { problems: [{ severity: 'error', message, hint: 'assay mock --list names both' }] };
  }
}

function misplacedOptions(asked: Asked, grade: 'live' | 'rehearsal'): Problem | undefined {
  if (asked.given['within'] !== undefined && !isGiven(asked, 'due'))
    return {
      severity: 'error',
      message: '--within is for what is due',
      hint: 'add --due',
      see: 'nightly',
    };
  const [name, world] = valueOf(asked, 'target')?.split('@', 2) ?? [];
  if (grade === 'live' && world !== undefined)
    return {
      severity: 'error',
      message: `"${name}" is live: only a rehearsal has a world`,
      see: 'targets',
    };
  const option = ['world', 'with'].find((one) => asked.given[one] !== undefined);
  if (grade === 'rehearsal' || option === undefined) return undefined;
  return {
    severity: 'error',
    message: `--${option} is for rehearsals; a live target is what it is`,
    see: 'targets',
  };
}
