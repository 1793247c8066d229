/** The one word that says why a verdict is inconclusive. */
export const CAUSES = [
  'unreachable', // no connection: refused, unknown host, no route
  'timeout', // no headers, or no end, within the target's time
  'disconnected', // the connection broke before the answer was whole
  'oversized', // more headers or more body than the cap
  'malformed', // not HTTP, or a body that cannot be decoded
  'unauthorized', // 401
  'unpaid', // 402: out of credit
  'forbidden', // 403
  'throttled', // 429, 529
  'unavailable', // 408, 502, 503, 504, 524
  'html', // HTML where JSON was expected
  'blocked', // a safety block
  'given', // a precondition was not met
  'guarded', // a URL that the address guard refused
  'unfetched', // a hosted image that could not be fetched for a passing reason
  'unseen', // the answer does not show what the claim is about
  'unsettled', // a polled answer, or a charge, that did not come to an end in its time
  'unmeasured', // no usage source shows what was charged, or not enough of it
  'disturbed', // somebody else used the key while a charge was measured
  'unsure', // all trials were made, and the rate is too close to the one that is claimed
  'cut', // a stored body that is not whole any more
  'parts', // a derived claim whose parts are not decided
  'budget', // the budget ended first
  'interrupted', // the run ended first
] as const;
export type Cause = (typeof CAUSES)[number];
