import type { Evidence } from '../domain/evidence.ts';
import { type CaseToJudge, judgedCase } from '../domain/judged.ts';
import type { JudgedCase } from '../domain/run.ts';
import { targetId } from '../domain/target.ts';
import type { Untold } from '../domain/verdict.ts';
import { caseKey } from './controls.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';

/** The kept evidence of a run, by case. */
export interface Book {
  /** Takes in a piece of evidence that the ledger has. */
  readonly enter: (key: string, evidence: Evidence) => void;
  /** What was entered of a case. */
  readonly found: (key: string) => readonly Evidence[];
  /** Notes that the budget ended before the next trial of a case. */
  readonly cutByBudget: (key: string) => void;
  /** The cases of these exchanges as the run judged them; those without evidence have the verdict of the run's end. */
  readonly close: (
    exchanges: readonly PlannedExchange[],
    unjudged: Untold,
  ) => readonly JudgedCase[];
}

const UNPAID: Untold = { cause: 'budget', detail: 'the budget ended before its next trial' };

/** An empty book. */
export function makeBook(): Book {
  const trials = new Map<string, Evidence[]>();
  const unpaid = new Set<string>();
  const found = (key: string) => trials.get(key) ?? [];
  return {
    enter: (key, evidence) => {
      const known = trials.get(key);
      if (known === undefined) trials.set(key, [evidence]);
      else known.push(evidence);
    },
    found,
    cutByBudget: (key) => void unpaid.add(key),
    close: (exchanges, unjudged) =>
      exchanges.flatMap((exchange) =>
        exchange.cases.map((planned) => {
          const key = plannedKey(planned, exchange);
          return judgedCase(asJudged(planned), found(key), unpaid.has(key) ? UNPAID : unjudged);
        }),
      ),
  };
}

/** The key of a case in a run. */
export function plannedKey({ case: one }: PlannedCase, { target }: PlannedExchange): string {
  return caseKey(targetId(target), one.claim, one.name);
}

function asJudged({ claim: { says, documented }, case: one }: PlannedCase): CaseToJudge {
  const { claim, name, trials } = one;
  return { claim, case: name, says, documented: documented.as, ...(trials && { trials }) };
}
