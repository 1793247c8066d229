import { parsedBody } from './body.ts';
import { chargeOf, dollars } from './charge.ts';
import { type Observation, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { type Exchange, outcomeOf } from './exchange.ts';
import { gatewayError } from './gatewayError.ts';
import type { LeftOut } from './run.ts';
import { seriesOf, seriesText } from './trials.ts';

/** What one side showed of a case, on all its trials there. */
export interface Shown {
  readonly claim: string;
  readonly case: string;
  /** `unstable` where trials disagree; where a claim asks for trials, what their interval says. Absent where nothing is decided. */
  readonly word?: 'pass' | 'fail' | 'unstable';
  /** The trial that tells: the last that decided as all do together, else the last that decided, or the last one if none did. */
  readonly telling: Evidence;
  /** Those that decided, and how many of them passed. */
  readonly decided: readonly Evidence[];
  readonly passed: number;
  /** What a refusal said, without its request id; absent where nothing was refused, or it said nothing. */
  readonly refusal?: string;
  /** What the telling trial was charged, as `$0.05`; absent where that was not measured. */
  readonly charge?: string;
  readonly evidence: readonly string[];
}

/** Two sides that are set beside each other, by what they are called: targets, dates, runs, revisions. */
export interface Names {
  readonly left: string;
  readonly right: string;
}

/** One thing that two sides showed differently. */
interface Difference extends Names {
  /** `verdict`, `answer`, or the name of an observation. */
  readonly what: string;
}

/** What came of setting one case of two sides side by side; what stayed undecided on either is no difference. */
export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'different'; readonly differences: readonly Difference[] }
  | { readonly kind: 'untold'; readonly because: Partial<Names> }
  | { readonly kind: 'left out'; readonly because: Partial<Names> };

/** One case on two sides. */
export interface Pair {
  /** Unique among the pairs. */
  readonly key: string;
  readonly claim: string;
  readonly case: string;
  readonly left?: Shown;
  readonly right?: Shown;
  readonly comparison: Comparison;
}

/** One side: what it showed, by a key that names the case on both, its full id where no other is needed; and what it left out. */
export interface Side {
  readonly shown: ReadonlyMap<string, Shown>;
  readonly leftOut: readonly LeftOut[];
}

/** What is observed of an answer and must be alike on both sides; how long it took is each side's own. */
const SHAPE: readonly Exclude<Observation, 'ms' | 'status'>[] = [
  'image.at',
  'image.format',
  'image.size',
  'image.count',
  'alias',
  'charged',
];

/** `refs=2` comes before `refs=14`. */
const IN_ORDER = new Intl.Collator('en', { numeric: true });

/** What some evidence of one case shows, oldest first, with the exchanges that are known of it. */
export function shownBy(
  trials: readonly Evidence[],
  exchangeOf: (id: string) => Exchange | undefined,
): Shown | undefined {
  const decided = trials.filter(({ verdict }) => verdict.kind !== 'inconclusive');
  const word = wordOf(decided, trials);
  const telling =
    decided.findLast(({ verdict }) => verdict.kind === word) ?? decided.at(-1) ?? trials.at(-1);
  if (telling === undefined) return undefined;
  const exchange = telling.exchange === undefined ? undefined : exchangeOf(telling.exchange);
  const refusal = exchange && refusalIn(exchange);
  const charge = exchange && chargeIn(exchange);
  return {
    claim: telling.claim,
    case: telling.case,
    ...(word !== undefined && { word }),
    telling,
    decided,
    passed: decided.filter(({ verdict }) => verdict.kind === 'pass').length,
    ...(refusal !== undefined && { refusal }),
    ...(charge !== undefined && { charge }),
    evidence: trials.map(({ id }) => id),
  };
}

function wordOf(decided: readonly Evidence[], trials: readonly Evidence[]): Shown['word'] {
  const asked = trials.find((one) => one.trials !== undefined)?.trials;
  if (asked !== undefined) {
    const told = seriesOf(asked, trials).tells;
    return told === 'pass' || told === 'fail' ? told : undefined;
  }
  const kinds = new Set(decided.map(({ verdict }) => verdict.kind));
  if (kinds.size > 1) return 'unstable';
  if (kinds.size === 0) return undefined;
  return kinds.has('pass') ? 'pass' : 'fail';
}

