import { type Run, summary } from '../domain/run.ts';
import type { ExitCode } from './output.ts';

/**
 * What a run comes to (design.md, "Exit codes"): a run of no case at all is never 0, unless it `mayBeEmpty`, as on a night on
 * which nothing is due.
 */
export function exitCodeOf(run: Run, tolerated: number, mayBeEmpty = false): ExitCode {
  const { cases, contradictions, inconclusive } = summary(run);
  if (run.end.kind === 'interrupted') return 130;
  if (run.end.kind === 'ledger-failed') return 3;
  if (contradictions > 0) return 1;
  if ((cases === 0 && !mayBeEmpty) || run.end.kind === 'outage') return 3;
  return inconclusive > tolerated * cases ? 3 : 0;
}
