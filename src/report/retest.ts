import { type RetestCost, sumOf } from '../domain/cost.ts';
import { costLines, costText, dollars } from './cost.ts';

/** What a retest costs on each target, for a terminal; nothing where no target was ever to be asked. */
export function renderRetest(costs: readonly RetestCost[]): string {
  const byTarget = Map.groupBy(costs, ({ target }) => target);
  return Array.from(byTarget, ([target, some]) =>
    [...costLines(some, costText), `a retest on ${target} costs ${costText(sumOf(some))}`].join(
      '\n',
    ),
  ).join('\n');
}

/** The same in Markdown. */
export function markdownRetest(costs: readonly RetestCost[]): string {
  if (costs.length === 0) return '';
  const rows = costs.map(
    ({ suite, target, usd, measuredUsd }) =>
      `| ${suite} | ${target} | ${dollars(usd)} | ${dollars(measuredUsd)} |`,
  );
  const head = ['## Cost of a retest', '', '| Suite | Target | At most | Of it measured |'];
  return ['', ...head, '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** The same in `status --format json`: for each suite on each target, and in all. */
export function jsonRetest(costs: readonly RetestCost[]): object {
  return {
    ...sumOf(costs),
    suites: costs.map(({ suite, target, usd, measuredUsd }) => ({
      suite,
      target,
      usd,
      measuredUsd,
    })),
  };
}
