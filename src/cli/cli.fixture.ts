import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';

const PUBLISHED = inject('published');

/** The program, as it is published (see published.fixture.ts). */
export const ASSAY = join(PUBLISHED, 'src/cli/assay.js');

/** Where a process of the command line works, and which variables it sees besides ours. */
interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of the command line: its exit code, null where a signal ended it, and all that it said. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A way to run the command line to its end. */
export type RunAssay = (args: readonly string[], around?: Surroundings) => Promise<Said>;

/** Runs the command line to its end. */
export async function assay(args: readonly string[], around: Surroundings = {}): Promise<Said> {
  return await startAssay(args, around).said;
}

/** Runs the command line of this clone, from its source, to its end. */
export async function assayInClone(
  args: readonly string[],
  around: Surroundings = {},
): Promise<Said> {
  const source = join(import.meta.dirname, 'assay.js');
  return await program(process.execPath, [source, ...args], around);
}

/** Starts the command line, for tests that interrupt it; `said` resolves at its end. */
export function startAssay(args: readonly string[], around: Surroundings = {}): Started {
  return startProgram(process.execPath, [ASSAY, ...args], around);
}

/** Runs any other program to its end. */
export async function program(
  command: string,
  args: readonly string[],
  around: Surroundings = {},
): Promise<Said> {
  return await startProgram(command, args, around).said;
}

/** A process of the command line, and what it will have said. */
export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly said: Promise<Said>;
}

/** Starts any other program. */
export function startProgram(
  command: string,
  args: readonly string[],
  { cwd, env }: Surroundings = {},
): Started {
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    // Whoever starts it first compiles it for all.
    env: { ...process.env, NO_COLOR: '1', NODE_COMPILE_CACHE: join(PUBLISHED, 'cache'), ...env },
  });
  child.stdin.end();
  return { child, said: saidBy(child) };
}

/** What a process of the command line said, once it has ended. */
export async function saidBy(child: ChildProcessWithoutNullStreams): Promise<Said> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => chunks[stream].push(chunk));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const text = (stream: 'stdout' | 'stderr') => Buffer.concat(chunks[stream]).toString('utf8');
  return { code, stdout: text('stdout'), stderr: text('stderr') };
}

/** A module that has each file that Node loads named on stderr. */
export const TELLING_LOADS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) writeSync(2, url + '\\n');
      return next(url, context);
    },
  });
`)}`;
