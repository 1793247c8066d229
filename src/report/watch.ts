import { type Claim, caseId } from '../domain/claim.ts';
import type { JudgedCase, Run } from '../domain/run.ts';
import { labelled } from './columns.ts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';
import { renderRun } from './run.ts';

/** How all cases of a session stand by now. */
export interface RoundTally {
  readonly cases: number;
  readonly fine: number;
  readonly contradictions: number;
  readonly undecided: number;
}

/** Counts how cases stand; `isFine` tells those about which nothing is to be done. */
export function tallyOf(
  cases: readonly JudgedCase[],
  isFine: (one: JudgedCase) => boolean,
): RoundTally {
  const undecided = cases.filter(({ verdict }) => verdict.kind === 'inconclusive');
  return {
    cases: cases.length,
    fine: cases.filter(isFine).length,
    contradictions: cases.filter((one) => one.contradicts).length,
    undecided: undecided.length,
  };
}

/** So many cases that ran are named one by one. */
const MOST_NAMED = 20;

/** What a round of a watching session ran and found, and how all that is watched stands. */
export function renderRound(
  { run, tally }: { readonly run: Run; readonly tally: RoundTally },
  claims: (id: string) => Claim | undefined,
  columns: number,
  paint: Paint,
): string {
  const { cases } = run;
  const found = renderRun(run, claims, columns, paint);
  return [
    ...(cases.length === 0 ? ['nothing to run: no case has changed'] : []),
    ...(cases.length <= MOST_NAMED ? cases.map((one) => judgedLine(one, columns, paint)) : []),
    ...(found === '' ? [] : ['', found, '']),
    paint('bold', labelled('', tallyText(cases.length, tally), 0, columns)),
  ].join('\n');
}

function judgedLine(
  { claim, case: name, verdict, contradicts }: JudgedCase,
  columns: number,
  paint: Paint,
): string {
  const colour = contradicts ? 'red' : verdict.kind === 'inconclusive' ? 'yellow' : 'green';
  return paint(colour, labelled(`${verdict.kind}  `, caseId(claim, name), 0, columns));
}

function tallyText(ran: number, { cases, fine, contradictions, undecided }: RoundTally): string {
  const open = cases - fine - contradictions - undecided;
  return [
    `${counted(ran, 'case')} ran`,
    `of ${cases} watched, ${fine} as documented`,
    contradictions === 0
      ? 'nothing contradicts the docs'
      : `${counted(contradictions, 'contradicts', 'contradict')} the docs`,
    ...(open > 0 ? [`${open} fail where nothing is promised`] : []),
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
  ].join(' · ');
}
