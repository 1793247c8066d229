import canonicalize from 'canonicalize';
import type { Case, Given } from './claim.ts';

/** SHA-256 of a text, in lower-case hex. */
export type Sha256 = (text: string) => string;

/**
 * The fingerprint of what a case sends and expects; edit those and its evidence no longer counts.
 * Covers the request before generators, `given` and `expect`; not target values, generated URLs, wording, cost or freshness.
 */
export function digest(aCase: Case, sha256: Sha256): string {
  const covered = {
    request: aCase.request,
    given: aCase.given.map((given) => covers(given)),
    expect: aCase.expect.map((expectation) => covers(expectation)),
  };
  return sha256(canonical(covered)).slice(0, 32);
}

/** The one JSON text of a value, whatever the order of its members (RFC 8785). */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

/** Where it was written does not matter. */
function covers(given: Given): object {
  if ('need' in given) return { claim: given.need };
  const { kind, value, shape } = given;
  return shape === undefined ? { kind, value } : { kind, value, shape };
}
