import { expiredEntries } from '../../domain/known.ts';
import { expiredOverrides } from '../../domain/override.ts';
import { untouchedBoundaries } from '../../suite/boundaries.ts';
import { crowdedCharges, vacuousClaims } from '../../suite/vacuous.ts';
import { counted } from '../../report/counted.ts';
import type { Asked } from '../arguments.ts';
import { readKnownList } from '../knownList.ts';
import { nowMs } from '../memory.ts';
import type { ExitCode, Output } from '../output.ts';
import { readProject } from '../project.ts';

/** Names every problem in suites, targets and the list of known contradictions, and warns of claims that an empty answer would satisfy, of charges that do not stand alone, of limits whose boundary no case touches, and of overrides and entries that have expired. */
export async function lint(asked: Asked, output: Output): Promise<ExitCode> {
  const { project, problems } = await readProject(asked);
  const claims = project.suites.flatMap((suite) => suite.claims);
  const warnings =
    problems.length > 0
      ? []
      : [
          ...vacuousClaims(claims),
          ...crowdedCharges(claims),
          ...untouchedBoundaries(claims),
          ...expiredOverrides(
            project.suites.filter(({ superseded }) => superseded === undefined),
            nowMs(asked),
          ),
        ];
  const list = problems.length > 0 ? { known: [] } : await readKnownList(asked, project.suites);
  const ofList = 'problems' in list ? list.problems : expiredEntries(list.known, nowMs(asked));
  const all = [...problems, ...warnings, ...ofList];
  await output.problems(all);
  if (all.some(({ severity }) => severity === 'error')) return 2;
  output.print(
    `${counted(project.suites.length, 'suite')}, ${counted(claims.length, 'claim')}, ${counted(project.targets.length, 'target')}: no errors`,
  );
  return 0;
}
