import type { Evidence } from '../domain/evidence.ts';
import { contradicts, type JudgedCase } from '../domain/run.ts';
import { targetId } from '../domain/target.ts';
import type { Verdict } from '../domain/verdict.ts';
import { caseKey } from './controls.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';

/** The kept evidence of a run, by case. */
export interface Book {
  /** Takes in a piece of evidence that the ledger has. */
  readonly enter: (key: string, evidence: Evidence) => void;
  /** The cases of these exchanges as the run judged them; those without evidence have the verdict of the run's end. */
  readonly close: (
    exchanges: readonly PlannedExchange[],
    unjudged: Verdict,
  ) => readonly JudgedCase[];
}

/** An empty book. */
export function makeBook(): Book {
  const trials = new Map<string, Evidence[]>();
  return {
    enter: (key, evidence) => {
      trials.set(key, [...(trials.get(key) ?? []), evidence]);
    },
    close: (exchanges, unjudged) =>
      exchanges.flatMap((exchange) =>
        exchange.cases.map((planned) =>
          judgedCase(planned, trials.get(plannedKey(planned, exchange)) ?? [], unjudged),
        ),
      ),
  };
}

/** The key of a case in a run. */
export function plannedKey({ case: one }: PlannedCase, { target }: PlannedExchange): string {
  return caseKey(targetId(target), one.claim, one.name);
}

/** Its verdict is the last decided trial's; it contradicts if any decided trial does (design.md). */
function judgedCase(
  planned: PlannedCase,
  trials: readonly Evidence[],
  unjudged: Verdict,
): JudgedCase {
  const { claim, case: one } = planned;
  const decided = trials.findLast(({ verdict }) => verdict.kind !== 'inconclusive');
  const telling = decided ?? trials.at(-1);
  const charged = telling?.observed.charged;
  return {
    claim: one.claim,
    case: one.name,
    says: claim.says,
    documented: claim.documented.as,
    verdict: telling?.verdict ?? unjudged,
    contradicts: trials.some(({ verdict }) => contradicts(claim.documented.as, verdict)),
    trials: trials.length,
    attempts: trials.reduce((sum, { attempts }) => sum + attempts, 0),
    ...(telling?.exchange === undefined ? {} : { exchange: telling.exchange }),
    ...(telling?.ms === undefined ? {} : { ms: telling.ms }),
    usd: trials.reduce((sum, { usd }) => sum + usd, 0),
    measuredUsd: trials.reduce((sum, { usd, measured }) => sum + (measured === true ? usd : 0), 0),
    ...(charged === undefined ? {} : { charged: String(charged) }),
    evidence: trials.map(({ id }) => id),
  };
}
