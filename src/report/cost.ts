import type { Cost, SuiteCost } from '../domain/cost.ts';
import type { Shard } from '../domain/shard.ts';
import { padded, width } from './columns.ts';
import { counted } from './counted.ts';

/** An amount of US dollars: `$0.05`, and as many more digits as a small one needs. */
export function dollars(usd: number): string {
  const digits = usd > 0 && usd < 0.1 ? 6 : 2;
  return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** A cost with what is known of it: `at most $0.50, $0.20 of it measured`. */
export function costText({ usd, measuredUsd }: Cost): string {
  if (measuredUsd === 0) return `at most ${dollars(usd)}`;
  if (measuredUsd >= usd) return `${dollars(usd)} measured`;
  return `at most ${dollars(usd)}, ${dollars(measuredUsd)} of it measured`;
}

/** What may be sent and paid, of what may be spent: `$0.43 of $2.00, 54 requests`. */
export function sumText(
  { usd, requests }: { readonly usd: number; readonly requests: number },
  budget: { readonly usd?: number },
): string {
  const of = budget.usd === undefined ? '' : ` of ${dollars(budget.usd)}`;
  return `${dollars(usd)}${of}, ${counted(requests, 'request')}`;
}

/** Which part of a project is planned, and with what of the budget: `shard 2/3, with $0.30 and 10 requests of the budget`. */
export function shardText(
  { index, of }: Shard,
  { usd, requests }: { readonly usd?: number; readonly requests?: number },
): string {
  const parts = [
    ...(usd === undefined ? [] : [dollars(usd)]),
    ...(requests === undefined ? [] : [counted(requests, 'request')]),
  ];
  const share = parts.length === 0 ? '' : `, with ${parts.join(' and ')} of the budget`;
  return `shard ${index}/${of}${share}`;
}

/** A line for each suite, where there are several; one alone costs what all together cost. */
export function costLines<Known extends SuiteCost>(
  costs: readonly Known[],
  said: (cost: Known) => string,
): readonly string[] {
  if (costs.length < 2) return [];
  const longest = Math.max(...costs.map(({ suite }) => width(suite)));
  return costs.map((cost) => `  ${padded(cost.suite, longest)}  ${said(cost)}`);
}
