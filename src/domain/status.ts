import { type Claim, type Suite, claimId } from './claim.ts';
import { claimStand } from './derived.ts';
import type { Stand } from './stand.ts';
import { type Remembered, everTried } from './standing.ts';
import { type SaidTable, saidTables } from './word.ts';

/** The stand of one claim on one target. */
export interface ClaimStatus {
  readonly claim: Claim;
  /** Absent where no target has any evidence of it. */
  readonly target?: string;
  readonly stand: Stand;
}

/** What a suite's claims and tables say now. */
export interface SuiteStatus {
  readonly suite: Suite;
  readonly claims: readonly ClaimStatus[];
  readonly tables: readonly SaidTable[];
}

/**
 * What one suite says now: its tables, and every claim on each target that has evidence of it.
 * `rehearsal` names the target (`mock@2026-03-30`) whose evidence is shown instead, as a rehearsal.
 */
export function suiteStatus(
  suite: Suite,
  targets: readonly string[],
  remembered: Remembered,
  rehearsal?: string,
): SuiteStatus {
  const asked = rehearsal === undefined ? targets : [rehearsal];
  return {
    suite,
    claims: suite.claims
      .filter(({ superseded }) => superseded === undefined)
      .flatMap((claim) => claimStatus(claim, asked, remembered)),
    tables: saidTables(suite, remembered, rehearsal),
  };
}

function claimStatus(
  claim: Claim,
  targets: readonly string[],
  remembered: Remembered,
): readonly ClaimStatus[] {
  const stands = targets.map((target) => ({
    claim,
    target,
    stand: claimStand(claim, target, remembered),
  }));
  const known = stands.filter(
    ({ target, stand }) =>
      stand.standing !== 'unproven' || everTried(claimId(claim), target, remembered),
  );
  if (known.length > 0) return known;
  if (targets.length === 1) return stands;
  const because =
    claim.basis.kind === 'untestable'
      ? claim.basis.why
      : `${claimId(claim)}: no evidence on any target`;
  return [{ claim, stand: { standing: 'unproven', because, evidence: [] } }];
}
