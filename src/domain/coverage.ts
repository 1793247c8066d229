import { type Claim, type Suite, claimId, needsOf } from './claim.ts';
import type { Evidence } from './evidence.ts';
import type { Reason } from './gate.ts';
import { instantMs } from './instant.ts';
import { type Remembered, inOrder, isDecided, isKnown } from './standing.ts';
import { targetId } from './target.ts';

/** As long as evidence is fresh by default: longer ago, nobody misses a claim. */
const MISSED_MS = 30 * 86_400_000;

/**
 * Ids of the claims that are bound to the docs: by a sentence that they quote, or by a row that needs them, itself or
 * through a claim that is derived of them.
 */
export function boundClaims(
  suites: readonly Suite[],
  claim: (id: string) => Claim | undefined,
): ReadonlySet<string> {
  const quoting = suites.flatMap(({ claims }) =>
    claims.filter(({ documented }) => documented.quote !== undefined).map(claimId),
  );
  const bound = new Set<string>();
  const bind = (id: string): void => {
    if (bound.has(id)) return;
    bound.add(id);
    const basis = claim(id)?.basis;
    if (basis?.kind === 'derived') for (const { need } of basis.of) bind(need.claim);
  };
  quoting.forEach(bind);
  for (const { tables } of suites)
    for (const { rows } of tables)
      for (const row of rows) needsOf(row).forEach(({ claim: id }) => bind(id));
  return bound;
}

/**
 * Claims of some suites that were decided lately, and that no suite knows any more: a gate that forgot them would open for
 * whoever deletes the claim that fails. One that is kept with `superseded` is known.
 */
export function goneClaims(
  suites: ReadonlySet<string>,
  targets: ReadonlySet<string>,
  remembered: Remembered,
): readonly Reason[] {
  const missed = [...remembered.evidence.values()].flatMap((evidence) => {
    const [first] = evidence;
    if (first === undefined || remembered.claim(first.claim) !== undefined) return [];
    if (!suites.has(first.claim.slice(0, first.claim.indexOf('/')))) return [];
    if (!targets.has(targetId(first.target))) return [];
    return evidence.filter((one) => isMissed(one, remembered));
  });
  const byClaim = [...Map.groupBy(missed, ({ claim }) => claim)];
  return byClaim
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]) => inOrder(some).slice(-1).map(goneReason));
}

function goneReason({ id, claim, at, target }: Evidence): Reason {
  const because = `${id} decided it on ${targetId(target)} (${at.slice(0, 10)}), and no suite claims it any more; a claim that is withdrawn is kept with superseded`;
  return { kind: 'coverage', claim, cases: [], because, evidence: [id] };
}

function isMissed(one: Evidence, remembered: Remembered): boolean {
  const isLate = instantMs(one.at) < remembered.now - MISSED_MS;
  return isDecided(one) && isKnown(one, remembered) && !isLate;
}
