import { type Captured, fillExpectation, take, unfit } from './captured.ts';
import type { Case, Json, Polling, Step } from './claim.ts';
import { type Exchange, outcomeOf } from './exchange.ts';
import { isUntold } from './expect/kind.ts';
import {
  type Asked,
  type Controls,
  finding,
  inconclusive,
  judge,
  type Judgement,
} from './judge.ts';
import type { Finding, Untold, Verdict } from './verdict.ts';

/** How often a request is polled at most, the first sending included. */
export function mostPolls({ everyMs, withinMs }: Pick<Polling, 'everyMs' | 'withinMs'>): number {
  return Math.floor(withinMs / everyMs) + 1;
}

/** How far its exchanges have brought a case with steps. */
export type Way =
  /** This step is to be sent next, filled with what was captured; `at` counts from 0. */
  | {
      readonly kind: 'open';
      readonly at: number;
      readonly step: Step;
      readonly captured: Captured;
      readonly judgement: Judgement;
    }
  /** It is decided, or cannot be. */
  | { readonly kind: 'ended'; readonly judgement: Judgement };

/** Before any step was taken. */
const NOTHING: Judgement = { verdict: { kind: 'pass' }, observed: {} };

/**
 * Follows a case with steps through what they have brought, in order. Pure: whoever has the stored exchanges comes to
 * where the run stood. The first step that does not pass ends it, with findings at its own lines.
 */
export function follow(
  aCase: Pick<Case, 'given' | 'steps'>,
  exchanges: readonly Exchange[],
  controls: Controls,
): Way {
  const captured = new Map<string, Json>();
  let judgement = NOTHING;
  for (const [at, step] of (aCase.steps ?? []).entries()) {
    const miss = unfit(step.request, captured);
    if (miss !== undefined) {
      const findings = [finding({ kind: 'request', place: step.place }, miss)];
      return { kind: 'ended', judgement: { ...judgement, verdict: { kind: 'fail', findings } } };
    }
    const exchange = exchanges[at];
    if (exchange === undefined) return { kind: 'open', at, step, captured, judgement };
    judgement = judge({ ...askedOf(step, captured), given: aCase.given }, exchange, controls);
    const verdict =
      judgement.verdict.kind === 'pass' ? capture(step, exchange, captured) : judgement.verdict;
    if (verdict !== undefined) {
      return { kind: 'ended', judgement: { ...judgement, verdict: inStep(verdict, at) } };
    }
  }
  return { kind: 'ended', judgement };
}

/** What stored or fresh exchanges say of a case: the one that it sent, or those of its steps in order. */
export function judgeAll(
  aCase: Case,
  exchanges: readonly [Exchange, ...Exchange[]],
  controls: Controls,
): Judgement {
  if (aCase.steps === undefined) return judge(aCase, exchanges[0], controls);
  const way = follow(aCase, exchanges, controls);
  if (way.kind === 'ended') return way.judgement;
  return notTaken(way, { cause: 'interrupted', detail: 'it was not sent' });
}

/** The judgement of a case whose next step was not sent, for this reason. */
export function notTaken(way: Extract<Way, { kind: 'open' }>, why: Untold): Judgement {
  return { ...way.judgement, verdict: inStep(inconclusive(why), way.at) };
}

/** What an exchange says of one step by itself: `unsettled` where it is polled, and may change yet. */
export function judgeStep(step: Step, captured: Captured, exchange: Exchange): Verdict {
  return judge(askedOf(step, captured), exchange, () => undefined).verdict;
}

function askedOf({ request, expect, polling, place }: Step, captured: Captured): Asked {
  return {
    given: [],
    expect: expect.map((one) => fillExpectation(one, captured)),
    ...(polling && { until: polling.until.map((one) => fillExpectation(one, captured)) }),
    isFetched: request.url !== undefined,
    place,
  };
}

/** Takes in what a step captures; nothing comes back where all of it was there. */
function capture(
  { captures }: Step,
  exchange: Exchange,
  captured: Map<string, Json>,
): Verdict | undefined {
  const outcome = outcomeOf(exchange);
  if (outcome.kind === 'unanswered') return inconclusive(outcome);
  const findings: Finding[] = [];
  let untold: Untold | undefined;
  for (const one of captures) {
    const taken = take(one, outcome);
    if ('value' in taken) captured.set(one.name, taken.value);
    else if (isUntold(taken.judged)) untold ??= taken.judged;
    else {
      const written = { kind: 'capture', place: one.place };
      findings.push(...taken.judged.map((miss) => finding(written, { ...miss, what: one.name })));
    }
  }
  if (findings.length > 0) return { kind: 'fail', findings };
  return untold && inconclusive(untold);
}

/** Findings have lines of their own; a cause has to say which step it is about. */
function inStep(verdict: Verdict, at: number): Verdict {
  if (verdict.kind !== 'inconclusive' || verdict.cause === 'given') return verdict;
  return inconclusive({ cause: verdict.cause, detail: `step ${at + 1}: ${verdict.detail}` });
}
