import { fewestToPass } from '../domain/interval.ts';
import { surprises } from '../domain/run.ts';
import { goesOn } from '../domain/trials.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Price } from './price.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';

/** How often an exchange is sent, retries aside. */
export interface Repetition {
  /** If every trial says what its claims do. */
  readonly least: number;
  readonly most: number;
}

/** A first trial that surprises is made once more. */
const MOST_SURPRISING = 2;

/** Where no case asks for trials. */
const PLAIN: Repetition = { least: 1, most: MOST_SURPRISING };

/** How often an exchange is sent for these cases: for all of them together, as often as the one that asks for most. */
export function repetition(cases: readonly Pick<PlannedCase, 'case'>[]): Repetition {
  // Nearly all of a plan, which asks for this many times over.
  if (cases.every((one) => one.case.trials === undefined)) return PLAIN;
  const asked = cases.flatMap((one) => one.case.trials ?? []);
  const plain = asked.length < cases.length ? MOST_SURPRISING : 1;
  return {
    least: Math.max(1, ...asked.map((trials) => fewestToPass(trials) ?? trials.of)),
    most: Math.max(plain, ...asked.map(({ of }) => of)),
  };
}

/** What an exchange takes of a budget if every trial says what its claims do. */
export function leastPrice({
  cases,
  usd,
  requests,
}: Pick<PlannedExchange, 'cases' | 'usd' | 'requests'>): Price {
  const { least } = repetition(cases);
  return { usd: usd * least, requests: requests * least };
}

/**
 * The cases that are to be judged on a trial of their exchange, by what the run found of each so far: all on the first one; on the second
 * those without trials of their own, if it surprised one of them; and those whose interval is open.
 */
export function toTry(
  cases: readonly PlannedCase[],
  number: number,
  foundOf: (one: PlannedCase) => readonly Evidence[],
): readonly PlannedCase[] {
  const plain = cases.filter((one) => one.case.trials === undefined);
  const isRepeated =
    number === 1 ||
    (number === MOST_SURPRISING && plain.some((one) => foundOf(one).some(isFirstSurprise(one))));
  return cases.filter((one) => {
    const { trials } = one.case;
    return trials === undefined ? isRepeated : number <= trials.of && goesOn(trials, foundOf(one));
  });
}

/** Whether a trial surprises, and is made once more for that; one of several that an interval decides never does by itself. */
export function isSurprise({ claim, case: one }: PlannedCase, { verdict }: Evidence): boolean {
  return one.trials === undefined && surprises(claim.documented.as, verdict);
}

function isFirstSurprise(one: PlannedCase): (evidence: Evidence) => boolean {
  return (evidence) => evidence.trial === 1 && isSurprise(one, evidence);
}
