import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Problem } from '../domain/problem.ts';
import { systemClock } from '../adapters/clock.ts';
import { type Paint, plain } from '../report/paint.ts';
import { printablePainted } from '../report/printable.ts';
import { type Line, overwrittenLine } from './line.ts';

/**
 * 0 decided, and nothing contradicts · 1 something contradicts, or a page differs · 2 what was written or asked is wrong ·
 * 3 could not tell · 130 interrupted (design.md, "Command line").
 */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Why a verb does not do its work: what was written or asked is wrong, which is exit code 2. */
export interface Refused {
  readonly problems: readonly Problem[];
}

/** Where a command prints: documents on stdout, progress and problems on stderr; nothing that a terminal would obey but styles. */
export interface Output {
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
  readonly problems: (problems: readonly Problem[]) => Promise<void>;
  readonly columns: number;
  readonly paint: Paint;
  /** The line of stderr that is written over; absent where that is no terminal. Whatever else is said takes it away. */
  readonly line?: Line;
}

/** The process's own streams; colour only on a terminal that wants it (NO_COLOR, FORCE_COLOR, TERM=dumb are heeded). */
export function standardOutput(): Output {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', bearBrokenStream);
  const line = lineOn(stderr);
  const write = (stream: NodeJS.WriteStream, text: string) => {
    line?.clear();
    stream.write(`${inert(printablePainted(text))}\n`);
  };
  return {
    print: (text) => write(stdout, text),
    say: (text) => write(stderr, text),
    async problems(problems) {
      if (problems.length === 0) return;
      const { renderProblems } = await import('../report/problem.ts');
      write(stderr, renderProblems(problems, painter(stderr)).trimEnd());
    },
    get columns() {
      return Math.max(40, Math.min(stdout.columns || 80, 120)); // a terminal may not know its width, and say 0
    },
    paint: painter(stdout),
    ...(line !== undefined && { line }),
  };
}

/** What the log of GitHub Actions takes for a command: a line that begins with two colons, and the older form anywhere. */
const COMMAND = /^(\s*):(?=:)|#(?=#\[)/gm;

/** A text in which nothing is a command to the runner of GitHub, where one reads along: a gateway may have said any of it. */
function inert(text: string): string {
  if (process.env['GITHUB_ACTIONS'] !== 'true') return text;
  return text.replaceAll(COMMAND, (sign, blank = '') =>
    sign === '#' ? '\\u0023' : `${blank}\\u003a`,
  );
}

/** On a terminal that can clear a line, and where somebody looks at it. */
function lineOn(stream: NodeJS.WriteStream): Line | undefined {
  if (!stream.isTTY || process.env['CI'] !== undefined || process.env['TERM'] === 'dumb')
    return undefined;
  const screen = {
    write: (text: string) => void stream.write(text),
    columns: () => stream.columns || 80,
  };
  return overwrittenLine(screen, systemClock());
}

function painter(stream: NodeJS.WriteStream): Paint {
  const isPlain = styleText('bold', '-', { stream }) === '-';
  // Asked once: each style would ask the environment for it again.
  return isPlain ? plain : (style, text) => styleText(style, text, { validateStream: false });
}

/** `assay status | head` is no error, and the exit code still tells; that a disk is full is one, and nothing was told. */
function bearBrokenStream(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  try {
    writeSync(process.stderr.fd, `error: cannot write what is to be said: ${error.message}\n`);
  } catch {
    // Then there is nowhere to say it.
  }
  process.exit(3);
}
