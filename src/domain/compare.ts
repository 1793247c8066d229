import { parsedBody } from './body.ts';
import { type Observation, caseId } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { type Exchange, outcomeOf } from './exchange.ts';
import { gatewayError } from './gatewayError.ts';
import type { LeftOut } from './run.ts';
import type { Observed, Verdict } from './verdict.ts';

/** What one side showed of a case, on all its trials there. */
export interface Shown {
  readonly claim: string;
  readonly case: string;
  /** The trial that tells: the last that decided, or the last one if none did. */
  readonly telling: Evidence;
  /** How many trials decided, and how many of them passed. */
  readonly decided: number;
  readonly passed: number;
  /** What a refusal said, without its request id; absent where nothing was refused, or it said nothing. */
  readonly refusal?: string;
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

/** What some evidence of one case shows, oldest first, with the exchanges that are known of it. */
export function shownBy(
  trials: readonly Evidence[],
  exchangeOf: (id: string) => Exchange | undefined,
): Shown | undefined {
  const decided = trials.filter(({ verdict }) => verdict.kind !== 'inconclusive');
  const telling = decided.at(-1) ?? trials.at(-1);
  if (telling === undefined) return undefined;
  const exchange = telling.exchange === undefined ? undefined : exchangeOf(telling.exchange);
  const refusal = exchange && refusalIn(exchange);
  return {
    claim: telling.claim,
    case: telling.case,
    telling,
    decided: decided.length,
    passed: decided.filter(({ verdict }) => verdict.kind === 'pass').length,
    ...(refusal !== undefined && { refusal }),
    evidence: trials.map(({ id }) => id),
  };
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
  return [...keys].toSorted().map((key): Pair => {
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
    ...(left.decided === 0 && { left: causeOf(left.telling.verdict) }),
    ...(right.decided === 0 && { right: causeOf(right.telling.verdict) }),
  };
  if (Object.keys(because).length > 0) return { kind: 'untold', because };
  const differences = [
    ...differing('verdict', verdictWord(left), verdictWord(right), left, right),
    ...differing('answer', answerKey(left), answerKey(right), left, right),
    ...shapeDifferences(left, right),
  ];
  return differences.length === 0 ? { kind: 'same' } : { kind: 'different', differences };
}

/** `pass`, `fail`, or `unstable` where trials disagree: the word that must be alike. */
function verdictWord({ passed, decided }: Shown): string {
  if (passed === decided) return 'pass';
  return passed === 0 ? 'fail' : 'unstable';
}

/** The verdict of a side for a reader, with k of n where there were several trials. */
export function verdictText(shown: Shown): string {
  if (shown.decided === 0) return causeOf(shown.telling.verdict);
  const word = verdictWord(shown);
  return shown.decided === 1 ? word : `${word} (${shown.passed} of ${shown.decided} passed)`;
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

function differing(
  what: 'verdict' | 'answer',
  a: string,
  b: string,
  left: Shown,
  right: Shown,
): readonly Difference[] {
  if (a === b) return [];
  const text = what === 'verdict' ? verdictText : answerText;
  return [{ what, left: text(left), right: text(right) }];
}

/** Of a refusal there is nothing to see: that one side refused is said by its answer. */
function shapeDifferences(left: Shown, right: Shown): readonly Difference[] {
  if (isRefused(left) || isRefused(right)) return [];
  return SHAPE.flatMap((what) => {
    const [a, b] = [valueOf(left.telling.observed, what), valueOf(right.telling.observed, what)];
    return a === b ? [] : [{ what, left: a, right: b }];
  });
}

function valueOf(observed: Observed, name: Observation): string {
  return String(observed[name] ?? 'none');
}

/** Whether a side answered with an error. */
export function isRefused({ telling }: Shown): boolean {
  const { status } = telling.observed;
  return typeof status === 'number' && status >= 400;
}

function refusalIn(exchange: Exchange): string | undefined {
  const outcome = outcomeOf(exchange);
  if (outcome.kind === 'unanswered' || outcome.status < 400) return undefined;
  const parsed = parsedBody(outcome.body);
  return parsed.kind === 'json' ? gatewayError(parsed.value)?.message : undefined;
}

function causeOf(verdict: Verdict): string {
  return verdict.kind === 'inconclusive' ? `${verdict.cause}: ${verdict.detail}` : verdict.kind;
}
