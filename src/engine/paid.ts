import { chargeOf } from '../domain/charge.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';

/** What an exchange cost: measured, or the declared worst case. */
export type Paid = Pick<Evidence, 'usd' | 'measured'>;

/** The price of an exchange in all its attempts, where it was measured; else what was paid for it at worst, in US dollars. */
export function paidFor(exchange: Exchange, worstUsd: number): Paid {
  const { usage } = exchange;
  const cost = usage?.kind === 'measured' ? chargeOf(exchange, usage).cost : undefined;
  return cost === undefined ? { usd: worstUsd } : { usd: cost.usd, measured: true };
}
