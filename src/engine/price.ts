import type { Case, Request } from '../domain/claim.ts';
import { mostPolls } from '../domain/steps.ts';
import { MOST_ATTEMPTS } from './retry.ts';

/** What a sending takes from a budget, at worst. */
export interface Price {
  readonly requests: number;
  /** In US dollars. */
  readonly usd: number;
}

/** What one sending costs in a claim with steps: what only reads, as a poll does, costs nothing. */
export function stepUsd({ method }: Pick<Request, 'method'>, usd: number): number {
  return method === 'GET' || method === 'HEAD' ? 0 : usd;
}

/** The price of a case whose requests, or request, are sent once each. */
export function priceOnce({ steps }: Case, usd: number): Price {
  if (steps === undefined) return { requests: 1, usd };
  return sum(steps.map(({ request }) => ({ requests: 1, usd: stepUsd(request, usd) })));
}

/** The price of one trial of a case with every retry, and every poll that its time allows. */
export function priceAtWorst({ steps }: Case, usd: number): Price {
  if (steps === undefined) return { requests: MOST_ATTEMPTS, usd: usd * MOST_ATTEMPTS };
  return sum(
    steps.map(({ request, polling }) => {
      const requests = polling === undefined ? MOST_ATTEMPTS : mostPolls(polling);
      return { requests, usd: requests * stepUsd(request, usd) };
    }),
  );
}

function sum(prices: readonly Price[]): Price {
  return {
    requests: prices.reduce((so, { requests }) => so + requests, 0),
    usd: prices.reduce((so, { usd }) => so + usd, 0),
  };
}
