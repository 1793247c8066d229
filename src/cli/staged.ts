import { sha256 } from '../adapters/sha256.ts';
import type { Suite } from '../domain/claim.ts';
import type { Problem } from '../domain/problem.ts';
import type { Target } from '../domain/target.ts';
import { type Plan, plan } from '../engine/plan.ts';
import { writeImage } from '../image/write.ts';
import { type Chosen, select } from '../suite/selector.ts';
import { type Asked, listOf, valueOf } from './arguments.ts';
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
}

const DEFAULT_TARGET = 'mock';

/** From the command line to a plan on its stage, or every problem on that way. */
export async function openPlan(asked: Asked, output: Output): Promise<Staged | Refused> {
  const project = await openProject(asked, output);
  if ('problems' in project) return project;
  const target = findTarget(project, valueOf(asked, 'target') ?? DEFAULT_TARGET);
  const { chosen, problems } = select(project.suites, asked.words);
  if ('problems' in target) return { problems: [...target.problems, ...problems] };
  if (problems.length > 0) return { problems };
  const misplaced = misplacedOptions(asked, target.grade);
  if (misplaced !== undefined) return { problems: [misplaced] };
  const named = new Set(chosen.map(({ claim }) => claim.suite));
  const suites = project.suites.filter(({ id }) => named.has(id));
  const stage = await stageFor(target, suites, asked);
  if ('problems' in stage) return stage;
  const planned = plan({
    target: stage.target,
    targetFor: stage.targetFor,
    chosen,
    claims: project.claim,
    sha256,
    writeImage,
  });
  return { project, chosen, suites, stage, plan: planned };
}

async function stageFor(
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
  const option = ['world', 'with'].find((name) => asked.given[name] !== undefined);
  if (grade === 'rehearsal' || option === undefined) return undefined;
  return {
    severity: 'error',
    message: `--${option} is for rehearsals; a live target is what it is`,
  };
}
