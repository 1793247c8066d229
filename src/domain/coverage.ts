import { type Claim, type Suite, claimId, needsOf } from './claim.ts';

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
