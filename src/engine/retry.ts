import { parsedBody } from '../domain/body.ts';
import type { Answered, Outcome } from '../domain/exchange.ts';
import { instantMs } from '../domain/instant.ts';
import { isAnswer, TRANSIENT } from '../domain/undecided.ts';

/** How often one request is sent at most: once, and two retries. */
export const MOST_ATTEMPTS = 3;

/** A target that lets its whole time go by, most often minutes, and then once more, would do so a third time. */
const MOST_TIMEOUTS = 2;

const FIRST_BACKOFF_MS = 500;

/** Who is asked to wait longer than this gives up: the run should end, and sooner would be impolite. */
const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait before sending again, in milliseconds; nothing if the outcome is to stand. Only transport faults
 * and the transient statuses are retried; what the gateway says of models that it does not serve is an answer.
 */
export function retryDelay(outcome: Outcome, attempts: number, wallMs: number): number | undefined {
  if (attempts >= mostAttempts(outcome) || !isPassing(outcome)) return undefined;
  return pauseMs(outcome, attempts, wallMs);
}

/** How long to wait after so many attempts, in milliseconds, as the answer asks and no less than doubles each time; nothing if that is too long. */
export function pauseMs(outcome: Outcome, attempts: number, wallMs: number): number | undefined {
  const backoffMs = FIRST_BACKOFF_MS * 2 ** (attempts - 1);
  const askedMs = outcome.kind === 'answered' ? retryAfterMs(outcome, wallMs) : undefined;
  const delayMs = Math.max(backoffMs, askedMs ?? 0);
  return delayMs > LONGEST_WAIT_MS ? undefined : delayMs;
}

function mostAttempts(outcome: Outcome): number {
  const isTimeout = outcome.kind === 'unanswered' && outcome.cause === 'timeout';
  return isTimeout ? MOST_TIMEOUTS : MOST_ATTEMPTS;
}

/** Whether an outcome is passing trouble: a transport fault, or a transient status that is no answer. */
export function isPassing(outcome: Outcome): boolean {
  if (outcome.kind === 'answered') {
    if (!TRANSIENT.includes(outcome.status)) return false;
    const parsed = parsedBody(outcome.body);
    return parsed.kind === 'broken' || !isAnswer(parsed.value);
  }
  return (
    outcome.cause === 'unreachable' ||
    outcome.cause === 'timeout' ||
    outcome.cause === 'disconnected'
  );
}

/** `Retry-After` in its two forms (RFC 9110, 10.2.3); a date in the past, or a text that is neither, asks for nothing. */
export function retryAfterMs(answer: Answered, wallMs: number): number | undefined {
  const written = answer.headers['retry-after']?.trim();
  if (written === undefined || written === '') return undefined;
  if (/^\d+$/.test(written)) return Number(written) * 1000;
  const date = instantMs(written);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallMs);
}
