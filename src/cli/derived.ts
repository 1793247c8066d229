import { type Claim, type Place, claimId } from '../domain/claim.ts';
import { claimStand } from '../domain/derived.ts';
import { type JudgedCase, contradicts } from '../domain/run.ts';
import type { Stand } from '../domain/stand.ts';
import type { Remembered } from '../domain/standing.ts';
import { type Target, targetId } from '../domain/target.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Chosen } from '../suite/selector.ts';

/** The chosen derived claims as cases of a run: nothing was sent for them, they follow from what is remembered after it. */
export function derivedCases(
  chosen: readonly Chosen[],
  targetFor: (claim: Claim) => Pick<Target, 'name' | 'grade' | 'world'>,
  remembered: Remembered,
): readonly JudgedCase[] {
  return chosen
    .filter(({ claim }) => claim.basis.kind === 'derived')
    .map(({ claim }): JudgedCase => {
      const stand = claimStand(claim, targetId(targetFor(claim)), remembered);
      const verdict = verdictOf(stand, claim.place);
      return {
        claim: claimId(claim),
        case: '',
        says: claim.says,
        documented: claim.documented.as,
        verdict,
        contradicts: contradicts(claim.documented.as, verdict),
        trials: 0,
        attempts: 0,
        usd: 0,
        measuredUsd: 0,
        evidence: stand.evidence,
      };
    });
}

function verdictOf({ standing, because }: Stand, at: Place): Verdict {
  if (standing === 'holds') return { kind: 'pass' };
  if (standing === 'broken') {
    return {
      kind: 'fail',
      findings: [{ expectation: 'of', at, expected: 'to hold', actual: because }],
    };
  }
  return { kind: 'inconclusive', cause: 'parts', detail: `${standing}: ${because}` };
}
