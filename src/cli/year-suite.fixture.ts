import { sha256 } from '../adapters/sha256.ts';
import { type Case, type Claim, type Suite, claimId } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/evidence.ts';
import { type Remembered, indexEvidence } from '../domain/standing.ts';
import { loadSuites } from '../suite/load.ts';

const CLAIMS = 60;
const FRESH_DAYS = [10, 20, 30, 60];
const CENTS = [1, 3, 2, 3, 1, 2];

/** What claim `n` asks for: every eighth asks for what the one before it does. */
function promptOf(n: number): string {
  return `claim ${n % 8 === 1 ? n - 1 : n}`;
}

/** Every twelfth waits for the one before it, some are documented as failing, and a table has two of three. */
function claimText(n: number): string {
  const fails = n % 12 === 7;
  return `
  - id: c${n}
    says: claim ${n} holds
    documented: { as: ${fails ? 'broken' : 'holds'} }
    fresh: ${FRESH_DAYS[n % 4]}d
    cost: { usd: 0.0${CENTS[n % 6]} }
    ${n % 12 === 11 ? `given: [ { claim: c${n - 1} } ]` : ''}
    request: { json: { prompt: "${promptOf(n)}" } }
    expect: [ { json: { at: $.ok, equals: ${fails ? 'false' : 'true'} } } ]`;
}

function rowText(n: number): string {
  const needs = n % 5 === 0 ? `c${n}, c${n + 1}` : `c${n}`;
  return `
      - { row: Row ${n}, needs: [${needs}] }`;
}

const numbers = Array.from({ length: CLAIMS }, (_, n) => n);

/** The most that one of the claims on a request declares. */
export function centsOf(asked: string): number {
  return Math.max(...numbers.filter((n) => promptOf(n) === asked).map((n) => CENTS[n % 6] ?? 0));
}

const prompts = [...new Set(numbers.map(promptOf))];

/** A night may cost this much: a tenth of what it costs to ask for everything once. */
export const BUDGET_USD = prompts.reduce((sum, asked) => sum + centsOf(asked), 0) / 1000;

const SUITE = `
suite: year
page: page.md
requests:
  ask: { path: /v1/images/generations, json: { model: nano-banana-2, prompt: none } }
claims:${numbers.map(claimText).join('')}
tables:
  - under: Status
    key: Capability
    owns: State
    from: [production]
    words: { holds: Verified, broken: Failing, else: Beta }
    rows:${numbers
      .filter((n) => n % 3 < 2)
      .map(rowText)
      .join('')}
`;

const { suites, problems } = loadSuites(
  [{ name: 'year.yaml', bytes: new TextEncoder().encode(SUITE) }],
  () => undefined,
);
const [suite] = suites;
if (suite === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));

/** The suite of the year. */
export const yearSuite: Suite = suite;
const claims = new Map(suite.claims.map((claim) => [claimId(claim), claim]));
const digests = new Map<Case, string>();

/** A claim of the year by its full id. */
export function yearClaim(id: string): Claim | undefined {
  return claims.get(id);
}

/** What is remembered of the year's claims at a moment. */
export function yearRemembers(evidence: Iterable<Evidence>, now: number): Remembered {
  return {
    evidence: indexEvidence(evidence),
    claim: yearClaim,
    digestOf(one) {
      const known = digests.get(one) ?? digest(one, sha256);
      digests.set(one, known);
      return known;
    },
    now,
  };
}
