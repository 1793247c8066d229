import { plain } from '../report/paint.ts';
import { printablePainted } from '../report/printable.ts';
import { renderProblems } from '../report/problem.ts';
import type { RunAssay, Said } from './cli.fixture.ts';
import { dispatch } from './dispatch.ts';
import type { Output } from './output.ts';

/** Whoever comes later waits: folder and variables are those of the process, of which there is one. */
let free: Promise<unknown> = Promise.resolve();

/**
 * For tests that run verb after verb, and to which the process is nothing: runs the command line within this one, from its
 * source, where it need not start anew each time. Tests of kills, interruptions, memory and of several at once start it.
 */
export const assayHere: RunAssay = (args, { cwd = process.cwd(), env = {} } = {}) => {
  const said = free.then(() => within(cwd, env, () => saidBy(args)));
  free = said.catch(() => {});
  return said;
};

async function saidBy(args: readonly string[]): Promise<Said> {
  const texts = { stdout: '', stderr: '' };
  const say = (text: string) => void (texts.stderr += `${printablePainted(text)}\n`);
  const output: Output = {
    print: (text) => void (texts.stdout += `${printablePainted(text)}\n`),
    say,
    problems: async (problems) => {
      if (problems.length > 0) say(renderProblems(problems).trimEnd());
    },
    columns: 80,
    paint: plain,
  };
  const code = await dispatch(args, output);
  return { code, ...texts };
}

/** Does something in a folder and with variables, and leaves the process as it was. */
async function within<Result>(
  cwd: string,
  env: Readonly<Record<string, string>>,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = { cwd: process.cwd(), env: { ...process.env } };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const listeners = signals.map((signal) => process.listeners(signal));
  process.chdir(cwd);
  Object.assign(process.env, env);
  try {
    return await act();
  } finally {
    process.chdir(before.cwd);
    for (const name of Object.keys(env)) {
      if (before.env[name] === undefined) delete process.env[name];
      else process.env[name] = before.env[name];
    }
    // A run listens to them until its process ends.
    for (const [at, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (listeners[at]?.includes(listener) !== true) process.off(signal, listener);
  }
}
