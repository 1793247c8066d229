import { type Claim, claimId } from '../domain/claim.ts';
import { documentedLimit } from '../domain/discover.ts';
import type { Problem } from '../domain/problem.ts';

/** A warning for each limit whose boundary no case touches: the last value that is accepted, and the first that is rejected. */
export function untouchedBoundaries(claims: readonly Claim[]): readonly Problem[] {
  return claims.flatMap((claim): readonly Problem[] => {
    const { discover, place } = claim;
    if (discover === undefined) return [];
    const { vary, over } = discover;
    const { lastAccepted, firstRejected } = documentedLimit(discover);
    if (firstRejected === lastAccepted + 1) return [];
    const [first, last] = [lastAccepted + 1, firstRejected - 1];
    const between = first === last ? `${first} is` : `${first} to ${last} are`;
    return [
      {
        severity: 'warning',
        message: `no case touches the boundary of ${claimId(claim)}: ${vary}=${lastAccepted} is accepted, ${vary}=${firstRejected} rejected, and ${between} in no case`,
        place,
        hint: `give ${over} the case ${vary}=${first}, or ${claimId(claim)} the case ${vary}=${last}`,
        see: 'limits',
      },
    ];
  });
}
