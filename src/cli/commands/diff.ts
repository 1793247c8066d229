import { diff as changesBetween } from '../../domain/diff.ts';
import { jsonChanges, renderChanges } from '../../report/changes.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import type { Problem } from '../../domain/problem.ts';
import { openSides } from '../sides.ts';

/** Tells what changed its word between two days, two runs or two revisions, by which evidence, and what may be why. */
export async function diff(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const sides = await openSides(asked, output);
  if ('problems' in sides) return sides;
  const { left, right, isBroken } = sides;
  const changes = changesBetween(left, right);
  if (valueOf(asked, 'format') === 'json')
    output.print(JSON.stringify(jsonChanges(changes), null, 2));
  else output.print(renderChanges(changes, output.columns, output.paint));
  const { words, standings, cases, pairs } = changes;
  if (isBroken) return 3;
  if (pairs.length + words.length + standings.length === 0)
    await output.problems([nothingKnown(asked, left.isWhole)]);
  if (words.length + standings.length + cases.length > 0) return 1;
  return pairs.length === 0 || pairs.some(isUntold) ? 3 : 0;

  /** What a run did not decide cannot be told of it; by a day, what was never decided is simply not known yet. */
  function isUntold({ comparison }: (typeof pairs)[number]): boolean {
    return !left.isWhole && comparison.kind === 'untold';
  }
}

/** That nothing was there to be held against anything, and where else something may be. */
function nothingKnown(asked: Asked, isWhole: boolean): Problem {
  const message = 'no evidence of these claims is known on both sides';
  const rehearsed = isWhole && !isGiven(asked, 'rehearsal');
  const hint = rehearsed ? { hint: '--rehearsal tells what the rehearsals say' } : {};
  return { severity: 'warning', message, ...hint };
}
