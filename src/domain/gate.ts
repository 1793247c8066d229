import { claimId } from './claim.ts';
import { type KnownContradiction, isExpired } from './known.ts';
import {
  type Gated,
  type Look,
  type Mark,
  lookStand,
  looksAt,
  otherPlace,
  textOf,
} from './look.ts';
import { weakest } from './stand.ts';
import type { Remembered } from './standing.ts';
import { idOf, isDecidedNow, newestBuild } from './decided.ts';

/** Why a gate is shut, each in its own way. */
const SHUTTING = [
  'fails', // documented as holding, and stands broken or unstable
  'lost', // documented as holding, and what was decided of it counts no longer
  'undecided', // its newest run left undecided what used to be decided, or is decided on the other target
  'coverage', // a bound claim is decided no longer, or only on the other target
  'unbound', // the sentence that it is bound to does not stand in its page
  'stale-list', // listed as a known contradiction, and agrees with the docs
  'expired-entry', // listed, and its time is over
  'expired-override', // a person's decision on a row whose time is over
] as const;

/** Why a gate that nothing shuts is not open either. */
const UNTOLD = [
  'no-evidence', // none at all on the target, or on the one that it is held against
  'never-decided', // documented as holding, and not decided anywhere so far
  'other-place', // decided on another host or channel than the target has now
  'cut-short', // the newest run on the target did not come to its end
] as const;

/** What does not move the gate, and is said all the same. */
const NEWS = [
  'listed', // a known contradiction that still stands
  'not-exercised', // listed, and the evidence does not tell whether it still stands
  'too-gloomy', // documented as broken, and holds
  'other-build', // decided on another build of the gateway than the newest that answered there
  'worse', // nothing is promised of it, and it stands broken here and holds on the other target
] as const;

/** The kinds of what a gate says. */
export type GateKind = (typeof SHUTTING)[number] | (typeof UNTOLD)[number] | (typeof NEWS)[number];

/** One thing that a gate says. */
export interface Reason {
  readonly kind: GateKind;
  /** Full id of the claim that it is about; absent where it is about no single one. */
  readonly claim?: string;
  /** Its cases that it is about; [""] for a claim without. */
  readonly cases: readonly string[];
  readonly because: string;
  readonly evidence: readonly string[];
  /** The entry of the list that it is about. */
  readonly entry?: KnownContradiction;
}

/** Whether the docs' promises are kept: the reasons that shut the gate, those for which it cannot be told, and news. */
export interface Gate {
  readonly state: 'open' | 'shut' | 'unknown';
  readonly reasons: readonly Reason[];
  readonly news: readonly Reason[];
  /** Bound claims, and how many of them are decided on the target now. */
  readonly coverage: { readonly bound: number; readonly decided: number };
  /** Selectors of what has no evidence on the target that counts now. */
  readonly missing: readonly string[];
  /** Entries of the list whose every case was exercised, and agrees with the docs. */
  readonly prunable: readonly KnownContradiction[];
}

/**
 * Holds what is documented against the evidence on a target, and that against its own past and against another target.
 * `others` are reasons that come from elsewhere: pages, overrides, a run that was cut short.
 */
export function gate(
  gated: readonly Gated[],
  known: readonly KnownContradiction[],
  others: readonly Reason[],
  remembered: Remembered,
): Gate {
  const looks = gated.flatMap((one) => looksAt(one, known, remembered));
  const isEmpty = looks.every(({ here }) => !here.wasDecided && here.undecided === undefined);
  const reasons = [
    ...(isEmpty
      ? [noEvidence(gated)]
      : [...markReasons(looks), ...fallen(looks), ...otherPlaces(looks)]),
    ...listReasons(looks, remembered.now),
    ...others,
  ];
  const isShut = reasons.some(({ kind }) => isShutting(kind));
  return {
    state: isShut ? 'shut' : reasons.length > 0 ? 'unknown' : 'open',
    reasons: reasons.toSorted((a, b) => rankOf(a) - rankOf(b)),
    news: [...newsOf(looks, remembered.now), ...otherBuilds(looks, remembered)].toSorted(
      (a, b) => rankOf(a) - rankOf(b),
    ),
    coverage: coverageOf(looks),
    missing: missingOf(looks),
    prunable: prunable(known, looks, remembered.now),
  };
}

