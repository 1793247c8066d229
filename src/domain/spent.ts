import { type Evidence, exchangesBehind } from './evidence.ts';
import type { Exchange } from './exchange.ts';

/** What stored exchanges and their evidence come to: an exchange is paid for in the first piece of evidence of it; what has none bears its price itself. */
export function storedPrice(
  exchanges: readonly Exchange[],
  evidence: readonly Evidence[],
): { readonly requests: number; readonly usd: number } {
  const judged = new Set(evidence.flatMap(exchangesBehind));
  const unjudged = exchanges.filter(({ id }) => !judged.has(id));
  return {
    requests: exchanges.reduce((sum, { attempts }) => sum + attempts.length, 0),
    usd:
      evidence.reduce((sum, { usd }) => sum + usd, 0) +
      unjudged.reduce((sum, { answers }) => sum + (answers?.usd ?? 0), 0),
  };
}
