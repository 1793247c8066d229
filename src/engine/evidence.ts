import type { Trials } from '../domain/claim.ts';
import type { Evidence, SeenTarget } from '../domain/evidence.ts';
import { type Exchange, outcomeOf } from '../domain/exchange.ts';
import type { Judgement } from '../domain/judge.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Paid } from './paid.ts';
import type { PlannedCase } from './sharing.ts';

/** What all evidence of one trial has in common. */
export interface Trial {
  readonly run: string;
  readonly tool: string;
  readonly target: Target;
  /** Counted from 1. */
  readonly number: number;
  /** True in search of a limit. */
  readonly probe?: true;
}

/** The evidence of a case that was judged on an exchange; it is paid for in that of one case. */
export function judgedEvidence(
  id: string,
  planned: PlannedCase,
  trial: Trial,
  exchange: Exchange,
  judgement: Judgement,
  paid: Paid,
): Evidence {
  const last = exchange.attempts.at(-1);
  const outcome = outcomeOf(exchange);
  const headers = outcome.kind === 'answered' ? outcome.headers : {};
  const requestId = headers['x-oneapi-request-id'];
  const gatewayVersion = headers['x-new-api-version'];
  return {
    ...common(id, planned, trial, headers['x-assay-mock']),
    at: last?.at ?? '',
    exchange: exchange.id,
    attempts: exchange.attempts.length,
    verdict: judgement.verdict,
    observed: judgement.observed,
    ...paid,
    ...(last === undefined ? {} : { ms: last.ms }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(gatewayVersion === undefined ? {} : { gatewayVersion }),
    ...(judgement.alias === undefined ? {} : { alias: judgement.alias }),
  };
}

/** The evidence of a case for which nothing was sent, because a control had not passed. */
export function unsentEvidence(
  id: string,
  planned: PlannedCase,
  trial: Trial,
  at: string,
  verdict: Verdict,
): Evidence {
  return {
    ...common(id, planned, trial, undefined),
    at,
    attempts: 0,
    verdict,
    observed: {},
    usd: 0,
  };
}

/** The target as evidence names it; `mock` is the world that an answer said it came from. */
export function seenTarget(target: Target, mock?: string): SeenTarget {
  const seen = known.get(target) ?? look(target);
  known.set(target, seen);
  return mock === undefined ? seen : { ...seen, mock };
}

/** All evidence of a run is about a few targets. */
const known = new WeakMap<Target, SeenTarget>();

function look(target: Target): SeenTarget {
  return {
    name: target.name,
    grade: target.grade,
    host: target.baseUrl === undefined ? '' : new URL(target.baseUrl).host,
    ...(target.channel === undefined ? {} : { channel: target.channel }),
    ...(target.world === undefined ? {} : { world: target.world }),
    ...(target.mock === 'allowed' ? { mockAllowed: true } : {}),
    ...(Object.keys(target.let).length === 0 ? {} : { let: target.let }),
  };
}

function asEvidenceHas({ of, atLeast, confidence }: Trials): Trials {
  return { of, atLeast, confidence };
}

function common(id: string, planned: PlannedCase, trial: Trial, mock: string | undefined) {
  return {
    id,
    run: trial.run,
    claim: planned.case.claim,
    case: planned.case.name,
    digest: planned.digest,
    trial: trial.number,
    ...(planned.case.trials && { trials: asEvidenceHas(planned.case.trials) }),
    ...(trial.probe && { probe: trial.probe }),
    target: seenTarget(trial.target, mock),
    sentence: planned.sentence,
    tool: trial.tool,
  };
}
