import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { watchFiles } from '../../adapters/watch.ts';
import type { Problem } from '../../domain/problem.ts';
import { renderRound } from '../../report/watch.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { interruption } from '../interrupt.ts';
import { KEYS_TEXT, readKeys } from '../keys.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { progress } from '../progress.ts';
import { TARGETS, suitesFolder } from '../project.ts';
import { type Round, openSession } from '../watching.ts';
import { makeWishes } from '../wishes.ts';

/** Rehearses again, with each save, what was edited and what failed: 0 when it is ended with q, 130 by Ctrl-C. */
export async function watch(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const folder = suitesFolder(asked);
  const targets = valueOf(asked, 'targets') ?? join(folder, TARGETS);
  const session = openSession(asked);
  const { wish, next } = makeWishes();
  interruption().addEventListener('abort', () => wish('interrupted'));
  process.stdout.once('error', () => wish('quit')); // nobody reads any more
  const changed = new Set<string>();
  const files = watchFiles({ folder, files: [targets] }, (paths) => {
    for (const path of paths) changed.add(path);
    wish('changed');
  });
  const keys = readKeys(wish);
  let wrong: readonly Problem[] | undefined;
  wish('all');
  try {
    for (;;) {
      const { wish: wished, signal } = await next();
      if (wished === 'quit') return 0;
      if (wished === 'interrupted') return 130;
      const round = await session.round(wished, signal, shownBy(output));
      if (signal.aborted) continue;
      if (wrong === undefined && 'problems' in round && isMisasked(round)) return round;
      clearScreen(output);
      if (changed.size > 0) output.print(`${[...changed].join(', ')} changed`);
      changed.clear();
      const problems = 'problems' in round ? round.problems : round.warnings;
      // What scrolls by is said once; on a screen that is cleared it stays as long as it is so.
      if (output.line !== undefined || !isDeepStrictEqual(problems, wrong ?? []))
        await output.problems(problems);
      if (!('problems' in round)) sayRound(round, wrong ?? [], output);
      wrong = problems;
      if (process.stdin.isTTY) output.say(output.paint('dim', KEYS_TEXT));
    }
  } finally {
    keys.close();
    files.close();
    await session.close();
  }
}

/** How far a round is, where it is written over: in a pipe only what comes of it is worth a line. */
function shownBy(output: Output): ReturnType<typeof progress> {
  return output.line === undefined ? () => {} : progress(output);
}

/** Whether it is not the files that are wrong, which may be right with the next save. */
function isMisasked({ problems }: Refused): boolean {
  return problems.every(({ place }) => place === undefined);
}

function sayRound(round: Round, before: readonly Problem[], output: Output): void {
  if (before.some(({ severity }) => severity === 'error')) output.print('no problems any more');
  output.print(renderRound(round, round.claim, output.columns, output.paint));
}

/** What was true before the last save is in nobody's way; what was scrolled off stays. */
function clearScreen({ line }: Output): void {
  line?.clear();
  if (line !== undefined && process.stdout.isTTY) process.stdout.write('\u001B[H\u001B[2J');
}
