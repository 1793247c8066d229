import type { Json } from './claim.ts';
import { answered, caseOf, exchangeOf, expectation, none } from './exchange.fixture.ts';
import type { Answered, Exchange, Outcome, Unanswered } from './exchange.ts';
import { judge, type Judgement } from './judge.ts';
import type { Counter, LogRow, Measured, Usage } from './usage.ts';

/** The model that `paidExchange` asks for. */
const MODEL = 'nano-banana';

/** For tests only: a consume row of request `r1` over $0.10, unless told otherwise. */
export function row(more: Partial<LogRow> = {}): LogRow {
  const at = '2026-04-14T12:00:00.000Z';
  return { kind: 'consume', quota: 50_000, at, model: MODEL, requestId: 'r1', ...more };
}

/** For tests only: a row as a build writes it that logs no request ids. */
export function idless(more: Partial<LogRow> = {}): LogRow {
  const { requestId: _, ...rest } = row(more);
  return rest;
}

/** For tests only: a settled measurement of $0.10 that counter and log agree on, unless told otherwise. */
export function measured(more: Partial<Measured> = {}): Measured {
  return {
    kind: 'measured',
    source: 'management',
    quotaPerUsd: 500_000,
    counter: moved(50_000),
    rows: [row()],
    settledMs: 500,
    boundMs: 0,
    isSettled: true,
    ...more,
  };
}

/** For tests only: a measurement without what its source does not show. */
export function without(part: 'counter' | 'rows', from: Measured = measured()): Measured {
  const { [part]: _, ...rest } = from;
  return rest;
}

/** For tests only: a counter that went up by so much. */
export function moved(quota: number, peak: number = quota): Counter {
  return { before: 1_000_000, after: 1_000_000 + quota, peak: 1_000_000 + Math.max(quota, peak) };
}

/** For tests only: an answer of this status under this request id. */
export function answer(status: number, requestId = 'r1'): Answered {
  const headers = { 'x-oneapi-request-id': requestId };
  return answered(status, status < 400 ? { a: 1 } : { error: { message: 'no' } }, { headers });
}

/** For tests only: no answer in time. */
export const TIMEOUT: Unanswered = { kind: 'unanswered', cause: 'timeout', detail: '300 s' };

/** For tests only: a request for `MODEL` with these outcomes of its attempts. */
export function paidExchange(...outcomes: readonly Outcome[]): Exchange {
  const exchange = exchangeOf(outcomes.length === 0 ? answer(200) : outcomes);
  return { ...exchange, sent: { ...exchange.sent, body: JSON.stringify({ model: MODEL }) } };
}

/** For tests only: what a `charged` expectation says of an answer, a fine one unless told otherwise, of which this was measured. */
export function judgedCharge(
  value: Json,
  usage: Usage | undefined,
  ...outcomes: readonly Outcome[]
): Judgement {
  const given = [expectation('status', [200, 500])];
  const exchange = paidExchange(...outcomes);
  return judge(caseOf([{ charged: value }], given), { ...exchange, ...(usage && { usage }) }, none);
}