/** Whether a reason of this kind shuts the gate; the others leave it unknown. */
export function isShutting(kind: GateKind): boolean {
  return SHUTTING.some((one) => one === kind);
}

const KINDS: readonly GateKind[] = [...SHUTTING, ...UNTOLD, ...NEWS];

function rankOf({ kind }: Reason): number {
  return KINDS.indexOf(kind);
}

/** An entry of the list speaks for its cases, whatever they come to: see `listReasons`. */
function markReasons(looks: readonly Look[]): readonly Reason[] {
  const unlisted = looks.filter(({ entry }) => entry === undefined);
  return (['fails', 'lost', 'undecided', 'never-decided'] as const).flatMap((mark) =>
    byClaim(unlisted, mark).map((some) => reasonOf(mark, some)),
  );
}

function newsOf(looks: readonly Look[], now: number): readonly Reason[] {
  const unlisted = looks.filter(({ entry }) => entry === undefined);
  const bare = (['too-gloomy', 'worse'] as const).flatMap((mark) =>
    byClaim(unlisted, mark).map((some) => reasonOf(mark, some)),
  );
  const listed = byEntry(looks).flatMap(([entry, some]) => {
    if (isExpired(entry, now)) return [];
    const standing = some.filter(contradicts);
    const idle = some.filter((one) => !contradicts(one) && !isAgreeing(one));
    return [
      ...(standing.length > 0 ? [{ ...reasonOf('listed', standing), entry }] : []),
      ...(idle.length > 0 ? [{ ...reasonOf('not-exercised', idle), entry }] : []),
    ];
  });
  return [...listed, ...bare];
}

/** What was decided on another build than the one that answers now may not be true of it; a target of several builds is one, too. */
function otherBuilds(looks: readonly Look[], remembered: Remembered): readonly Reason[] {
  const byTarget = [...Map.groupBy(looks, ({ gated }) => gated.target)];
  return byTarget.flatMap(([target, some]) => {
    const newest = newestBuild(target, remembered);
    const others = some.filter(({ here }) => here.build !== undefined && here.build !== newest);
    if (newest === undefined || others.length === 0) return [];
    const builds = [...new Set(others.flatMap(({ here }) => here.build ?? []))].join(', ');
    const ids = [...new Set(others.map(({ gated }) => claimId(gated.claim)))].join(', ');
    const because = `the newest evidence on ${target} is of build ${newest}; of ${builds}: ${ids}`;
    const evidence = others.flatMap(({ here }) => here.stand.evidence);
    return [{ kind: 'other-build', cases: [], because, evidence }];
  });
}

/** What was decided of another deployment says nothing of the one that has its name now. */
function otherPlaces(looks: readonly Look[]): readonly Reason[] {
  const moved = looks.filter(isElsewhere);
  return [
    ...Map.groupBy(moved, (one) => `${one.gated.target}\n${otherPlace(one)}`).values(),
  ].flatMap((some) => {
    const [first] = some;
    if (first?.gated.place === undefined) return [];
    const ids = [...new Set(some.map(({ gated }) => claimId(gated.claim)))].join(', ');
    const because = `${first.gated.target} is ${textOf(first.gated.place)} now; decided on ${otherPlace(first)}: ${ids}`;
    const evidence = some.flatMap(({ here }) => here.stand.evidence);
    return [{ kind: 'other-place', cases: [], because, evidence }];
  });
}

/** What is promised of a claim, or rests on it, and is not told of where its target is now. */
function isElsewhere(look: Look): boolean {
  const { gated, entry } = look;
  const isPromised = gated.isBound || gated.claim.documented.as !== 'open';
  return entry === undefined && isPromised && otherPlace(look) !== undefined;
}

/** What is listed and agrees is no contradiction any more; what has had its time is to be decided anew. */
function listReasons(looks: readonly Look[], now: number): readonly Reason[] {
  return byEntry(looks).flatMap(([entry, some]): readonly Reason[] => {
    if (isExpired(entry, now)) return [{ ...reasonOf('expired-entry', some), entry }];
    const agreeing = some.filter(isAgreeing);
    return agreeing.length > 0 ? [{ ...reasonOf('stale-list', agreeing), entry }] : [];
  });
}

