import { didYouMean } from '../domain/problem.ts';
import { readArguments } from './arguments.ts';
import { type ExitCode, type Output, standardOutput } from './output.ts';

/** Runs one verb, and tells its exit code. Known problems are printed; a bug of ours keeps its stack. */
export async function dispatch(
  args: readonly string[],
  output: Output = standardOutput(),
): Promise<ExitCode> {
  const [name = '--help', ...rest] = args;
  const { verbs } = await import('./verbs.ts');
  if (name === '--help' || name === '-h') {
    const { help } = await import('./help.ts');
    output.print(help());
    return args.length === 0 ? 2 : 0;
  }
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) {
    const hint = didYouMean(name, Object.keys(verbs));
    await output.problems([{ severity: 'error', message: `unknown verb "${name}"`, ...hint }]);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    const { verbHelp } = await import('./help.ts');
    output.print(verbHelp(name, verb));
    return 0;
  }
  const asked = readArguments(rest, verb.options, verb.words);
  if ('problems' in asked) {
    await output.problems(asked.problems);
    return 2;
  }
  const command = await verb.load();
  try {
    const end = await command(asked, output);
    if (typeof end === 'number') return end;
    await output.problems(end.problems);
    return 2;
  } catch (error) {
    // The broken world at the edge; anything else is a bug of ours, and keeps its stack.
    if (!(error instanceof Error) || error.name !== 'LedgerUnusable') throw error;
    await output.problems([{ severity: 'error', message: error.message }]);
    return 3;
  }
}
