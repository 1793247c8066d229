import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import type { Reason } from './gate.ts';
import { instantMs } from './instant.ts';
import { type Remembered, inOrder, isDecided, isKnown, newestDeciding, said } from './standing.ts';
import { targetId } from './target.ts';

/** As long as evidence is fresh by default: longer ago, nobody misses a claim. */
const MISSED_MS = 30 * 86_400_000;

/** What a gate looks at as a whole, so that it notices what is there no more. */
export interface Watch {
  /** Ids of suites. */
  readonly suites: ReadonlySet<string>;
  /** Ids of all suites that there are, where a suite that is not among them is missed as well. */
  readonly all?: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
  /** The fingerprint of what the docs say of a claim. */
  readonly sentenceOf: (claim: Claim) => string;
}

/**
 * What was decided lately, and is there no more: suites, claims, and failing cases of claims about which the docs say what they
 * said then. A gate that forgot them would open for whoever deletes what fails. What is kept with `superseded` is not missed,
 * nor is a limit that was searched for.
 */
export function gone(watch: Watch, remembered: Remembered): readonly Reason[] {
  const missed = [...remembered.evidence.values()].flatMap((evidence): readonly Evidence[] => {
    const [first] = evidence;
    if (first === undefined || !watch.targets.has(targetId(first.target))) return [];
    const suite = suiteOf(first);
    const isWatched = watch.suites.has(suite) || watch.all?.has(suite) === false;
    return isWatched ? evidence.filter((one) => isMissed(one, remembered)) : [];
  });
  const byClaim = [...Map.groupBy(missed, ({ claim }) => claim)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const isSuiteGone = ([, [first]]: (typeof byClaim)[number]) =>
    first !== undefined && watch.all?.has(suiteOf(first)) === false;
  const ofSuites = byClaim.filter(isSuiteGone).flatMap(([, some]) => some);
  return [
    ...[...Map.groupBy(ofSuites, suiteOf).values()].flatMap(goneSuite),
    ...byClaim
      .filter((one) => !isSuiteGone(one))
      .flatMap(([id, some]) => {
        const claim = remembered.claim(id);
        return claim === undefined ? goneClaim(some) : goneCases(claim, some, watch);
      }),
  ];
}

function goneSuite(missed: readonly Evidence[]): readonly Reason[] {
  const count = new Set(missed.map(({ claim }) => claim)).size;
  return newestOf(missed).map((one) => ({
    kind: 'coverage',
    cases: [],
    because: `${one.id} decided ${one.claim}${count > 1 ? `, one of ${count} claims,` : ''} on ${where(one)}, and there is no suite ${suiteOf(one)} any more; ${KEPT}`,
    evidence: [one.id],
  }));
}

function goneClaim(missed: readonly Evidence[]): readonly Reason[] {
  return newestOf(missed).map((one) => ({
    kind: 'coverage',
    claim: one.claim,
    cases: [],
    because: `${one.id} decided it on ${where(one)}, and no suite claims it any more; ${KEPT}`,
    evidence: [one.id],
  }));
}

/** Who corrects the docs may well try other values: a failing case is missed while they say the same. */
function goneCases(
  claim: Claim,
  missed: readonly Evidence[],
  { sentenceOf }: Watch,
): readonly Reason[] {
  const { basis, documented, superseded } = claim;
  if (superseded !== undefined || documented.as !== 'holds') return [];
  const names = new Set(basis.kind === 'sent' ? basis.cases.map(({ name }) => name) : []);
  const others = missed.filter((one) => !names.has(one.case));
  const byCase = Map.groupBy(others, (one) => `${targetId(one.target)}\n${one.case}`);
  return [...byCase.values()].flatMap((some) => {
    const deciding = newestDeciding(inOrder(some));
    const [last] = newestOf(deciding);
    if (last === undefined || said(last.trials, deciding.filter(isDecided)).verdict === 'holds')
      return [];
    if (last.sentence !== undefined && last.sentence !== sentenceOf(claim)) return [];
    return [
      {
        kind: 'coverage',
        claim: last.claim,
        cases: [last.case],
        because: `${last.id} saw it fail on ${where(last)}, and it is no case of the claim any more; correct what the claim says, or keep the claim with superseded`,
        evidence: deciding.map(({ id }) => id),
      },
    ];
  });
}

const KEPT = 'a claim that is withdrawn is kept with superseded';

/** `local (2026-04-13)`. */
function where({ at, target }: Evidence): string {
  return `${targetId(target)} (${at.slice(0, 10)})`;
}

function newestOf(evidence: readonly Evidence[]): readonly Evidence[] {
  return inOrder(evidence).slice(-1);
}

function suiteOf({ claim }: Evidence): string {
  return claim.slice(0, claim.indexOf('/'));
}

function isMissed(one: Evidence, remembered: Remembered): boolean {
  const isLate = instantMs(one.at) < remembered.now - MISSED_MS;
  return isDecided(one) && one.probe === undefined && isKnown(one, remembered) && !isLate;
}
