import type { Case, Claim, Fold, Json, Need } from './claim.ts';
import { claimId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { instantMs } from './instant.ts';
import { type Remembered, indexEvidence } from './standing.ts';
import type { Verdict } from './verdict.ts';

/** For tests only: what they call today. */
export const NOW = instantMs('2026-04-14T12:00:00Z');
const DAY_MS = 86_400_000;

/** For tests only: the instant some days before today. */
export function daysAgo(days: number): string {
  return isoOf(NOW - days * DAY_MS);
}

/** For tests only: an instant as evidence writes it. */
export function isoOf(ms: number): string {
  // oxlint-disable-next-line no-restricted-globals -- writes down a number, and reads no clock
  return new Date(ms).toISOString();
}

/** For tests only: verdicts by their first letters. */
export const PASS: Verdict = { kind: 'pass' };
export const FAIL: Verdict = { kind: 'fail', findings: [] };
export const UNDECIDED: Verdict = { kind: 'inconclusive', cause: 'throttled', detail: '429' };

/** For tests only: stands in for a digest. */
export function digestOf(aCase: Case): string {
  return JSON.stringify([aCase.request, aCase.expect.map(({ kind, value }) => [kind, value])]);
}

/** For tests only: a claim on requests, with a case for each name; `asks` is what its cases send. */
export function sentClaim(id: string, names: readonly string[] = [''], asks: Json = 1): Claim {
  return claimOf(id, {
    kind: 'sent',
    cases: names.map((name) => ({
      claim: `s/${id}`,
      name,
      request: {
        method: 'POST',
        path: '/v1',
        query: {},
        headers: {},
        auth: 'bearer',
        json: { name, asks },
      },
      given: [],
      expect: [],
    })),
  });
}

/** For tests only: a claim derived from these parts. */
export function derivedClaim(id: string, of: readonly (readonly [Need, Fold])[]): Claim {
  return claimOf(id, { kind: 'derived', of: of.map(([one, fold]) => ({ need: one, fold })) });
}

/** For tests only: a claim of suite `s` that stays fresh for 30 days. */
export function claimOf(id: string, basis: Claim['basis']): Claim {
  return {
    suite: 's',
    id,
    says: id,
    covers: [],
    documented: { as: 'holds' },
    basis,
    freshMs: 30 * DAY_MS,
    usd: 0,
    place: { file: 'suites/s.yaml', line: 1, column: 1 },
  };
}

/** For tests only: a need of cases of a claim of suite `s`. */
export function need(id: string, cases: readonly string[] = ['']): Need {
  return { claim: `s/${id}`, cases };
}

/** For tests only: evidence of a case: passed on `local`, yesterday, unless told otherwise. */
export function evidenceOf(aCase: Case, more: Partial<Evidence> = {}): Evidence {
  const run = more.run ?? 'r1';
  const { name } = more.target ?? { name: 'local' };
  return {
    id: `${run}.${aCase.claim}/${aCase.name}.${name}.${more.trial ?? 1}`,
    run,
    at: daysAgo(1),
    claim: aCase.claim,
    case: aCase.name,
    digest: digestOf(aCase),
    trial: 1,
    target: { name: 'local', grade: 'live', host: 'localhost:4000' },
    attempts: 1,
    verdict: PASS,
    observed: { status: 200 },
    usd: 0,
    tool: '0.1.0',
    ...more,
  };
}

/** For tests only: the cases of a claim on requests. */
export function casesIn(claim: Claim): readonly Case[] {
  return claim.basis.kind === 'sent' ? claim.basis.cases : [];
}

/** For tests only: what is remembered of some claims. */
export function remember(
  claims: readonly Claim[],
  evidence: readonly Evidence[],
  now: number = NOW,
): Remembered {
  const byId = new Map(claims.map((claim) => [claimId(claim), claim]));
  return {
    evidence: indexEvidence(evidence),
    claim: (id) => byId.get(id),
    digestOf,
    now,
  };
}
