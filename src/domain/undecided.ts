import type { Cause } from './cause.ts';
import type { Expectation, Json } from './claim.ts';
import { errorOf } from './events.ts';
import { kinds } from './expect/index.ts';
import type { Seen, Special } from './expect/kind.ts';
import { type GatewayError, gatewayError, isMapping } from './gatewayError.ts';
import { isHtml } from './seen.ts';
import type { Untold } from './verdict.ts';

/** Statuses of passing trouble: retried, and inconclusive if they last (design.md, "Judging"). */
export const TRANSIENT: readonly number[] = [429, 502, 503, 504, 524, 529];

/** What a gateway says of models that it does not serve is an answer, whatever its status (new-api). */
const ANSWER_CODES: readonly string[] = [
  'model_not_found',
  'get_channel_failed',
  'convert_request_failed',
  'model_price_error',
];

const CREDIT_CODES: readonly string[] = [
  'insufficient_user_quota',
  'pre_consume_token_quota_failed',
  'insufficient_quota',
];

/** Reasons for which a model or a filter withholds an image: its behaviour, not a broken contract (Gemini API, OpenAI, new-api). */
const BLOCKED: readonly string[] = [
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'NO_IMAGE',
];
const BLOCKED_CODES: readonly string[] = [
  'content_policy_violation',
  'moderation_blocked',
  'content_filter',
  'prompt_blocked',
  'sensitive_words_detected',
];

/** Types of errors that Anthropic sends in the middle of a stream, by their status. */
const STATUS_OF: Readonly<Partial<Record<string, number>>> = {
  rate_limit_error: 429,
  overloaded_error: 529,
};

/** Statuses that say nothing of what was asked, by the cause that they are. */
export const CAUSE_OF: Readonly<Partial<Record<number, Cause>>> = {
  401: 'unauthorized',
  402: 'unpaid',
  403: 'forbidden',
  408: 'unavailable',
  429: 'throttled',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  524: 'unavailable',
  529: 'throttled',
};

/** Whether an error answer is decided by its code, so that its status is neither retried nor inconclusive. */
export function isAnswer(value: Json | undefined): boolean {
  const code = value === undefined ? undefined : gatewayError(value)?.code;
  return code !== undefined && ANSWER_CODES.includes(code);
}

/** Why an answer is inconclusive for every claim that does not name that very status or reason, if it is. */
export function undecided(seen: Seen, expectations: readonly Expectation[]): Untold | undefined {
  for (const { special, untold } of specials(seen)) {
    const isNamed = expectations.some(({ kind, value }) => kinds[kind]?.names?.(value, special));
    if (!isNamed) return untold;
  }
  return undefined;
}

function* specials(seen: Seen): Generator<{ special: Special; untold: Untold }> {
  const { answer } = seen;
  const parsed = seen.json();
  const value = parsed.kind === 'json' ? parsed.value : undefined;
  const error = value === undefined ? undefined : gatewayError(value);
  const cause = CAUSE_OF[answer.status];
  if (cause !== undefined && !isAnswer(value)) {
    const code = error?.code ?? '';
    yield {
      special: { kind: 'status', status: answer.status },
      untold: {
        cause: CREDIT_CODES.includes(code) ? 'unpaid' : cause,
        detail: said(answer.status, error),
      },
    };
  }
  if (value === undefined && isHtml(answer)) {
    yield {
      special: { kind: 'html' },
      untold: { cause: 'html', detail: `${answer.status} with an HTML page` },
    };
  }
  for (const { status, error: passing } of passingErrors(seen)) {
    const untold = { cause: CAUSE_OF[status] ?? 'unavailable', detail: said(status, passing) };
    yield { special: { kind: 'status', status }, untold };
  }
  const reason = seen
    .values()
    .map(blockedReason)
    .find((one) => one !== undefined);
  if (reason !== undefined && seen.images().length === 0) {
    yield { special: { kind: 'reason', reason }, untold: { cause: 'blocked', detail: reason } };
  }
}

function said(status: number, error: GatewayError | undefined): string {
  return error === undefined || error.message === ''
    ? String(status)
    : `${status} ${error.message}`;
}

/** A stream has sent its 200 before anything can go wrong, so it tells in an event what a status would have told. */
function passingErrors(seen: Seen): readonly { status: number; error: GatewayError }[] {
  return (seen.events()?.events ?? []).flatMap((event) => {
    const error = errorOf(event);
    const status = Number(STATUS_OF[error?.type ?? ''] ?? error?.code);
    return error !== undefined && status in CAUSE_OF ? [{ status, error }] : [];
  });
}

function blockedReason(value: Json): string | undefined {
  const error = gatewayError(value);
  if (error?.code !== undefined && BLOCKED_CODES.includes(error.code)) return error.code;
  if (!isMapping(value)) return undefined;
  const feedback = value['promptFeedback'];
  if (isMapping(feedback) && typeof feedback['blockReason'] === 'string')
    return feedback['blockReason'];
  const candidates = Array.isArray(value['candidates'])
    ? (value['candidates'] as readonly Json[])
    : [];
  for (const candidate of candidates) {
    const reason = isMapping(candidate) ? candidate['finishReason'] : undefined;
    if (typeof reason === 'string' && BLOCKED.includes(reason)) return reason;
  }
  const choices = Array.isArray(value['choices']) ? (value['choices'] as readonly Json[]) : [];
  const isFiltered = choices.some(
    (choice) => isMapping(choice) && choice['finish_reason'] === 'content_filter',
  );
  return isFiltered ? 'content_filter' : undefined;
}
