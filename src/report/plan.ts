import { caseId } from '../domain/claim.ts';
import { type Cost, type PlannedCost, sumOf } from '../domain/cost.ts';
import type { LeftOut } from '../domain/run.ts';
import { labelled, padded } from './columns.ts';
import { costLines, dollars } from './cost.ts';
import { counted } from './counted.ts';
import { leftOutLines } from './due.ts';
import type { Paint } from './paint.ts';
import { type PlannedReading, readingText } from './reading.ts';

/** One request of a plan and the cases that it serves. */
interface PlannedLine {
  /** `POST /v1/images/generations`. */
  readonly request: string;
  readonly target: string;
  /** How often it is sent: if every trial says what its claims do, and at most. */
  readonly trials: { readonly least: number; readonly most: number };
  /** Of one sending, as its claims declare it. */
  readonly usd: number;
  /** As it was measured the last time; null where it never was. */
  readonly measuredUsd: number | null;
  readonly cases: readonly {
    readonly claim: string;
    readonly case: string;
    /** Why it needs evidence, where only that was asked for: none for one that is judged for nothing on the same exchange. */
    readonly due?: readonly { readonly because: string }[];
  }[];
}

/** A plan as it is printed: what is sent, in order, at what worst cost, and what is not. */
export interface PlanLines {
  readonly exchanges: readonly PlannedLine[];
  readonly derived: readonly string[];
  readonly untestable: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** What needs no evidence now, where only what does was asked for. */
  readonly notDue?: readonly LeftOut[];
  /** Null where nothing is measured. */
  readonly reading: PlannedReading | null;
  readonly costs: readonly PlannedCost[];
  /** With every retry and every second trial. */
  readonly worst: { readonly requests: number; readonly usd: number };
}

/** A plan for a terminal. */
export function renderPlan(plan: PlanLines, columns: number, paint: Paint): string {
  const cases = plan.exchanges.reduce((sum, one) => sum + one.cases.length, 0);
  return [
    ...plan.exchanges.map((one, at) => {
      const first = `${padded(String(at + 1), 4)} ${one.request}  ${one.target}  ${priceText(one)}`;
      const ids = one.cases.map((each) => caseId(each.claim, each.case)).join(', ');
      return [paint('bold', first), labelled('', ids, 5, columns), ...dueLines(one, columns)].join(
        '\n',
      );
    }),
    ...(plan.derived.length > 0
      ? [labelled('derived, nothing sent: ', plan.derived.join(', '), 0, columns)]
      : []),
    ...(plan.untestable.length > 0
      ? [labelled('untestable: ', plan.untestable.join(', '), 0, columns)]
      : []),
    ...(plan.notDue === undefined
      ? plan.leftOut.map((one) =>
          labelled(`left out: ${caseId(one.claim, one.case)}: `, one.reason, 0, columns),
        )
      : leftOutLines([...plan.leftOut, ...plan.notDue], columns)),
    ...(plan.reading === null ? [] : [labelled('', readingText(plan.reading), 0, columns)]),
    ...costLines(plan.costs, (cost) => onceText(cost, dollars(cost.worstUsd))),
    paint(
      'bold',
      `${counted(cases, 'case')} in ${counted(plan.exchanges.length, 'exchange')}, ` +
        onceText(
          sumOf(plan.costs),
          `${counted(plan.worst.requests, 'request')}, ${dollars(plan.worst.usd)}`,
        ),
    ),
  ].join('\n');
}

/** The reasons of an exchange, each once. */
function dueLines({ cases }: PlannedLine, columns: number): readonly string[] {
  const reasons = new Set(cases.flatMap(({ due = [] }) => due.map(({ because }) => because)));
  return reasons.size === 0 ? [] : [labelled('due: ', [...reasons].join('; '), 5, columns)];
}

function priceText({ usd, measuredUsd, trials: { least, most } }: PlannedLine): string {
  const price = measuredUsd === null ? dollars(usd) : `${dollars(measuredUsd)} as measured last`;
  return least === 1 ? price : `${price} each, ${least} to ${most} trials`;
}

/** `$0.50, $0.20 of it as measured last; at worst $4.00`. */
function onceText({ usd, measuredUsd }: Cost, worst: string): string {
  const part = measuredUsd < usd ? `, ${dollars(measuredUsd)} of it` : '';
  const known = measuredUsd > 0 ? `${part} as measured last` : '';
  return `${dollars(usd)}${known}; at worst ${worst}`;
}
