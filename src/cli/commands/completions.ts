import { didYouMean } from '../../domain/problem.ts';
import type { Asked } from '../arguments.ts';
import { candidates } from '../completion/candidates.ts';
import { knownHere } from '../completion/known.ts';
import { readLine } from '../completion/line.ts';
import { SHELLS } from '../completion/shells.ts';
import type { ExitCode, Output, Refused } from '../output.ts';

/** Prints the script with which a shell completes, or, for that script, what may stand at the end of a line; the latter never fails. */
export async function completions(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const [name = '', ...more] = asked.words;
  if (name === 'candidates') {
    for (const line of await answer(more)) output.print(line);
    return 0;
  }
  const shell = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
  if (shell !== undefined && more.length === 0) {
    output.print(shell.script);
    return 0;
  }
  const hint = { hint: `write: assay completions ${Object.keys(SHELLS).join(' | ')}` };
  const message = name === '' ? 'completions are for a shell' : `no shell is called "${name}" here`;
  return {
    problems: [{ severity: 'error', message, ...hint, ...didYouMean(name, Object.keys(SHELLS)) }],
  };
}

async function answer([name = '', line = '', breaks]: readonly string[]): Promise<
  readonly string[]
> {
  const shell = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
  if (shell === undefined) return [];
  const typed = readLine(line, breaks);
  const found = await candidates(typed.words, knownHere(typed.words));
  return found.map((one) => shell.line(one, typed));
}
