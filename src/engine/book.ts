import type { Case, Claim } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import { inconclusive } from '../domain/judge.ts';
import { contradicts, type JudgedCase } from '../domain/run.ts';
import { targetId } from '../domain/target.ts';
import { seriesOf, seriesText, verdictOfTrials } from '../domain/trials.ts';
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
          return judgedCase(planned, found(key), unpaid.has(key) ? UNPAID : unjudged);
        }),
      ),
  };
}

/** The key of a case in a run. */
export function plannedKey({ case: one }: PlannedCase, { target }: PlannedExchange): string {
  return caseKey(targetId(target), one.claim, one.name);
}

/** A case by its trials; those that were cut short could not be told for the reason `ended`. */
function judgedCase(planned: PlannedCase, trials: readonly Evidence[], ended: Untold): JudgedCase {
  const { claim, case: one } = planned;
  const { telling, ...said } =
    one.trials === undefined
      ? bySingle(claim, trials, ended)
      : bySeries(claim, one.trials, trials, ended);
  const charged = telling?.observed.charged;
  return {
    claim: one.claim,
    case: one.name,
    says: claim.says,
    documented: claim.documented.as,
    ...said,
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

/** What is said of a case, and the trial that tells most of it. */
interface Said extends Pick<JudgedCase, 'verdict' | 'contradicts' | 'rate'> {
  readonly telling?: Evidence | undefined;
}

/** Its verdict is the last decided trial's; it contradicts if any decided trial does (design.md). */
function bySingle({ documented }: Claim, trials: readonly Evidence[], ended: Untold): Said {
  const decided = trials.findLast(({ verdict }) => verdict.kind !== 'inconclusive');
  const telling = decided ?? trials.at(-1);
  return {
    telling,
    verdict: telling?.verdict ?? inconclusive(ended),
    contradicts: trials.some(({ verdict }) => contradicts(documented.as, verdict)),
  };
}

/** Its verdict is the interval's, and so is what contradicts: a single trial that fails contradicts nothing yet. */
function bySeries(
  { documented }: Claim,
  asked: NonNullable<Case['trials']>,
  trials: readonly Evidence[],
  ended: Untold,
): Said {
  const { of, atLeast, confidence } = asked;
  const { passed, decided } = seriesOf(asked, trials);
  const sofar = decided === 0 ? '' : ` (${seriesText({ passed, decided })})`;
  const verdict =
    verdictOfTrials(asked, trials) ?? inconclusive({ ...ended, detail: `${ended.detail}${sofar}` });
  return {
    telling: trials.findLast((one) => one.verdict.kind === verdict.kind) ?? trials.at(-1),
    verdict,
    contradicts: contradicts(documented.as, verdict),
    rate: { passed, decided, of, atLeast, confidence },
  };
}
