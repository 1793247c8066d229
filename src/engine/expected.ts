import { caseId } from '../domain/claim.ts';
import { type PlannedCost, type SuiteCost, costsBySuite } from '../domain/cost.ts';
import { exchangesBehind } from '../domain/evidence.ts';
import { compareInstants } from '../domain/instant.ts';
import { type Remembered, evidenceOf, knownOf } from '../domain/standing.ts';
import { targetId } from '../domain/target.ts';
import { worstUsd } from './plan.ts';
import { repetition } from './repetition.ts';
import type { PlannedExchange } from './sharing.ts';

/**
 * What a planned exchange costs if it is sent once, or as often as an interval takes to show what is claimed: what was measured the last time, where that is remembered, else what
 * its claims declare. It belongs to the suite of its first case, which is where evidence has it too.
 */
export function expectedCost(planned: PlannedExchange, remembered: Remembered): SuiteCost {
  const { least } = repetition(planned.cases);
  return costOf(planned, remembered, least, least);
}

/** The same, but with all the trials that an interval may take: what it may cost to ask for it again, if nothing surprises. */
export function retestCost(planned: PlannedExchange, remembered: Remembered): SuiteCost {
  const trials = planned.cases.map((one) => one.case.trials?.of ?? 1);
  return costOf(planned, remembered, repetition(planned.cases).least, Math.max(...trials));
}

/** Of what was measured, no more is known than what is needed at least. */
function costOf(
  planned: PlannedExchange,
  remembered: Remembered,
  least: number,
  most: number,
): SuiteCost {
  const suite = suiteOf(planned);
  const measured = measuredLast(planned, remembered);
  if (measured === undefined) return { suite, usd: planned.usd * most, measuredUsd: 0 };
  return { suite, usd: measured * most, measuredUsd: measured * least };
}

/** What planned exchanges cost, for each suite. */
export function plannedCosts(
  exchanges: readonly PlannedExchange[],
  remembered: Remembered,
): readonly PlannedCost[] {
  const worst = costsBySuite(
    exchanges.map((one) => ({ suite: suiteOf(one), usd: worstUsd(one), measuredUsd: 0 })),
  );
  const expected = costsBySuite(exchanges.map((one) => expectedCost(one, remembered)));
  return expected.map((cost, at) => ({ ...cost, worstUsd: worst[at]?.usd ?? 0 }));
}

function suiteOf({ cases }: PlannedExchange): string {
  return cases[0]?.claim.suite ?? '';
}

/**
 * What an exchange cost the last time that it was measured, in US dollars. One of its cases bears that, and which one depends
 * on what was chosen then.
 */
export function measuredLast(
  { cases, target }: PlannedExchange,
  remembered: Remembered,
): number | undefined {
  const id = targetId(target);
  // Nearly nothing of a plan was ever measured, and it asks for this several times over.
  const isMeasured = cases.some(({ written: { claim, name } }) =>
    knownOf(caseId(claim, name), id, remembered).some((one) => one.measured === true),
  );
  if (!isMeasured) return undefined;
  const all = cases.flatMap((one) => evidenceOf(one.case, one.digest, id, remembered));
  const measured = all.filter((one) => one.measured === true);
  if (measured.length === 0) return undefined;
  const last = measured.reduce((so, one) => (compareInstants(one.at, so.at) < 0 ? so : one));
  const exchanges = exchangesBehind(last);
  return all
    .filter((one) => exchangesBehind(one).some((exchange) => exchanges.includes(exchange)))
    .reduce((sum, { usd }) => sum + usd, 0);
}
