import type { Captured } from '../domain/captured.ts';
import type { Request } from '../domain/claim.ts';
import type { Attempt, Exchange, Sent } from '../domain/exchange.ts';
import type { Target } from '../domain/target.ts';
import { fetchHosted } from './fetched.ts';
import { generateRequest, hasText } from './generate.ts';
import type { Gate } from './limits.ts';
import { outgoing, sent } from './outgoing.ts';
import type { Ports, Outgoing } from './ports.ts';
import type { Purse } from './purse.ts';
import { retryDelay } from './retry.ts';

/** What holds an exchange back or ends it. */
export interface Restraints {
  readonly gate: Gate;
  readonly purse: Purse;
  readonly signal: AbortSignal;
}

/** A request on its way: all of a planned exchange, or one of its steps. */
export interface Errand {
  readonly target: Target;
  readonly request: Request;
  /** Of one sending, in US dollars. */
  readonly usd: number;
  readonly captured?: Captured;
  readonly polling?: PollingRules;
}

/** How a request is repeated that is polled. */
export interface PollingRules {
  /** After how many milliseconds it is sent once more; nothing if the answer is to stand. */
  readonly delay: (attempt: Attempt, startedMs: number) => number | undefined;
  /** What is kept of an answer that another one follows. */
  readonly abridged: (attempt: Attempt) => Attempt;
}

/** What came of a planned exchange: an exchange, redacted and ready to be judged, or why there is none. */
export type Made =
  | {
      readonly kind: 'made';
      readonly exchange: Exchange;
      readonly usd: number;
      readonly fetches: number;
      /** True where the budget ended before a polled answer could stand. */
      readonly isShort: boolean;
    }
  | { readonly kind: 'unpaid' }
  | { readonly kind: 'interrupted' };

/** Sends a request, as often as its retries or polls ask for, and fetches the hosted images of the last answer. */
export async function makeExchange(
  errand: Errand,
  id: string,
  key: string | undefined,
  ports: Ports,
  restraints: Restraints,
): Promise<Made> {
  const { target } = errand;
  const request = generateRequest(errand.request, target, ports.writeImage, errand.captured);
  if (request.kind === 'missing') throw new Error(`planned, but ${request.missing}`);
  const out = outgoing(request.value, target, key);
  const tried = await attempt(out, errand, ports, restraints);
  const last = tried.attempts.at(-1);
  if (last === undefined) return { kind: restraints.signal.aborted ? 'interrupted' : 'unpaid' };
  if (last.outcome.kind === 'unanswered' && last.outcome.cause === 'interrupted') {
    return { kind: 'interrupted' };
  }
  const isOpen = errand.polling !== undefined && tried.isWanting;
  // Polls cost nothing that is worth keeping, and whoever resumes the run polls again.
  if (isOpen && restraints.signal.aborted) return { kind: 'interrupted' };
  const fetched =
    last.outcome.kind === 'answered' ? await fetchHosted(last.outcome, ports, out.timeoutMs) : {};
  const exchange: Exchange = {
    id,
    sent: shown(errand, request.value, out, key, ports),
    attempts: tried.attempts,
    fetched,
  };
  return {
    kind: 'made',
    exchange: ports.redactor.value(exchange),
    usd: tried.usd,
    fetches: Object.keys(fetched).length,
    isShort: isOpen,
  };
}

/** What is kept of what was sent: long texts that were made for it only by their head and length. */
function shown(
  { target, request: written, captured }: Errand,
  filled: Request,
  out: Outgoing,
  key: string | undefined,
  { writeImage, makeHash }: Ports,
): Sent {
  if (!hasText(written)) return sent(filled, target, out, makeHash);
  const abridged = generateRequest(written, target, writeImage, captured, true);
  if (abridged.kind === 'missing') throw new Error(`sent, but ${abridged.missing}`);
  return sent(abridged.value, target, outgoing(abridged.value, target, key), makeHash);
}

/** All attempts of one request; none where the budget or the end of the run came first. */
async function attempt(
  out: Outgoing,
  { usd, polling }: Errand,
  { transport, clock }: Ports,
  { gate, purse, signal }: Restraints,
): Promise<{
  readonly attempts: readonly Attempt[];
  readonly usd: number;
  /** Whether budget or run ended before it could be sent once more. */
  readonly isWanting: boolean;
}> {
  const attempts: Attempt[] = [];
  const startedMs = clock.monotonic();
  let paid = 0;
  for (;;) {
    await gate(signal);
    if (signal.aborted || !purse.pay(usd)) return { attempts, usd: paid, isWanting: true };
    const at = new Date(clock.wall()).toISOString();
    const sending = await transport.send(out, signal);
    const made: Attempt = { at, ...sending };
    const before = attempts.pop();
    if (before !== undefined) attempts.push(polling?.abridged(before) ?? before);
    attempts.push(made);
    if (neverArrived(made)) purse.refund(usd);
    else paid += usd;
    const delayMs =
      polling === undefined
        ? retryDelay(made.outcome, attempts.length, clock.wall())
        : polling.delay(made, startedMs);
    if (delayMs === undefined) return { attempts, usd: paid, isWanting: false };
    await clock.sleep(delayMs, signal);
  }
}

/** Without a connection nothing was sent, and nothing can have been charged. */
export function neverArrived({ outcome }: Attempt): boolean {
  return (
    outcome.kind === 'unanswered' &&
    (outcome.cause === 'unreachable' || outcome.cause === 'guarded')
  );
}
