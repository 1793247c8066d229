import type { Captured } from '../domain/captured.ts';
import type { Step } from '../domain/claim.ts';
import type { Attempt, Exchange } from '../domain/exchange.ts';
import type { Controls, Judgement } from '../domain/judge.ts';
import { follow, judgeStep, notTaken } from '../domain/steps.ts';
import { judgedEvidence, type Trial } from './evidence.ts';
import { makeExchange, neverArrived, type PollingRules } from './exchange.ts';
import { answersTo } from './past.ts';
import type { Ports } from './ports.ts';
import { stepUsd } from './price.ts';
import { isPassing, retryAfterMs } from './retry.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';
import { type Means, noteTrial, type Tried } from './tried.ts';

/** Characters that are kept of a polled answer which another one followed. */
const ABRIDGED = 256;

/** Headers that are kept of it: what it is found by in the gateway's log, and why the next one was late. */
const KEPT_HEADERS: readonly string[] = ['x-oneapi-request-id', 'retry-after'];

/**
 * Takes the steps of a planned case in order, each only once the exchange before it is kept, until one of them
 * decides it. Steps whose exchanges are stored already are not taken again.
 */
export async function trySteps(
  planned: PlannedExchange,
  one: PlannedCase,
  trial: Trial,
  means: Means,
  controls: Controls,
  stored: readonly Exchange[],
): Promise<Tried> {
  const { ports, restraints, key, ids } = means;
  const exchanges = [...stored];
  let kept = stored.length;
  let fetches = 0;
  const decided = (said: Judgement): Tried => {
    // The pieces of a stream may come to a secret that none of them holds.
    const judgement = ports.redactor.value(said);
    noteTrial(means, one, planned, judgement.verdict, judgement.observed);
    const unkept = exchanges[kept];
    return {
      kind: 'tried',
      ...(unkept && { exchange: unkept }),
      found: [{ case: one, evidence: evidenceOf(one, trial, exchanges, judgement, means) }],
      fetches,
    };
  };
  for (;;) {
    const way = follow(one.case, exchanges, controls);
    if (way.kind === 'ended') return decided(way.judgement);
    for (const exchange of exchanges.slice(kept)) {
      if (!(await means.keep(exchange))) return { kind: 'interrupted' };
      kept += 1;
    }
    const { step, captured } = way;
    const errand = {
      target: planned.target,
      request: step.request,
      usd: stepUsd(step.request, one.claim.usd),
      captured,
      ...(step.polling && { polling: rulesOf(step, captured, ports) }),
    };
    const made = await makeExchange(errand, ids.exchange(), key, ports, restraints);
    if (made.kind === 'interrupted' || (made.kind === 'unpaid' && exchanges.length === 0))
      return made;
    const unpaid = { cause: 'budget', detail: 'the budget ended before it' } as const;
    if (made.kind === 'unpaid') return decided(notTaken(way, unpaid));
    const usd = paid(made.exchange, one.claim.usd);
    const answers = answersTo(planned, trial.number, usd, exchanges.length);
    exchanges.push({ ...made.exchange, answers });
    fetches += made.fetches;
    if (made.isShort) return decided(notTaken(way, unpaid));
  }
}

/** Polls again while the answer may change yet and there is time; who asks for more patience is given it. */
function rulesOf(step: Step, captured: Captured, { clock, redactor }: Ports): PollingRules {
  const { everyMs = 0, withinMs = 0 } = step.polling ?? {};
  return {
    delay: (attempt, startedMs) => {
      if (!isOpen(step, captured, redactor.value(attempt))) return undefined;
      const { outcome } = attempt;
      const askedMs = outcome.kind === 'answered' ? retryAfterMs(outcome, clock.wall()) : undefined;
      const delayMs = Math.max(everyMs, askedMs ?? 0);
      return clock.monotonic() + delayMs - startedMs > withinMs ? undefined : delayMs;
    },
    abridged: (attempt) => abridged(redactor.value(attempt)),
  };
}

function isOpen(step: Step, captured: Captured, attempt: Attempt): boolean {
  const sent = { method: step.request.method, url: '', headers: {} };
  const verdict = judgeStep(step, captured, { id: '', sent, attempts: [attempt], fetched: {} });
  if (verdict.kind !== 'inconclusive') return false;
  return verdict.cause === 'unsettled' || isPassing(attempt.outcome);
}

/** It was redacted as a whole before, so that no piece of a secret is left at the cut. */
function abridged(attempt: Attempt): Attempt {
  const { outcome } = attempt;
  if (outcome.kind === 'unanswered') return attempt;
  const { text, bytes } = outcome.body;
  const headers = Object.entries(outcome.headers).filter(([name]) => KEPT_HEADERS.includes(name));
  const isWhole = text.length <= ABRIDGED;
  return {
    ...attempt,
    outcome: {
      ...outcome,
      headers: Object.fromEntries(headers),
      body: isWhole
        ? outcome.body
        : { text: text.slice(0, ABRIDGED), bytes, payloads: [], cut: true },
    },
  };
}

/** One piece of evidence for all steps; the last exchange is the one that decided. */
function evidenceOf(
  one: PlannedCase,
  trial: Trial,
  exchanges: readonly Exchange[],
  judgement: Judgement,
  { ids }: Means,
) {
  const last = exchanges.at(-1);
  if (last === undefined) throw new Error(`no step of ${one.case.claim} was taken`);
  const usd = exchanges.reduce((sum, exchange) => sum + paid(exchange, one.claim.usd), 0);
  return {
    ...judgedEvidence(ids.evidence(), one, trial, last, judgement, { usd }),
    exchanges: exchanges.map(({ id }) => id),
    attempts: exchanges.reduce((sum, { attempts }) => sum + attempts.length, 0),
  };
}

function paid({ sent, attempts }: Exchange, usd: number): number {
  return stepUsd(sent, usd) * attempts.filter((attempt) => !neverArrived(attempt)).length;
}
