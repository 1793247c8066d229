import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { ASSAY, type Said, saidBy } from './cli.fixture.ts';

/** For tests only: whether a terminal can be had here; util-linux brings `script`, which makes one. Says loudly where not. */
export const hasTerminal = (() => {
  const { status, stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  const isThere = status === 0 && stdout.includes('util-linux');
  if (!isThere)
    console.warn('SKIPPED: there is no script of util-linux here, which makes a terminal');
  return isThere;
})();

/** For tests only: the command line on a terminal of its own. */
export interface OnTerminal {
  readonly child: ChildProcessWithoutNullStreams;
  /** What has been shown by now, control bytes and all; stdout and stderr are one. */
  readonly shown: () => string;
  /** Resolves once a text has been shown, behind so many characters of all; rejects where the process ends without it. */
  readonly until: (text: string, from?: number) => Promise<void>;
  /** Types on its keyboard. */
  readonly type: (keys: string) => void;
  readonly ended: Promise<Said>;
}

/** For tests only: what a process says, as it says it; on a terminal stdout and stderr are one. */
export function heardOf(
  child: ChildProcessWithoutNullStreams,
  said: Promise<Said>,
): Pick<OnTerminal, 'shown' | 'until'> {
  let text = '';
  const hearers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      for (const hear of hearers) hear();
    });
  return {
    shown: () => text,
    until: (wanted, from = 0) =>
      new Promise((resolve, reject) => {
        const hear = () => {
          if (!text.slice(from).includes(wanted)) return;
          hearers.delete(hear);
          resolve();
        };
        hearers.add(hear);
        void said.then(() => reject(new Error(`ended without "${wanted}": ${text}`)));
        hear();
      }),
  };
}

/** For tests only: starts the command line on a terminal of so many columns, on which nobody has said that this is CI. */
export function onTerminal(
  args: readonly string[],
  around: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
  { columns = 80, afterwards = '' } = {},
): OnTerminal {
  const words = [process.execPath, ASSAY, ...args].map((word) => `'${word}'`).join(' ');
  const run = afterwards === '' ? `exec ${words}` : `${words}; code=$?; ${afterwards}; exit $code`;
  const command = `unset CI; stty cols ${columns} rows 24; ${run}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    ...(around.cwd !== undefined && { cwd: around.cwd }),
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', ...around.env },
  });
  const ended = saidBy(child);
  return {
    child,
    ...heardOf(child, ended),
    type: (keys) => void child.stdin.write(keys),
    ended,
  };
}
