import type { Cause } from './cause.ts';
import type { Observation, Place } from './claim.ts';

/** One expectation that did not hold. */
export interface Finding {
  /** `image.format`, `status`, `json $.data[*].url`. */
  readonly expectation: string;
  readonly at: Place;
  readonly expected: string;
  readonly actual: string;
}

/** Why something cannot be told from an answer. */
export interface Untold {
  readonly cause: Cause;
  readonly detail: string;
}

/** What an exchange says of a claim. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly findings: readonly Finding[] }
  | ({ readonly kind: 'inconclusive' } & Untold);

/** What evidence keeps of the answer, for derived claims. */
export type Observed = Readonly<Partial<Record<Observation, string | number>>>;
