import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mock } from '../mock/server.ts';
import type { Said } from './cli.fixture.ts';

/** For tests only: the variables that a new user of the first suite has set. */
export const FIRST_ENV = { ASSAY_LOCAL_KEY: 'sk-anything' };

/** For tests only: the exit codes of the commands of the first suite's README, in the order in which it has them run. */
export const FIRST_CODES: readonly (readonly [string, number])[] = [
  ['lint', 0],
  ['run', 0],
  ['status --rehearsal', 0],
  ['run --with refs.limit=20', 1],
  ['run --target local', 0],
  ['status', 0],
  ['docs --pages docs --check', 1],
  ['docs --pages docs --write', 0],
  ['explain first/refs.over-limit', 0],
  ['workflow', 0],
];

/**
 * For tests only: goes the way of the README that `assay init` has written into a folder, each command in turn, from there.
 * The mock of the README stands on a fixed port; `mock` is one that stands already, and takes its place.
 */
export async function walkFirst(
  folder: string,
  mock: Mock,
  assay: (args: readonly string[]) => Promise<Said>,
): Promise<readonly { readonly command: string; readonly said: Said }[]> {
  await meetMock(folder, mock);
  const readme = await readFile(join(folder, 'suites/README.md'), 'utf8');
  const commands = [...readme.matchAll(/^npx assay (.+)$/gm)].map(([, command = '']) => command);
  const walked: { command: string; said: Said }[] = [];
  for (const command of commands) {
    if (command.startsWith('mock ')) continue;
    walked.push({ command, said: await assay(command.split(' ')) });
  }
  return walked;
}

/** For tests only: has the targets that `assay init` has written into a folder mean a mock that stands already. */
export async function meetMock(folder: string, mock: Mock): Promise<void> {
  const targets = join(folder, 'suites/targets.yaml');
  const text = await readFile(targets, 'utf8');
  await writeFile(
    targets,
    text
      .replaceAll('http://127.0.0.1:4000', mock.url)
      .replaceAll('http://127.0.0.1:4010', mock.hostingUrl),
  );
}