function prunable(
  known: readonly KnownContradiction[],
  looks: readonly Look[],
  now: number,
): readonly KnownContradiction[] {
  return known.filter((entry) => {
    const some = looks.filter((one) => one.entry === entry);
    return (
      !isExpired(entry, now) && some.length === entry.need.cases.length && some.every(isAgreeing)
    );
  });
}

/** That bound claims are not decided now which were, or are on the other target. */
function fallen(looks: readonly Look[]): readonly Reason[] {
  const unlisted = boundClaims(looks.filter(({ entry }) => entry === undefined));
  const covered = unlisted.filter((some) => some.every(wasCovered));
  const missing = covered.filter((some) => !some.every(({ here }) => isDecidedNow(here)));
  if (missing.length === 0) return [];
  const names = missing.map(([first]) => first && claimId(first.gated.claim));
  const because = `of ${covered.length} bound claims that were decided, or are on the other target, ${covered.length - missing.length} still are; not ${names.join(', ')}`;
  return [{ kind: 'coverage', cases: [], because, evidence: [] }];
}

function wasCovered({ here, there }: Look): boolean {
  return here.wasDecided || (there !== undefined && isDecidedNow(there));
}

function coverageOf(looks: readonly Look[]): Gate['coverage'] {
  const bound = boundClaims(looks);
  const decided = bound.filter((some) => some.every(({ here }) => isDecidedNow(here)));
  return { bound: bound.length, decided: decided.length };
}

function boundClaims(looks: readonly Look[]): readonly (readonly Look[])[] {
  const bound = looks.filter(({ gated }) => gated.isBound);
  return [...Map.groupBy(bound, ({ gated }) => gated).values()];
}

function contradicts({ mark }: Look): boolean {
  return mark === 'fails' || mark === 'too-gloomy';
}

/** That the docs are right where the target is now: what was seen elsewhere takes nothing out of a list. */
function isAgreeing(look: Look): boolean {
  return look.mark === 'agrees' && otherPlace(look) === undefined;
}

/** What a run would have to tell before the gate can open. */
function isMissing(look: Look): boolean {
  const { mark, entry, here, gated } = look;
  if (entry !== undefined || gated.claim.basis.kind !== 'sent') return false;
  if (mark === 'lost' || mark === 'undecided' || mark === 'never-decided') return true;
  if (isElsewhere(look)) return true;
  return gated.isBound && wasCovered(look) && !isDecidedNow(here);
}

/** A claim where all its cases are missing, else each of them. */
function missingOf(looks: readonly Look[]): readonly string[] {
  const missing = looks.filter(isMissing);
  return [...Map.groupBy(missing, ({ gated }) => gated.claim)].flatMap(([claim, some]) => {
    const isWhole = claim.basis.kind === 'sent' && claim.basis.cases.length === some.length;
    return isWhole ? [claimId(claim)] : some.map(({ name }) => idOf(claim, name));
  });
}

function byClaim(looks: readonly Look[], mark: Mark): readonly (readonly Look[])[] {
  const some = looks.filter((one) => one.mark === mark);
  return [...Map.groupBy(some, ({ gated }) => gated).values()];
}

function byEntry(
  looks: readonly Look[],
): readonly (readonly [KnownContradiction, readonly Look[]])[] {
  return [...Map.groupBy(looks, ({ entry }) => entry)].flatMap(([entry, some]) =>
    entry === undefined ? [] : [[entry, some] as const],
  );
}

function reasonOf(kind: GateKind, looks: readonly Look[]): Reason {
  const { because, evidence } = weakest(looks.map(lookStand));
  const [first] = looks;
  return {
    kind,
    ...(first && { claim: claimId(first.gated.claim) }),
    cases: looks.map(({ name }) => name),
    because,
    evidence,
  };
}

function noEvidence(gated: readonly Gated[]): Reason {
  const targets = [...new Set(gated.map(({ target }) => target))];
  const because = `there is no evidence on ${targets.join(', ')} of what was asked for`;
  return { kind: 'no-evidence', cases: [], because, evidence: [] };
}
