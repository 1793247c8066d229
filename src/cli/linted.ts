import { expiredEntries } from '../domain/known.ts';
import { expiredOverrides } from '../domain/override.ts';
import type { Problem } from '../domain/problem.ts';
import { untouchedBoundaries } from '../suite/boundaries.ts';
import { crowdedCharges, vacuousClaims } from '../suite/vacuous.ts';
import type { Asked } from './arguments.ts';
import { readKnownList } from './knownList.ts';
import { nowMs } from './memory.ts';
import type { readProject } from './project.ts';

/**
 * Every problem in suites, targets and the list of known contradictions; where nothing is wrong, also warnings of claims that an
 * empty answer would satisfy, of charges that do not stand alone, of limits whose boundary no case touches, and of overrides
 * and entries that have expired.
 */
export async function lintedProblems(
  asked: Asked,
  { project, problems }: Awaited<ReturnType<typeof readProject>>,
): Promise<readonly Problem[]> {
  if (problems.length > 0) return problems;
  const { suites } = project;
  const claims = suites.flatMap((suite) => suite.claims);
  const current = suites.filter(({ superseded }) => superseded === undefined);
  const list = await readKnownList(asked, suites);
  return [
    ...vacuousClaims(claims),
    ...crowdedCharges(claims),
    ...untouchedBoundaries(claims),
    ...expiredOverrides(current, nowMs(asked)),
    ...('problems' in list ? list.problems : expiredEntries(list.known, nowMs(asked))),
  ];
}