/** Sets all cases of two sides side by side, in the order of their names. */
export function compareSides(left: Side, right: Side): readonly Pair[] {
  const out = { left: leftOutBy(left), right: leftOutBy(right) };
  const keys = new Set([
    ...left.shown.keys(),
    ...right.shown.keys(),
    ...out.left.keys(),
    ...out.right.keys(),
  ]);
  return [...keys].toSorted(IN_ORDER.compare).map((key): Pair => {
    const [a, b] = [left.shown.get(key), right.shown.get(key)];
    const named = a ?? b ?? out.left.get(key) ?? out.right.get(key);
    const because = {
      ...(a === undefined && { left: out.left.get(key)?.reason ?? 'nothing is known of it' }),
      ...(b === undefined && { right: out.right.get(key)?.reason ?? 'nothing is known of it' }),
    };
    return {
      key,
      claim: named?.claim ?? key,
      case: named?.case ?? '',
      ...(a && { left: a }),
      ...(b && { right: b }),
      comparison: a && b ? compareShown(a, b) : { kind: 'left out', because },
    };
  });
}

function leftOutBy({ leftOut }: Side): ReadonlyMap<string, LeftOut> {
  return new Map(leftOut.map((one) => [caseId(one.claim, one.case), one]));
}

/** Sets what two sides showed of one case side by side. */
export function compareShown(left: Shown, right: Shown): Comparison {
  const because = {
    ...(left.word === undefined && { left: verdictText(left) }),
    ...(right.word === undefined && { right: verdictText(right) }),
  };
  if (Object.keys(because).length > 0) return { kind: 'untold', because };
  const differences = [
    ...(left.word === right.word
      ? []
      : [{ what: 'verdict', left: verdictText(left), right: verdictText(right) }]),
    ...(answerKey(left) === answerKey(right)
      ? []
      : [{ what: 'answer', left: answerText(left), right: answerText(right) }]),
    ...shapeDifferences(left, right),
  ];
  return differences.length === 0 ? { kind: 'same' } : { kind: 'different', differences };
}

/** What a side says of the claim, for a reader, with k of n where there were several trials. */
export function verdictText({ word, telling, decided, passed }: Shown): string {
  const { verdict } = telling;
  const counts = decided.length > 1 ? ` (${seriesText({ passed, decided: decided.length })})` : '';
  if (word !== undefined) return word + counts;
  return (
    (verdict.kind === 'inconclusive' ? `${verdict.cause}: ${verdict.detail}` : 'open') + counts
  );
}

/** The status, with what was said by a refusal. */
export function answerText({ telling, refusal }: Shown): string {
  const { status } = telling.observed;
  if (status === undefined) return 'nothing was sent';
  return refusal === undefined ? String(status) : `${status} "${refusal}"`;
}

/** A message may name the reference that it refuses, which each side has from a host of its own. */
function answerKey(shown: Shown): string {
  return answerText(shown).replaceAll(/https?:\/\/[^\s"']+/g, 'URL');
}

/** Of a refusal there is nothing to see: that one side refused is said by its answer. */
function shapeDifferences(left: Shown, right: Shown): readonly Difference[] {
  if (isRefused(left) || isRefused(right)) return [];
  return SHAPE.flatMap((what) => {
    const [a, b] = [valuesOf(left, what), valuesOf(right, what)];
    if (a === b) return [];
    return [{ what, left: withCharge(what, a, left), right: withCharge(what, b, right) }];
  });
}

/** Of a charge that came out otherwise, a reader asks how much it was. */
function withCharge(what: Observation, text: string, { charge }: Shown): string {
  return what === 'charged' && charge !== undefined ? `${text}, ${charge}` : text;
}

/** All that the trials have observed: of a model that varies, no single one tells. */
function valuesOf({ decided }: Shown, name: Observation): string {
  const values = new Set(decided.map(({ observed }) => String(observed[name] ?? 'none')));
  return [...values].toSorted().join(' or ');
}

/** Whether a side answered with an error. */
export function isRefused({ telling }: Shown): boolean {
  const { status } = telling.observed;
  return typeof status === 'number' && status >= 400;
}

function chargeIn(exchange: Exchange): string | undefined {
  const { usage } = exchange;
  if (usage?.kind !== 'measured') return undefined;
  const { cost } = chargeOf(exchange, usage);
  return cost && dollars(cost.quota, usage.quotaPerUsd);
}

function refusalIn(exchange: Exchange): string | undefined {
  const outcome = outcomeOf(exchange);
  if (outcome.kind === 'unanswered' || outcome.status < 400) return undefined;
  const parsed = parsedBody(outcome.body);
  return parsed.kind === 'json' ? gatewayError(parsed.value)?.message : undefined;
}
