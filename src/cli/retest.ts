import { sha256 } from '../adapters/sha256.ts';
import { type RetestCost, costsBySuite } from '../domain/cost.ts';
import type { Remembered } from '../domain/standing.ts';
import type { SuiteStatus } from '../domain/status.ts';
import { type Target, targetId } from '../domain/target.ts';
import { retestCost } from '../engine/expected.ts';
import { wholeExchanges } from '../engine/plan.ts';

/** A suite to be tested again on a target: in a rehearsal, in the world of the suite. */
interface Retest {
  readonly status: SuiteStatus;
  readonly target: Target;
}

/** What it may cost to ask anew all that suites send to the targets whose evidence they rest on: each once, or as often as its interval may take. */
export function retestCosts(
  statuses: readonly SuiteStatus[],
  targetsFor: (status: SuiteStatus) => readonly Target[],
  remembered: Remembered,
): readonly RetestCost[] {
  const retests = statuses.flatMap((status) =>
    targetsFor(status).flatMap((target) => (restsOn(status, target) ? [{ status, target }] : [])),
  );
  const byTarget = Map.groupBy(retests, ({ target }) => target.name);
  return [...byTarget].flatMap(([name, some]) =>
    costsOn(some, remembered).map((cost) => ({ target: name, ...cost })),
  );
}

/** On one target; what its suites share is sent once. */
function costsOn(retests: readonly Retest[], remembered: Remembered) {
  const targets = new Map(retests.map(({ status, target }) => [status.suite.id, target]));
  const claims = new Set(retests.flatMap(({ status }) => status.claims.map(({ claim }) => claim)));
  const chosen = Array.from(claims, (claim) => ({
    claim,
    cases: claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [],
  }));
  const targetFor = ({ suite }: { readonly suite: string }): Target => {
    const target = targets.get(suite);
    if (target === undefined) throw new Error(`no claim of ${suite} was chosen`);
    return target;
  };
  const planning = { chosen, claims: remembered.claim, targetFor, sha256 };
  const exchanges = wholeExchanges(planning, remembered.digestOf);
  return costsBySuite(exchanges.map((one) => retestCost(one, remembered)));
}

function restsOn({ claims, tables }: SuiteStatus, target: Target): boolean {
  const id = targetId(target);
  return (
    claims.some((one) => one.target === id) ||
    tables.some(({ rows }) => rows.some(({ from }) => from.includes(target.name)))
  );
}
