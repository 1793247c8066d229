import { type Case, type Claim, STANDINGS, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  type CaseStand,
  type Remembered,
  caseStand,
  evidenceOf,
  isDecided,
  knownOf,
} from './standing.ts';

/** One case of a claim on one target: how it stands, and the newest evidence of it, whatever that decided. */
export interface CaseNow {
  readonly name: string;
  readonly stand: CaseStand;
  readonly newest?: Evidence;
}

/** Every case of a claim on a target, as it is now; none of a claim that sends nothing. */
export function casesNow(
  { basis, freshMs }: Claim,
  target: string,
  remembered: Remembered,
): readonly CaseNow[] {
  if (basis.kind !== 'sent') return [];
  return basis.cases.map((aCase) => {
    const stand = caseStand(aCase, freshMs, target, remembered);
    const newest = newestOf(aCase, target, remembered);
    return { name: aCase.name, stand, ...(newest && { newest }) };
  });
}

/** By the wording of today, or where nothing is known of that, by an earlier one. */
function newestOf(aCase: Case, target: string, remembered: Remembered): Evidence | undefined {
  const current = evidenceOf(aCase, remembered.digestOf(aCase), target, remembered);
  return current.at(-1) ?? knownOf(caseId(aCase.claim, aCase.name), target, remembered).at(-1);
}

/**
 * The evidence of a claim that a reader should see: of the case that stands worst, what it stands on; and before that, what
 * could not be told since.
 */
export function evidenceToShow(
  cases: readonly CaseNow[],
  target: string,
  remembered: Remembered,
): readonly Evidence[] {
  const undecided = cases.flatMap(({ newest }) => (newest && !isDecided(newest) ? [newest] : []));
  const [worst] = cases.toSorted((a, b) => rank(a) - rank(b));
  const deciding = worst && decidingOf(worst, target, remembered);
  const shown = [...undecided.slice(0, 1), ...(deciding ? [deciding] : [])];
  return [...new Set(shown)];
}

/** What a case stands on: a trial that failed, if any did, since that is what somebody wants to see. */
function decidingOf(
  { stand, newest }: CaseNow,
  target: string,
  remembered: Remembered,
): Evidence | undefined {
  if (newest === undefined) return undefined;
  const known = knownOf(caseId(newest.claim, newest.case), target, remembered);
  const own = known.filter(({ id }) => stand.evidence.includes(id));
  return own.findLast(({ verdict }) => verdict.kind === 'fail') ?? own.at(-1) ?? newest;
}

function rank({ stand }: CaseNow): number {
  return STANDINGS.indexOf(stand.standing);
}
