import { expiredOverrides } from '../../domain/override.ts';
import { vacuousClaims } from '../../suite/vacuous.ts';
import { counted } from '../../report/counted.ts';
import type { Asked } from '../arguments.ts';
import { nowMs } from '../memory.ts';
import type { ExitCode, Output } from '../output.ts';
import { readProject } from '../project.ts';

/** Names every problem in suites and targets, and warns of claims that an empty answer would satisfy and of overrides that have expired. */
export async function lint(asked: Asked, output: Output): Promise<ExitCode> {
  const { project, problems } = await readProject(asked);
  const warnings =
    problems.length > 0
      ? []
      : [
          ...vacuousClaims(project.suites.flatMap(({ claims }) => claims)),
          ...expiredOverrides(
            project.suites.filter(({ superseded }) => superseded === undefined),
            nowMs(asked),
          ),
        ];
  const all = [...problems, ...warnings];
  await output.problems(all);
  if (all.some(({ severity }) => severity === 'error')) return 2;
  const claims = project.suites.reduce((sum, suite) => sum + suite.claims.length, 0);
  output.print(
    `${counted(project.suites.length, 'suite')}, ${counted(claims, 'claim')}, ${counted(project.targets.length, 'target')}: no errors`,
  );
  return 0;
}
