import { vacuousClaims } from '../../suite/vacuous.ts';
import type { Asked } from '../arguments.ts';
import type { ExitCode, Output } from '../output.ts';
import { readProject } from '../project.ts';

/** Names every problem in suites and targets, and warns of claims that an empty answer would satisfy. */
export async function lint(asked: Asked, output: Output): Promise<ExitCode> {
  const { project, problems } = await readProject(asked);
  const vacuous =
    problems.length > 0 ? [] : vacuousClaims(project.suites.flatMap(({ claims }) => claims));
  const all = [...problems, ...vacuous];
  await output.problems(all);
  if (all.some(({ severity }) => severity === 'error')) return 2;
  const claims = project.suites.reduce((sum, suite) => sum + suite.claims.length, 0);
  output.print(
    `${project.suites.length} suites, ${claims} claims, ${project.targets.length} targets: no errors`,
  );
  return 0;
}
