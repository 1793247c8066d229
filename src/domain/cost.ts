/** What something costs, in US dollars. */
export interface Cost {
  readonly usd: number;
  /** How much of that was measured; the rest is declared worst cases. */
  readonly measuredUsd: number;
}

/** What a suite's part of something costs; what suites share is borne by one of them. */
export interface SuiteCost extends Cost {
  readonly suite: string;
}

/** What a suite's part of a plan costs with each request sent as often as it must be, and with every retry and trial. */
export interface PlannedCost extends SuiteCost {
  readonly worstUsd: number;
}

/** What it may cost to ask one target again for all that a suite claims: each request once, or as often as an interval may take. */
export interface RetestCost extends SuiteCost {
  readonly target: string;
}

/** Costs that belong to suites, summed up for each; by name, whatever order they are sent in. */
export function costsBySuite(costs: Iterable<SuiteCost>): readonly SuiteCost[] {
  const groups = Map.groupBy(costs, ({ suite }) => suite);
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([suite, group]) => ({ suite, ...sumOf(group) }));
}

/** Costs together, to a millionth of a dollar: 0.1 + 0.2 is 0.3. */
export function sumOf(costs: readonly Cost[]): Cost {
  const total = (of: (cost: Cost) => number) =>
    Number(costs.reduce((sum, cost) => sum + of(cost), 0).toFixed(6));
  return { usd: total(({ usd }) => usd), measuredUsd: total(({ measuredUsd }) => measuredUsd) };
}
