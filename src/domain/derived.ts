import type { Claim, Fold, Need, Part } from './claim.ts';
import { claimId } from './claim.ts';
import { type Stand, restingOn, weakest } from './stand.ts';
import { type CaseStand, type Remembered, caseStand, casesOf } from './standing.ts';

/** The stand of a whole claim on one target. */
export function claimStand(claim: Claim, target: string, remembered: Remembered): Stand {
  switch (claim.basis.kind) {
    case 'sent':
      return weakest(
        claim.basis.cases.map((one) => caseStand(one, claim.freshMs, target, remembered)),
      );
    case 'derived':
      return weakest(claim.basis.of.map((part) => partStand(part, target, remembered)));
    case 'untestable':
      return {
        standing: 'unproven',
        because: `${claimId(claim)} is untestable: ${claim.basis.why}`,
        evidence: [],
      };
    default:
      return claim.basis satisfies never;
  }
}

/** The stand of the cases that a need names, on one target. */
export function needStand(need: Need, target: string, remembered: Remembered): Stand {
  const claim = remembered.claim(need.claim);
  if (claim === undefined)
    return { standing: 'unproven', because: `${need.claim} is not claimed`, evidence: [] };
  return claim.basis.kind === 'sent'
    ? weakest(stands(claim, need, target, remembered))
    : claimStand(claim, target, remembered);
}

/** One part of a derived claim (suite-format, "Derived claims"). */
function partStand({ need, fold }: Part, target: string, remembered: Remembered): Stand {
  const claim = remembered.claim(need.claim);
  const all: readonly CaseStand[] =
    claim?.basis.kind === 'sent'
      ? stands(claim, need, target, remembered)
      : [{ ...needStand(need, target, remembered), observed: {} }];
  if (fold === 'all') return weakest(all);
  if (fold === 'any') return any(all);
  if (fold === 'none') return none(all);
  return differ(all, fold);
}

function stands(
  claim: Claim,
  need: Need,
  target: string,
  remembered: Remembered,
): readonly CaseStand[] {
  return casesOf(claim, need.cases).map((one) => caseStand(one, claim.freshMs, target, remembered));
}

/** Holds once one holds; broken when all are. */
function any(all: readonly Stand[]): Stand {
  for (const standing of ['holds', 'stale', 'unstable'] as const) {
    const [first] = all.filter((stand) => stand.standing === standing);
    if (first !== undefined) return first;
  }
  return all.every(({ standing }) => standing === 'broken') ? weakest(all) : undecidedYet(all);
}

/** Holds when all are broken; broken once one holds. */
function none(all: readonly Stand[]): Stand {
  const holding = all.filter(({ standing }) => standing === 'holds');
  if (holding.length > 0) return { ...weakest(holding), standing: 'broken' };
  const [shaky] = all.filter(({ standing }) => standing === 'unstable' || standing === 'stale');
  if (shaky !== undefined) return shaky;
  const isDecided = all.length > 0 && all.every(({ standing }) => standing === 'broken');
  return isDecided ? { ...weakest(all), standing: 'holds' } : undecidedYet(all);
}

/** Holds when two cases observed different values; broken when all are decided and equal; stale as its oldest part. */
function differ(all: readonly CaseStand[], { differ: name }: Exclude<Fold, string>): Stand {
  const seen = all.filter(({ observed }) => observed[name] !== undefined);
  const distinct = [...new Set(seen.map(({ observed }) => observed[name]))];
  const isEqual = distinct.length === 1 && seen.length === all.length && all.length > 1;
  if (distinct.length < 2 && !isEqual) {
    const missing = `${name} was observed of ${seen.length} of ${all.length} cases`;
    return { standing: 'unproven', because: missing, ...restingOn(seen) };
  }
  const isStale = seen.some(({ standing }) => standing === 'stale');
  const standing = isStale ? 'stale' : isEqual ? 'broken' : 'holds';
  return { standing, because: `${name}: ${distinct.join(', ')}`, ...restingOn(seen) };
}

function undecidedYet(all: readonly Stand[]): Stand {
  return weakest(all.filter(({ standing }) => standing === 'unproven'));
}
