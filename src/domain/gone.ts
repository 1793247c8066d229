import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import type { Reason } from './gate.ts';
import { instantMs } from './instant.ts';
import {
  type Remembered,
  eachCase,
  inOrder,
  isDecided,
  isKnown,
  newestDeciding,
} from './standing.ts';
import { targetId } from './target.ts';
import { said } from './trials.ts';

/** As long as evidence is fresh by default: longer ago, nobody misses a claim. */
const MISSED_MS = 30 * 86_400_000;

/** What a gate looks at as a whole, so that it notices what is there no more. */
export interface Watch {
  /** Ids of suites. */
  readonly suites: ReadonlySet<string>;
  /** Ids of all suites that there are, where a suite that is not among them is missed as well. */
  readonly all?: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
  /** Ids of the runs of other suites than these, which share the ledger: what they alone decided is no suite of ours that is gone. */
  readonly elsewhere?: ReadonlySet<string>;
  /** The fingerprint of what the docs say of a claim. */
  readonly sentenceOf: (claim: Claim) => string;
}

/** A case that was decided lately: the newest that decided it, and all that is known of it. */
interface Missed {
  readonly last: Evidence;
  readonly known: readonly Evidence[];
}

/**
 * What was decided lately, and is there no more: suites, claims, and failing cases of claims about which the docs say what they
 * said then. A gate that forgot them would open for whoever deletes what fails. What is kept with `superseded` is not missed,
 * nor is a limit that was searched for.
 */
export function gone(watch: Watch, remembered: Remembered): readonly Reason[] {
  const isGone = (suite: string) => watch.all?.has(suite) === false;
  const decided = eachCase(remembered.evidence).flatMap((evidence): readonly Missed[] => {
    const [first] = evidence;
    if (first === undefined || !watch.targets.has(targetId(first.target))) return [];
    const suite = suiteOf(first);
    if (!watch.suites.has(suite) && !isGone(suite)) return [];
    const known = inOrder(evidence.filter((one) => isKnown(one, remembered)));
    const last = known.findLast(isDecided);
    if (last === undefined || !isMissed(last, remembered)) return [];
    return isGone(suite) && watch.elsewhere?.has(last.run) === true ? [] : [{ last, known }];
  });
  const sorted = decided.toSorted((a, b) => compare(idOf(a), idOf(b)));
  const [ofSuites, ofClaims] = [true, false].map((isWhole) =>
    sorted.filter(({ last }) => isGone(suiteOf(last)) === isWhole),
  );
  const bySuite = Map.groupBy(ofSuites ?? [], ({ last }) => suiteOf(last));
  const byClaim = Map.groupBy(ofClaims ?? [], ({ last }) => last.claim);
  return [
    ...[...bySuite.values()].flatMap(goneSuite),
    ...[...byClaim].flatMap(([id, some]) => {
      const claim = remembered.claim(id);
      return claim === undefined ? goneClaim(some) : goneCases(claim, some, watch);
    }),
  ];
}

function goneSuite(missed: readonly Missed[]): readonly Reason[] {
  const count = new Set(missed.map(({ last }) => last.claim)).size;
  return newestOf(missed).map((one) => ({
    kind: 'coverage',
    cases: [],
    because: `${one.id} decided ${one.claim}${count > 1 ? `, one of ${count} claims,` : ''} on ${where(one)}, and there is no suite ${suiteOf(one)} any more; ${KEPT}`,
    evidence: [one.id],
  }));
}

function goneClaim(missed: readonly Missed[]): readonly Reason[] {
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
  missed: readonly Missed[],
  { sentenceOf }: Watch,
): readonly Reason[] {
  const { basis, documented, superseded } = claim;
  if (superseded !== undefined || documented.as !== 'holds') return [];
  const names = new Set(basis.kind === 'sent' ? basis.cases.map(({ name }) => name) : []);
  return missed.flatMap(({ last, known }): readonly Reason[] => {
    const deciding = newestDeciding(known).filter(isDecided);
    const isFailing =
      deciding.length > 0 && said(deciding[0]?.trials, deciding).verdict !== 'holds';
    const isCorrected = last.sentence !== undefined && last.sentence !== sentenceOf(claim);
    if (names.has(last.case) || !isFailing || isCorrected) return [];
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

function newestOf(missed: readonly Missed[]): readonly Evidence[] {
  return inOrder(missed.map(({ last }) => last)).slice(-1);
}

function suiteOf({ claim }: Evidence): string {
  return claim.slice(0, claim.indexOf('/'));
}

function isMissed({ at, probe }: Evidence, { now }: Remembered): boolean {
  return probe === undefined && instantMs(at) >= now - MISSED_MS;
}

function idOf({ last }: Missed): string {
  return `${last.claim} ${last.case} ${last.target.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
