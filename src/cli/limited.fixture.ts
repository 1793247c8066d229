import { spawn } from 'node:child_process';
import { ASSAY, type Said, saidBy } from './cli.fixture.ts';

/** Runs the command line where no file can be longer than so many blocks of 512 bytes, as on a disk that is full. */
export function runLimited(
  blocks: number,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Said> {
  const limited = ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, ASSAY, ...args];
  const child = spawn('/bin/sh', limited, { cwd, env: { ...process.env, NO_COLOR: '1', ...env } });
  child.stdin.end();
  return saidBy(child);
}
