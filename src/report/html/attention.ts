import type { Run } from '../../domain/run.ts';
import { type Claim, claimId } from '../../domain/claim.ts';
import type { Standing } from '../../domain/claim.ts';
import type { CaseNow } from '../../domain/newest.ts';
import type { ClaimStatus } from '../../domain/status.ts';

/** Why somebody should look at a claim, the most pressing first; *fine* is what nobody need look at. */
export const ATTENTIONS = [
  'contradicts',
  'unstable',
  'fails',
  'undecided',
  'stale',
  'unproven',
  'fine',
] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** Those that no further run settles of itself. */
export const PRESSING: readonly Attention[] = ['contradicts', 'unstable', 'fails', 'undecided'];

/** Why somebody should look at a claim on a target: what a run says of it, and how it stands by what is remembered. */
export function attentionOf(
  { claim, target, stand }: ClaimStatus,
  cases: readonly CaseNow[],
  run: Run | undefined,
): Attention {
  const id = claimId(claim);
  const own = run?.cases.filter((one) => one.claim === id && isOn(run, target)) ?? [];
  const isContradiction =
    own.length > 0 ? own.some((one) => one.contradicts) : contradictsDocs(claim, stand.standing);
  if (isContradiction) return 'contradicts';
  if (stand.standing === 'unstable') return 'unstable';
  if (stand.standing === 'broken' && claim.documented.as !== 'broken') return 'fails';
  if (cases.some(({ newest }) => newest?.verdict.kind === 'inconclusive')) return 'undecided';
  if (stand.standing === 'stale') return 'stale';
  if (stand.standing === 'unproven' && claim.basis.kind !== 'untestable') return 'unproven';
  return 'fine';
}

/** Whether a standing says otherwise than the docs; of what they promise nothing, none does. */
function contradictsDocs({ documented: { as } }: Claim, standing: Standing): boolean {
  if (standing === 'unstable') return as !== 'open';
  return (as === 'holds' && standing === 'broken') || (as === 'broken' && standing === 'holds');
}

/** A run is on one target; the worlds of a rehearsal are told apart behind an @. */
function isOn({ target: { name } }: Run, target: string | undefined): boolean {
  return target === name || target?.startsWith(`${name}@`) === true;
}
