import { parseJson } from './body.ts';
import type { Answered, Outcome } from './exchange.ts';
import { isMapping } from './gatewayError.ts';

/** Who can be told: each takes another form of message, and says in another way that it has taken it. */
export type ReceiverName = 'slack' | 'feishu' | 'json';

/**
 * What came of sending a message: it was taken; it surely was not, so that it is sent again; *later*, which is the same but worth
 * another try now; or nobody knows, so that it is not sent again of itself.
 */
export type Delivery =
  | { readonly kind: 'told' }
  | { readonly kind: 'refused' | 'unsent' | 'later' | 'doubtful'; readonly detail: string };

/** The statuses by which a receiver says that it did not begin with a request (RFC 6585, 4; RFC 9110, 15.6.4). */
const NOT_BEGUN: readonly number[] = [429, 503];

/** What an outcome says of the message that was sent. A fault behind a receiver's door (500, 502, 504) may come after it was posted. */
export function deliveryOf(receiver: ReceiverName, outcome: Outcome): Delivery {
  if (outcome.kind === 'unanswered') {
    const { cause, detail } = outcome;
    // Nothing was written where no connection stood; in every other case the request may have been taken.
    const isUnsent = cause === 'unreachable' || cause === 'guarded';
    return { kind: isUnsent ? 'unsent' : 'doubtful', detail };
  }
  const { status } = outcome;
  const detail = `answered ${status}: ${excerpt(outcome)}`;
  if (NOT_BEGUN.includes(status)) return { kind: 'later', detail };
  // Of all redirects 303 alone says that the request was taken (RFC 9110, 15.4.4).
  if (status >= 500 || status < 200 || status === 303) return { kind: 'doubtful', detail };
  if (status >= 400) return { kind: 'refused', detail };
  if (status >= 300) return { kind: 'refused', detail: `${detail}; redirects are not followed` };
  return TAKEN[receiver](outcome, detail);
}

/** What a 2xx says, by receiver. */
const TAKEN: Readonly<Record<ReceiverName, (answer: Answered, detail: string) => Delivery>> = {
  json: () => ({ kind: 'told' }),
  slack(answer, detail) {
    if (answer.body.text.trim() === 'ok') return { kind: 'told' };
    const { ok } = membersOf(answer);
    if (ok === true) return { kind: 'told' };
    return { kind: ok === false ? 'refused' : 'doubtful', detail };
  },
  /** It answers 200 whatever it thinks, and says so in `code`, in older builds `StatusCode`. */
  feishu(answer, detail) {
    const members = membersOf(answer);
    const code = members['code'] ?? members['StatusCode'];
    if (code === 0) return { kind: 'told' };
    if (typeof code !== 'number') return { kind: 'doubtful', detail };
    return { kind: isThrottled(code, members['msg']) ? 'later' : 'refused', detail };
  },
};

/** 11232 is its limit of messages, 9499 all that is wrong with a request, that they are too many among it. */
function isThrottled(code: number, message: unknown): boolean {
  if (code === 11_232) return true;
  return code === 9499 && typeof message === 'string' && /too many/i.test(message);
}

function membersOf({ body }: Answered): Readonly<Record<string, unknown>> {
  const parsed = parseJson(body.text);
  return parsed.kind === 'json' && isMapping(parsed.value) ? parsed.value : {};
}

const SHOWN = 200;

function excerpt({ body }: Answered): string {
  const text = body.text.trim();
  if (text === '') return 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text;
}
