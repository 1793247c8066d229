import { caseId } from '../domain/claim.ts';
import type { LeftOut } from '../domain/run.ts';
import { labelled, padded } from './columns.ts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';

/** One request of a plan and the cases that it serves. */
interface PlannedLine {
  /** `POST /v1/images/generations`. */
  readonly request: string;
  readonly target: string;
  readonly usd: number;
  readonly cases: readonly { readonly claim: string; readonly case: string }[];
}

/** A plan as it is printed: what is sent, in order, at what worst cost, and what is not. */
export interface PlanLines {
  readonly exchanges: readonly PlannedLine[];
  readonly derived: readonly string[];
  readonly untestable: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** With every retry and every second trial. */
  readonly worst: { readonly requests: number; readonly usd: number };
}

/** A plan for a terminal. */
export function renderPlan(plan: PlanLines, columns: number, paint: Paint): string {
  const cases = plan.exchanges.reduce((sum, one) => sum + one.cases.length, 0);
  const once = plan.exchanges.reduce((sum, one) => sum + one.usd, 0);
  return [
    ...plan.exchanges.map((one, at) => {
      const first = `${padded(String(at + 1), 4)} ${one.request}  ${one.target}  $${one.usd.toFixed(2)}`;
      const ids = one.cases.map((each) => caseId(each.claim, each.case)).join(', ');
      return `${paint('bold', first)}\n${labelled('', ids, 5, columns)}`;
    }),
    ...(plan.derived.length > 0
      ? [labelled('derived, nothing sent: ', plan.derived.join(', '), 0, columns)]
      : []),
    ...(plan.untestable.length > 0
      ? [labelled('untestable: ', plan.untestable.join(', '), 0, columns)]
      : []),
    ...plan.leftOut.map((one) =>
      labelled(`left out: ${caseId(one.claim, one.case)}: `, one.reason, 0, columns),
    ),
    paint(
      'bold',
      `${counted(cases, 'case')} in ${counted(plan.exchanges.length, 'exchange')}, $${once.toFixed(2)}; ` +
        `at worst ${counted(plan.worst.requests, 'request')}, $${plan.worst.usd.toFixed(2)}`,
    ),
  ].join('\n');
}
