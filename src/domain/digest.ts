import canonicalize from 'canonicalize';
import type { Case, Given } from './claim.ts';

/** SHA-256 of a text, in lower-case hex. */
export type Sha256 = (text: string) => string;

/**
 * The fingerprint of what a case sends and expects; edit those and its evidence no longer counts.
 * Covers the request before generators, `given` and `expect`; not target values, generated URLs, wording, cost or freshness.
 */
export function digest(aCase: Case, sha256: Sha256): string {
  const expect = aCase.expect.map(covered).join();
  const given = aCase.given.map(covered).join();
  // The canonical form of all three together, put together here: see `covered`.
  const text = `{"expect":[${expect}],"given":[${given}],"request":${canonicalOnce(aCase.request)}}`;
  return sha256(text).slice(0, 32);
}

/** The one JSON text of a value, whatever the order of its members (RFC 8785). */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

const known = new WeakMap<object, string>();

/** The same, kept as long as the value is: a shape serves all the cases that name it, a request its digest and its plan. */
export function canonicalOnce(value: object): string {
  const text = known.get(value) ?? canonical(value);
  known.set(value, text);
  return text;
}

/** What is covered of an expectation, in canonical form; where it was written does not matter. */
function covered(given: Given): string {
  if ('need' in given) return canonical({ claim: given.need });
  const { kind, value, shape } = given;
  if (shape === undefined) return canonical({ kind, value });
  if (typeof shape !== 'object' || shape === null) return canonical({ kind, value, shape });
  return `{"kind":${canonical(kind)},"shape":${canonicalOnce(shape)},"value":${canonical(value)}}`;
}
