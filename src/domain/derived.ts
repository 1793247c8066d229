import type { Claim, Fold, Need, Part, Standing } from './claim.ts';
import { claimId } from './claim.ts';
import {
  type CaseStand,
  type Remembered,
  type Stand,
  caseStand,
  casesOf,
  weakest,
} from './standing.ts';

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
  const all: readonly Stand[] =
    claim?.basis.kind === 'sent'
      ? stands(claim, need, target, remembered)
      : [needStand(need, target, remembered)];
  if (fold === 'all') return weakest(all);
  if (fold === 'any') return any(all);
  if (fold === 'none') return none(all);
  return differ(all as readonly CaseStand[], fold);
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
  if (all.every(({ standing }) => standing === 'broken'))
    return { ...weakest(all), standing: 'holds' };
  const [shaky] = all.filter(({ standing }) => standing === 'unstable' || standing === 'stale');
  return shaky ?? undecidedYet(all);
}

/** Holds when two cases observed different values; broken when all are decided and equal. */
function differ(all: readonly CaseStand[], fold: Exclude<Fold, string>): Stand {
  const values = all.map(({ observed }) => observed[fold.differ]);
  const seen = all.filter((_, at) => values[at] !== undefined);
  const distinct = new Set(values.filter((value) => value !== undefined));
  const isStale = seen.some(({ standing }) => standing === 'stale');
  const because = `${fold.differ}: ${[...distinct].join(', ') || 'nothing observed'}`;
  const of = (standing: Standing): Stand => ({
    ...weakest(seen),
    standing: isStale ? 'stale' : standing,
    because,
  });
  if (distinct.size > 1) return of('holds');
  return seen.length === all.length && seen.length > 1 ? of('broken') : undecidedYet(all);
}

function undecidedYet(all: readonly Stand[]): Stand {
  return weakest(all.filter(({ standing }) => standing === 'unproven'));
}
