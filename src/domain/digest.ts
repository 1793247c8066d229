import canonicalize from 'canonicalize';
import type { Case, Given, Request, Step, Trials } from './claim.ts';

/** SHA-256 of a text, in lower-case hex. */
export type Sha256 = (text: string) => string;

/** What names a case, and what it sends: equal requests have the same `request`. */
export interface Prints {
  readonly digest: string;
  readonly request: string;
}

const digests = new WeakMap<Case, string>();
const requests = new WeakMap<Request, string>();

/**
 * The fingerprint of what a case sends and expects; edit those and its evidence no longer counts.
 * Covers the request before generators, `given` and `expect`, or all steps, and `trials`; not target values, generated URLs,
 * wording, cost or freshness. It is made once for a case, and not at all where it was kept with it.
 */
export function digest(aCase: Case, sha256: Sha256): string {
  const known = digests.get(aCase);
  if (known !== undefined) return known;
  const made = sha256(coveredText(aCase)).slice(0, 32);
  digests.set(aCase, made);
  return made;
}

/** The fingerprint of a request before generators, by its canonical form; it is made once, as a digest is. */
export function requestPrint(request: Request, sha256: Sha256): string {
  const known = requests.get(request);
  if (known !== undefined) return known;
  const made = sha256(canonicalOnce(request)).slice(0, 32);
  requests.set(request, made);
  return made;
}

/** The fingerprints of a case, to be kept with it. */
export function printsOf(aCase: Case, sha256: Sha256): Prints {
  return { digest: digest(aCase, sha256), request: requestPrint(aCase.request, sha256) };
}

/** Takes what was kept with a case for its fingerprints. */
export function recallPrints(aCase: Case, kept: Prints): void {
  digests.set(aCase, kept.digest);
  requests.set(aCase.request, kept.request);
}

/** All that a digest covers, in canonical form. */
function coveredText(aCase: Case): string {
  const trials = aCase.trials && coveredTrials(aCase.trials);
  if (aCase.steps !== undefined) {
    const steps = { steps: aCase.steps.map(coveredStep), given: aCase.given.map(coveredValue) };
    return canonical({ ...steps, ...(trials && { trials }) });
  }
  const expect = aCase.expect.map(covered).join();
  const given = aCase.given.map(covered).join();
  const repeated = trials === undefined ? '' : `,"trials":${canonical(trials)}`;
  // Put together here, since many cases share the texts of their expectations.
  return `{"expect":[${expect}],"given":[${given}],"request":${canonicalOnce(aCase.request)}${repeated}}`;
}

/** The one JSON text of a value, whatever the order of its members (RFC 8785). */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

const known = new WeakMap<object, string>();

/** The same, kept as long as the value is: a shape serves all the cases that name it, a request its digest and its plan. */
export function canonicalOnce(value: object): string {
  const text = known.get(value);
  if (text !== undefined) return text;
  const made = canonical(value);
  known.set(value, made);
  return made;
}

/** All of trials but the place at which they were written. */
function coveredTrials({ of, atLeast, confidence }: Trials): Trials {
  return { of, atLeast, confidence };
}

/** All of a step but the places at which it was written. */
function coveredStep({ request, expect, captures, polling }: Step): object {
  return {
    request,
    expect: expect.map(coveredValue),
    captures: captures.map(({ name, from }) => ({ name, from })),
    ...(polling && { polling: { ...polling, until: polling.until.map(coveredValue) } }),
  };
}

function coveredValue(given: Given): object {
  if ('need' in given) return { claim: given.need };
  const { kind, value, shape } = given;
  return shape === undefined ? { kind, value } : { kind, value, shape };
}

const covers = new WeakMap<Given, string>();

/** What is covered of an expectation, in canonical form; where it was written does not matter. Many cases may share it. */
function covered(given: Given): string {
  const text = covers.get(given);
  if (text !== undefined) return text;
  const made = givenText(given);
  covers.set(given, made);
  return made;
}

function givenText(given: Given): string {
  if ('need' in given || given.shape === undefined) return canonical(coveredValue(given));
  const { kind, value, shape } = given;
  if (typeof shape !== 'object' || shape === null) return canonical(coveredValue(given));
  return `{"kind":${canonical(kind)},"shape":${canonicalOnce(shape)},"value":${canonical(value)}}`;
}
