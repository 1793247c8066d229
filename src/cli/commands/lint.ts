import { counted } from '../../report/counted.ts';
import type { Asked } from '../arguments.ts';
import { lintedProblems } from '../linted.ts';
import type { ExitCode, Output } from '../output.ts';
import { readProject } from '../project.ts';

/** Names every problem in what was written, and warns of what is suspicious in it. */
export async function lint(asked: Asked, output: Output): Promise<ExitCode> {
  const read = await readProject(asked);
  const problems = await lintedProblems(asked, read);
  await output.problems(problems);
  if (problems.some(({ severity }) => severity === 'error')) return 2;
  const { suites, targets } = read.project;
  const claims = suites.flatMap((suite) => suite.claims);
  output.print(
    `${counted(suites.length, 'suite')}, ${counted(claims.length, 'claim')}, ${counted(targets.length, 'target')}: no errors`,
  );
  return 0;
}
