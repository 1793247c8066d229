import { didYouMean, type Problem } from '../domain/problem.ts';
import type { Target } from '../domain/target.ts';
import { quoted } from './source.ts';

/** A place at which a suite names a target, as a problem that is ready but for its message. */
export interface Mention {
  readonly target: string;
  readonly problem: Problem;
}

/** The targets that suites name and that are not there, or are rehearsals, whose evidence can verify nothing. */
export function targetProblems(
  mentions: readonly Mention[],
  targets: readonly Target[],
): readonly Problem[] {
  const live = targets.filter(({ grade }) => grade === 'live').map(({ name }) => name);
  return mentions.flatMap(({ target, problem }): readonly Problem[] => {
    const found = targets.find(({ name }) => name === target);
    if (found?.grade === 'live') return [];
    if (found !== undefined) {
      const message = `${quoted(target)} is a rehearsal, and only a live target can verify`;
      return [{ ...problem, message }];
    }
    const message = `no target is called ${quoted(target)}`;
    return [{ ...problem, message, ...didYouMean(target, live) }];
  });
}
