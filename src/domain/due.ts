import { type Case, type Claim, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { type Gateway, type GatewayOf, modelOf, priceMoved, versionMoved } from './gateway.ts';
import { instantMs } from './instant.ts';
import { triesSince } from './heads.ts';
import { type Remembered, caseStand, isDecided, knownOf } from './standing.ts';

/** Why a case needs evidence. */
export type DueReason =
  | { readonly kind: 'unproven' }
  | { readonly kind: 'unstable' }
  /** Something else is sent or expected since the evidence that is there. */
  | { readonly kind: 'edited' }
  /** Older than its freshness since then, or within the time that was asked for from then on. */
  | { readonly kind: 'stale' | 'soon'; readonly atMs: number }
  /** The docs say something else of it since. */
  | { readonly kind: 'sentence' }
  | { readonly kind: 'version' | 'alias'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'price';
      readonly model: string;
      readonly from: string;
      readonly to: string;
    };

/** Whether a case needs evidence now. */
export type Dueness =
  /**
   * `age` is how long it has gone without a decision, in times of its freshness, or of a night where that is longer. It
   * grows for as long as it has no turn.
   */
  | { readonly kind: 'due'; readonly reasons: readonly DueReason[]; readonly age: number }
  /** Nothing asks for it until then. */
  | { readonly kind: 'fresh'; readonly untilMs: number }
  /** It needs evidence, but was tried in vain (or is unstable), and is tried again from then on. */
  | {
      readonly kind: 'waiting';
      readonly reasons: readonly DueReason[];
      readonly untilMs: number;
    };

/** What dueness follows from, besides what is remembered of a case. */
export interface DueQuestion {
  readonly remembered: Remembered;
  /** What turns stale within this time is due already. */
  readonly withinMs: number;
  /** What the gateway says of itself now. */
  readonly gateway: Gateway;
  readonly gatewayOf: GatewayOf;
  /** The model behind an alias that was seen last where a case asks for it; see `aliasesSeen`. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly sentenceOf: (claim: Claim) => string;
  /** When anything of the target was first remembered: what was never tried has waited since then. */
  readonly sinceMs: number;
}

/** No case is tried again in vain, or for being unstable or about to turn stale, before this time is over: so one night never asks twice. */
const REST_MS = 12 * 3_600_000;
/** Nothing that is asked every night gets older than this by that alone. */
const NIGHT_MS = 24 * 3_600_000;
/** What all trials of an interval left unsure costs dozens of requests, and would be as unsure the next night: it waits for so much of its freshness. */
const UNSURE = 0.5;
/** Faults of the network that come one after the other: a case that they befall loses no turn by them. */
const MOST_FAULTS = 3;
/** So much older than its last turn is at most what was tried in vain oftener: else what never decides comes before all others, each night anew. */
const VAIN_AGE = 0.5;

/** Whether a case needs evidence on a target (its id) now, and why. */
export function dueness(claim: Claim, aCase: Case, target: string, question: DueQuestion): Dueness {
  const { remembered, gateway, gatewayOf } = question;
  const known = knownOf(caseId(aCase.claim, aCase.name), target, remembered);
  const digest = remembered.digestOf(aCase);
  const current = known.filter((one) => one.digest === digest);
  const stand = caseStand(aCase, claim.freshMs, target, remembered);
  const last = current.findLast(({ id }) => stand.evidence.includes(id));
  const restMs = Math.min(REST_MS, claim.freshMs / 2);
  const reasons =
    last === undefined
      ? [{ kind: isEdited(known, digest) ? 'edited' : 'unproven' } as const]
      : reasonsAgainst(last, stand.standing === 'unstable', { claim, aCase, restMs }, question);
  if (reasons.length === 0)
    return { kind: 'fresh', untilMs: instantMs(last?.at ?? '') + claim.freshMs };

  const vain = triesSince(current, last);
  const tried = vain.at(-1);
  const untilMs =
    tried !== undefined && versionMoved(tried, gatewayOf, gateway) === undefined
      ? retryMs(instantMs(vain[0]?.at ?? tried.at), instantMs(tried.at), restMs, claim.freshMs)
      : reasons.every(({ kind }) => kind === 'unstable')
        ? instantMs(last?.at ?? '') + (aCase.trials === undefined ? restMs : claim.freshMs * UNSURE)
        : -Infinity;
  if (remembered.now < untilMs) return { kind: 'waiting', reasons, untilMs };
  const before = last ?? vain[0] ?? known.findLast((one) => one.digest !== digest);
  const timesSince = (ms: number): number =>
    (remembered.now - ms) / Math.max(claim.freshMs, NIGHT_MS);
  const age = timesSince(before === undefined ? question.sinceMs : instantMs(before.at));
  if (tried === undefined || vain.length <= MOST_FAULTS) return { kind: 'due', reasons, age };
  return { kind: 'due', reasons, age: Math.min(age, timesSince(instantMs(tried.at)) + VAIN_AGE) };
}

/** What is asked of one case. */
interface Asked {
  readonly claim: Claim;
  readonly aCase: Case;
  readonly restMs: number;
}

/** Why a decision counts no longer, or soon will not; also one that is broken is asked for again once it is old. */
function reasonsAgainst(
  last: Evidence,
  isUnstable: boolean,
  { claim, aCase, restMs }: Asked,
  { remembered, withinMs, gateway, gatewayOf, aliases, sentenceOf }: DueQuestion,
): readonly DueReason[] {
  const reasons: DueReason[] = isUnstable ? [{ kind: 'unstable' }] : [];
  const { now } = remembered;
  const decidedMs = instantMs(last.at);
  const staleMs = decidedMs + claim.freshMs;
  const isRested = now >= decidedMs + restMs;
  if (now > staleMs) reasons.push({ kind: 'stale', atMs: staleMs });
  else if (isRested && now + withinMs > staleMs) reasons.push({ kind: 'soon', atMs: staleMs });
  const version = versionMoved(last, gatewayOf, gateway);
  if (version !== undefined) reasons.push({ kind: 'version', ...version });
  const alias = aliases.get(placeOf(aCase) ?? '');
  // Where several models stand behind one alias at once, no night ends it.
  if (isRested && last.alias !== undefined && alias !== undefined && alias !== last.alias)
    reasons.push({ kind: 'alias', from: last.alias, to: alias });
  const model = modelOf(aCase.request);
  const price =
    model === undefined || !asksForCharge(aCase)
      ? undefined
      : priceMoved(model, last, gatewayOf, gateway);
  if (model !== undefined && price !== undefined) reasons.push({ kind: 'price', model, ...price });
  if (last.sentence !== undefined && last.sentence !== sentenceOf(claim))
    reasons.push({ kind: 'sentence' });
  return reasons;
}

/** Whether a case is about what its request was charged. */
export function asksForCharge({ expect }: Case): boolean {
  return expect.some(({ kind }) => kind === 'charged');
}

/** The alias that was seen last, for each model at each place that cases ask for it. */
export function aliasesSeen(
  cases: Iterable<{ readonly case: Case; readonly target: string }>,
  remembered: Remembered,
): ReadonlyMap<string, string> {
  const seen = new Map<string, { readonly alias: string; readonly ms: number }>();
  for (const { case: one, target } of cases) {
    const place = placeOf(one);
    if (place === undefined) continue;
    const last = knownOf(caseId(one.claim, one.name), target, remembered).findLast(isDecided);
    if (last?.alias === undefined) continue;
    const ms = instantMs(last.at);
    if (ms >= (seen.get(place)?.ms ?? ms)) seen.set(place, { alias: last.alias, ms });
  }
  return new Map([...seen].map(([place, { alias }]) => [place, alias]));
}

/** One alias may lead to other models on another route. */
function placeOf({ request }: Case): string | undefined {
  const model = modelOf(request);
  return model === undefined ? undefined : `${model} ${request.path ?? request.url ?? ''}`;
}

/** The wait doubles: as long as it has been tried in vain, but no longer than its freshness. A night may begin earlier than the last. */
function retryMs(firstMs: number, lastMs: number, restMs: number, freshMs: number): number {
  return lastMs + Math.min(freshMs, Math.max(restMs, lastMs - firstMs - restMs / 2));
}

/** Whether what was decided is about something else than what is written today. */
function isEdited(known: readonly Evidence[], digest: string): boolean {
  return known.some((one) => isDecided(one) && one.digest !== digest);
}
