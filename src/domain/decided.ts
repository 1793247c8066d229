import { type Case, type Claim, type Need, caseId, claimId } from './claim.ts';
import { claimStand } from './derived.ts';
import type { Evidence, SeenTarget } from './evidence.ts';
import type { Stand } from './stand.ts';
import {
  type Remembered,
  caseStand,
  casesOf,
  evidenceOf,
  inOrder,
  isKnown,
  wasDecided,
} from './standing.ts';

/** What the evidence on one target has decided of a case, or of a derived claim, whose only case is "". */
export interface Decided {
  readonly stand: Stand;
  /** Whether anything was ever decided of it there, under this wording or an earlier one. */
  readonly wasDecided: boolean;
  /** The newest evidence, where its run left it undecided: an older one may still say how it stands. */
  readonly undecided?: Evidence;
  /** The build of the gateway that it was decided on, where its answer named one. */
  readonly build?: string;
  /** The target as it was when that was decided. */
  readonly seen?: SeenTarget;
}

/** Whether it is decided there by evidence that counts now, its newest run included. */
export function isDecidedNow({ stand: { standing }, undecided }: Decided): boolean {
  return standing !== 'unproven' && standing !== 'stale' && undecided === undefined;
}

/** The same of one case of a claim. */
export function decidedOf(
  claim: Claim,
  name: string,
  target: string,
  remembered: Remembered,
): Decided {
  const { basis } = claim;
  if (basis.kind === 'derived') return decidedOfParts(claim, basis.of, target, remembered);
  const aCase = basis.kind === 'sent' ? basis.cases.find((one) => one.name === name) : undefined;
  return aCase === undefined
    ? { stand: claimStand(claim, target, remembered), wasDecided: false }
    : decidedOfCase(aCase, claim.freshMs, target, remembered);
}

function decidedOfCase(
  aCase: Case,
  freshMs: number,
  target: string,
  remembered: Remembered,
): Decided {
  const stand = caseStand(aCase, freshMs, target, remembered);
  const current = evidenceOf(aCase, remembered.digestOf(aCase), target, remembered);
  const newest = current.at(-1);
  const deciding = current.find(({ id }) => stand.evidence.includes(id));
  return {
    stand,
    wasDecided: wasDecided(aCase, target, remembered),
    ...(newest !== undefined && newest.run !== deciding?.run && { undecided: newest }),
    ...(deciding?.gatewayVersion !== undefined && { build: deciding.gatewayVersion }),
    ...(deciding && { seen: deciding.target }),
  };
}

/**
 * Nothing is sent for a derived claim: it was decided where it is now, or where what it rests on has lost its evidence; and it
 * is undecided where the newest run of that could not tell.
 */
function decidedOfParts(
  claim: Claim,
  parts: readonly { readonly need: Need }[],
  target: string,
  remembered: Remembered,
): Decided {
  const stand = claimStand(claim, target, remembered);
  const all = parts.flatMap(({ need }) => {
    const part = remembered.claim(need.claim);
    if (part === undefined) return [];
    const names = part.basis.kind === 'sent' ? casesOf(part, need.cases) : [{ name: '' }];
    return names.map(({ name }) => decidedOf(part, name, target, remembered));
  });
  const isLost = all.some((one) => one.wasDecided && one.stand.standing === 'unproven');
  const undecided = all.find((one) => one.wasDecided && one.undecided !== undefined)?.undecided;
  return {
    stand,
    wasDecided: stand.standing !== 'unproven' || isLost,
    ...(undecided && { undecided }),
  };
}

/** Full id of a case, or of a derived claim. */
export function idOf(claim: Claim, name: string): string {
  return caseId(claimId(claim), name);
}

/** The build of the gateway that the newest evidence on a target names, where any names one. */
export function newestBuild(target: string, remembered: Remembered): string | undefined {
  const naming = [...(remembered.evidence.get(target)?.values() ?? [])].flatMap((evidence) =>
    evidence.filter((one) => one.gatewayVersion !== undefined && isKnown(one, remembered)),
  );
  return inOrder(naming).at(-1)?.gatewayVersion;
}
