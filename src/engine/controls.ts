import type { Case, Claim, Fold, Need, Part } from '../domain/claim.ts';
import type { Observed, Verdict } from '../domain/verdict.ts';

/** Looks a claim up by its full id. */
export type Claims = (id: string) => Claim | undefined;

/** Names a case on a target within a run: the same case may be judged in two worlds. */
export function caseKey(target: string, claim: string, name: string): string {
  return `${target} ${claim} ${name}`;
}

/** The cases that a need comes down to, those of a derived claim's parts included. */
export function casesBehind(need: Need, claims: Claims): readonly { claim: Claim; case: Case }[] {
  const claim = claims(need.claim);
  if (claim === undefined || claim.basis.kind === 'untestable') return [];
  if (claim.basis.kind === 'derived') {
    return claim.basis.of.flatMap((part) => casesBehind(part.need, claims));
  }
  const wanted = new Set(need.cases);
  return claim.basis.cases
    .filter(({ name }) => wanted.has(name))
    .map((one) => ({ claim, case: one }));
}

/** What the trials of a run have said so far, for the claims that wait for it. */
export interface Board {
  readonly note: (key: string, verdict: Verdict, observed: Observed) => void;
  /** What is said of a need on a target; undefined while some case of it has no verdict. */
  readonly verdict: (need: Need, target: string) => Verdict['kind'] | undefined;
}

type Kinds = readonly (Verdict['kind'] | undefined)[];

/** An empty board. */
export function makeBoard(claims: Claims): Board {
  const notes = new Map<string, { readonly kind: Verdict['kind']; readonly observed: Observed }>();

  const ofPart = ({ need, fold }: Part, target: string) => {
    const cases = casesBehind(need, claims);
    const noted = cases.map((one) => notes.get(caseKey(target, one.case.claim, one.case.name)));
    if (typeof fold === 'object')
      return differing(noted.map((note) => note?.observed[fold.differ]));
    const derived = claims(need.claim)?.basis.kind === 'derived';
    return folded(derived ? [verdict(need, target)] : noted.map((note) => note?.kind), fold);
  };

  const verdict = (need: Need, target: string): Verdict['kind'] | undefined => {
    const claim = claims(need.claim);
    if (claim?.basis.kind === 'derived') {
      return folded(
        claim.basis.of.map((part) => ofPart(part, target)),
        'all',
      );
    }
    return ofPart({ need, fold: 'all' }, target);
  };

  return {
    note: (key, { kind }, observed) => notes.set(key, { kind, observed }),
    verdict,
  };
}

/** As in suite-format, "Derived claims", with verdicts for standings. */
function folded(kinds: Kinds, fold: Extract<Fold, string>): Verdict['kind'] | undefined {
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  const passes = kinds.includes('pass');
  const allFail = kinds.every((kind) => kind === 'fail');
  switch (fold) {
    case 'all':
      if (kinds.includes('fail')) return 'fail';
      return kinds.every((kind) => kind === 'pass') ? 'pass' : 'inconclusive';
    case 'any':
      if (passes) return 'pass';
      return allFail ? 'fail' : 'inconclusive';
    case 'none':
      if (passes) return 'fail';
      return allFail ? 'pass' : 'inconclusive';
    default:
      return fold satisfies never;
  }
}

function differing(values: readonly (string | number | undefined)[]): Verdict['kind'] {
  const distinct = new Set(values.filter((value) => value !== undefined));
  if (distinct.size > 1) return 'pass';
  return distinct.size === 1 && !values.includes(undefined) ? 'fail' : 'inconclusive';
}
