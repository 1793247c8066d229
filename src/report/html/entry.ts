import type { Claim } from '../../domain/claim.ts';
import type { CaseNow } from '../../domain/newest.ts';
import type { ClaimStatus } from '../../domain/status.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { ATTENTIONS, type Attention, PRESSING, attentionOf } from './attention.ts';
import type { Told } from './told.ts';

/** How a claim stands on one target, and why somebody should look at that. */
export interface EntryStand {
  readonly status: ClaimStatus;
  readonly attention: Attention;
  readonly cases: readonly CaseNow[];
}

/** A claim as a report shows it, on each target that has evidence of it. */
export interface Entry {
  readonly claim: Claim;
  /** The most pressing reason to look at it, over all its targets. */
  readonly attention: Attention;
  readonly stands: readonly EntryStand[];
}

/** The claims of a suite, each with all its targets. */
export function entriesOf(statuses: readonly ClaimStatus[], told: Told): readonly Entry[] {
  return [...Map.groupBy(statuses, ({ claim }) => claim)].map(([claim, some]): Entry => {
    const stands = some.map((status) => {
      const cases = told.cases(status);
      return { status, cases, attention: attentionOf(status, cases, told.run) };
    });
    const attention = ATTENTIONS.find((one) => stands.some((stand) => stand.attention === one));
    return { claim, stands, attention: attention ?? 'fine' };
  });
}

/** The verdict that tells why somebody should look at it: the newest of a case that failed, or that could not be told. */
export function tellingVerdict({ attention, cases }: EntryStand): Verdict | undefined {
  if (!PRESSING.includes(attention)) return undefined;
  const kind = attention === 'undecided' ? 'inconclusive' : 'fail';
  const found = cases.find(({ newest }) => newest?.verdict.kind === kind);
  return found?.newest?.verdict;
}
