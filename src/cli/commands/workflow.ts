import { didYouMean } from '../../domain/problem.ts';
import { labelled, padded } from '../../report/columns.ts';
import type { Asked } from '../arguments.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { WORKFLOWS, workflowText } from '../workflows.ts';

/** Prints a file that has Assay run somewhere by itself, as it stands; or lists them, each with the place where it goes. */
export async function workflow(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const [name, ...more] = asked.words;
  if (more.length > 0)
    return { problems: [{ severity: 'error', message: 'workflow takes one name' }] };
  if (name === undefined) {
    output.print(list(output.columns));
    return 0;
  }
  const found = Object.hasOwn(WORKFLOWS, name) ? WORKFLOWS[name] : undefined;
  if (found === undefined) {
    const hint = didYouMean(name, Object.keys(WORKFLOWS));
    return {
      problems: [
        { severity: 'error', message: `unknown workflow "${name}"`, ...hint, see: 'workflows' },
      ],
    };
  }
  output.print((await workflowText(found)).trimEnd());
  return 0;
}

function list(columns: number): string {
  const width = Math.max(...Object.keys(WORKFLOWS).map((name) => name.length)) + 2;
  return [
    ...Object.entries(WORKFLOWS).map(([name, { place, says }]) =>
      labelled(padded(name, width), `${place}: ${says}`, 2, columns),
    ),
    '',
    '`assay workflow NAME` prints one, to be written to its place.',
  ].join('\n');
}
