import type { Attempt, Exchange } from '../domain/exchange.ts';
import { fetchHosted } from './fetched.ts';
import { generateRequest } from './generate.ts';
import type { Gate, Purse } from './limits.ts';
import { outgoing, sent } from './outgoing.ts';
import type { Ports, Outgoing } from './ports.ts';
import { retryDelay } from './retry.ts';
import type { PlannedExchange } from './sharing.ts';

/** What holds an exchange back or ends it. */
export interface Restraints {
  readonly gate: Gate;
  readonly purse: Purse;
  readonly signal: AbortSignal;
}

/** What came of a planned exchange: an exchange, redacted and ready to be judged, or why there is none. */
export type Made =
  | {
      readonly kind: 'made';
      readonly exchange: Exchange;
      readonly usd: number;
      readonly fetches: number;
    }
  | { readonly kind: 'unpaid' }
  | { readonly kind: 'interrupted' };

/** Sends a planned exchange, as often as its retries ask for, and fetches the hosted images of the last answer. */
export async function makeExchange(
  planned: PlannedExchange,
  id: string,
  key: string | undefined,
  ports: Ports,
  restraints: Restraints,
): Promise<Made> {
  const { target } = planned;
  const request = generateRequest(planned.request, target, ports.writeImage);
  if (request.kind === 'missing') throw new Error(`planned, but ${request.missing}`);
  const out = outgoing(request.value, target, key);
  const tried = await attempt(out, planned.usd, ports, restraints);
  const last = tried.attempts.at(-1);
  if (last === undefined) return { kind: restraints.signal.aborted ? 'interrupted' : 'unpaid' };
  if (last.outcome.kind === 'unanswered' && last.outcome.cause === 'interrupted') {
    return { kind: 'interrupted' };
  }
  const fetched =
    last.outcome.kind === 'answered'
      ? await fetchHosted(last.outcome, ports.transport, out.timeoutMs)
      : {};
  const exchange: Exchange = {
    id,
    sent: sent(request.value, target, out, ports.sha256),
    attempts: tried.attempts,
    fetched,
  };
  return {
    kind: 'made',
    exchange: ports.redactor.value(exchange),
    usd: tried.usd,
    fetches: Object.keys(fetched).length,
  };
}

/** All attempts of one request; none where the budget or the end of the run came first. */
async function attempt(
  out: Outgoing,
  usd: number,
  { transport, clock }: Ports,
  { gate, purse, signal }: Restraints,
): Promise<{ readonly attempts: readonly Attempt[]; readonly usd: number }> {
  const attempts: Attempt[] = [];
  let paid = 0;
  for (;;) {
    await gate(signal);
    if (signal.aborted || !purse.pay(usd)) break;
    const at = new Date(clock.wall()).toISOString();
    const sending = await transport.send(out, signal);
    attempts.push({ at, ...sending });
    if (neverArrived(sending.outcome)) purse.refund(usd);
    else paid += usd;
    const delayMs = retryDelay(sending.outcome, attempts.length, clock.wall());
    if (delayMs === undefined) break;
    await clock.sleep(delayMs, signal);
  }
  return { attempts, usd: paid };
}

/** Without a connection nothing was sent, and nothing can have been charged. */
function neverArrived(outcome: Attempt['outcome']): boolean {
  return (
    outcome.kind === 'unanswered' &&
    (outcome.cause === 'unreachable' || outcome.cause === 'guarded')
  );
}
