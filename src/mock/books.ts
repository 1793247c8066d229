import type { IncomingHttpHeaders } from 'node:http';
import { openingOf } from './billing.ts';
import type { Ask } from './faults.ts';
import { createPurse, type Purse } from './purse.ts';
import { type RateLimit, rateLimit } from './rate-limits.ts';

/** Windows of new-api's CriticalRateLimit and GlobalAPIRateLimit. */
const CRITICAL_MS = 20 * 60_000;
const API_MS = 180_000;
const ACCESS_TOKEN = 'rehearsal-access-token';
/** The key that has a token from the start, so that what it spends can be read before it is used. */
const REHEARSAL_KEY = 'sk-rehearsal-key';

/** How many requests each kind of endpoint may have. */
interface RateLimits {
  readonly critical: RateLimit;
  readonly api: RateLimit;
}

/** A request for something that is read, never made. */
export interface Reading {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly ask: Ask;
  /** Every model that is served, with the canonical one behind it. */
  readonly models: readonly { readonly model: string; readonly canonical: string }[];
}

/** What the usage endpoints look into, and who may look. */
export interface Books {
  readonly purse: Purse;
  readonly limits: RateLimits;
  /** What the management endpoints take. */
  readonly accessToken: string;
  /** The keys that are accepted; undefined: every key that begins with `sk-`. */
  readonly keys: readonly string[] | undefined;
}

/** Books in which nothing is written yet, but the keys that are known. */
export function openBooks({
  clock,
  keys,
  accessToken = ACCESS_TOKEN,
  ask,
}: {
  readonly clock: () => number;
  readonly keys: readonly string[] | undefined;
  readonly accessToken: string | undefined;
  readonly ask: Ask;
}): Books {
  const purse = createPurse(clock, () => openingOf(ask));
  for (const key of keys ?? [REHEARSAL_KEY]) purse.tokenOf(key);
  const limits = { critical: rateLimit(CRITICAL_MS, clock), api: rateLimit(API_MS, clock) };
  return { purse, limits, accessToken, keys };
}
