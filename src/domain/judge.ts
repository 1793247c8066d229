import { MAX_VALUES } from './body.ts';
import type { Cause } from './cause.ts';
import type { Case, Expectation, Given, Need, Place } from './claim.ts';
import { MOST_LINES } from './events.ts';
import { type Exchange, outcomeOf } from './exchange.ts';
import { kinds } from './expect/index.ts';
import { type Judged, type Miss, type Seen, isUntold } from './expect/kind.ts';
import { gatewayError } from './gatewayError.ts';
import { observe } from './observe.ts';
import { look } from './seen.ts';
import { undecided } from './undecided.ts';
import type { Finding, Observed, Untold, Verdict } from './verdict.ts';

/** What an exchange says of a case, and what it shows besides. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly observed: Observed;
  readonly alias?: string;
}

/** What is asked of one exchange: by a case, or by one of its steps. */
export interface Asked {
  readonly given: readonly Given[];
  readonly expect: readonly Expectation[];
  /** What a polled answer has to meet before it is judged at all. */
  readonly until?: readonly Expectation[];
  /** True for a fetched URL: an HTML page there is what it serves, and no sign of a wrong base URL. */
  readonly isFetched?: boolean;
  /** Where a finding points that is about no expectation; the last expectation if absent. */
  readonly place?: Place;
}

/** What this run says so far of some cases of a control claim; undefined: nothing. */
export type Controls = (need: Need) => Verdict['kind'] | undefined;

/** Characters of one text in a verdict. */
const MAX_WORDING = 500;
/** How much of a stream is looked at. */
const MOST_EVENTS = `more than ${MOST_LINES} lines of events, or ${MAX_VALUES} values in them`;
/** Findings of one expectation: more of the same tell a reader nothing. */
const MAX_FINDINGS = 20;

/**
 * Judges a stored or fresh exchange, reduced and redacted: unanswered → inconclusive for every claim → given → expect.
 * Pure; the same exchange always gives the same verdict.
 */
export function judge(asked: Asked, exchange: Exchange, controls: Controls): Judgement {
  const outcome = outcomeOf(exchange);
  if (outcome.kind === 'unanswered') return { verdict: inconclusive(outcome), observed: {} };
  const seen = look(exchange, outcome);
  return { verdict: verdictOf(asked, seen, controls), ...observe(seen) };
}

/** What makes a case inconclusive before anything is sent: a control that did not pass. */
export function unmetControl(asked: Pick<Case, 'given'>, controls: Controls): Verdict | undefined {
  for (const given of asked.given) {
    if (!('need' in given)) continue;
    const verdict = controls(given.need);
    if (verdict !== 'pass') {
      const detail = `${given.need.claim} did not pass in this run`;
      return inconclusive({ cause: 'given', detail });
    }
  }
  return undefined;
}

function verdictOf(asked: Asked, seen: Seen, controls: Controls): Verdict {
  if (seen.answer.body.cut)
    return inconclusive({ cause: 'cut', detail: 'the stored body is not whole' });
  if (seen.events()?.isCut === true)
    return inconclusive({ cause: 'oversized', detail: MOST_EVENTS });
  const { expect, until = [] } = asked;
  const preconditions = asked.given.filter((given): given is Expectation => !('need' in given));
  const written = [...preconditions, ...until, ...expect];
  const special = undecided(seen, written);
  const isServed = asked.isFetched === true && special?.cause === 'html';
  if (special !== undefined && !isServed) return inconclusive(special);
  const unmet = unmetControl(asked, controls) ?? unmetPrecondition(preconditions, seen, 'given');
  if (unmet !== undefined) return unmet;
  const implied = impliedStatus(written, seen, asked.place ?? written.at(-1)?.place);
  return implied ?? unmetPrecondition(until, seen, 'unsettled') ?? decide(expect, seen);
}

function unmetPrecondition(
  preconditions: readonly Expectation[],
  seen: Seen,
  cause: Extract<Cause, 'given' | 'unsettled'>,
): Verdict | undefined {
  for (const precondition of preconditions) {
    const judged = judgeOne(precondition, seen);
    if (isUntold(judged)) {
      return inconclusive(cause === 'given' ? judged : { cause, detail: judged.detail });
    }
    const [miss] = judged;
    if (miss !== undefined) {
      const polls = cause === 'given' ? '' : `after ${seen.exchange.attempts.length} polls `;
      return inconclusive({
        cause,
        detail: `${polls}expected ${miss.expected}, got ${miss.actual}`,
      });
    }
  }
  return undefined;
}

/** Unless `given` or `expect` has `status` or `rejected`, `status: 2xx` is expected (suite-format, "Implied"). */
function impliedStatus(
  written: readonly Expectation[],
  seen: Seen,
  at: Place = { file: '', line: 1, column: 1 },
): Verdict | undefined {
  const { status } = seen.answer;
  if (written.some(({ kind }) => kind === 'status' || kind === 'rejected')) return undefined;
  if (status >= 200 && status < 300) return undefined;
  const parsed = seen.json();
  const message = parsed.kind === 'json' ? gatewayError(parsed.value)?.message : undefined;
  const actual =
    message === undefined ? String(status) : `${status} ${JSON.stringify(brief(message))}`;
  return {
    kind: 'fail',
    findings: [{ expectation: 'status', at, expected: '2xx', actual: brief(actual) }],
  };
}

/** A miss is decided, whatever else could not be told. */
function decide(expectations: readonly Expectation[], seen: Seen): Verdict {
  const findings: Finding[] = [];
  let untold: Untold | undefined;
  for (const expectation of expectations) {
    const judged = judgeOne(expectation, seen);
    if (isUntold(judged)) untold ??= judged;
    else findings.push(...judged.slice(0, MAX_FINDINGS).map((miss) => finding(expectation, miss)));
  }
  if (findings.length > 0) return { kind: 'fail', findings };
  return untold === undefined ? { kind: 'pass' } : inconclusive(untold);
}

function judgeOne(expectation: Expectation, seen: Seen): Judged {
  const kind = kinds[expectation.kind];
  if (kind === undefined) throw new Error(`unknown expectation ${expectation.kind}`);
  return kind.judge(expectation.value, seen, expectation.shape);
}

/** A miss of an expectation, or of what stands in place of one. */
export function finding(
  { kind, place }: Pick<Expectation, 'kind' | 'place'>,
  { what, expected, actual }: Miss,
): Finding {
  const separator = kind === 'json' || kind === 'schema' || kind === 'header' ? ' ' : '.';
  const expectation = what === undefined ? kind : `${kind}${separator}${what}`;
  return {
    expectation: brief(expectation),
    at: place,
    expected: brief(expected),
    actual: brief(actual),
  };
}

/** A verdict that could not be told, and why. */
export function inconclusive({ cause, detail }: Untold): Verdict {
  return { kind: 'inconclusive', cause, detail: brief(detail) };
}

/** An answer must not choose how long a line of the ledger is. */
function brief(text: string): string {
  return text.length > MAX_WORDING ? `${text.slice(0, MAX_WORDING - 1)}…` : text;
}
