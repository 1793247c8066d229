import type { Json } from '../../domain/claim.ts';
import type { CounterRead, Read, UsageSource } from '../../engine/ports.ts';
import { member, once, type Reader, type Unread, unread } from './read.ts';
import type { Status } from './status.ts';

/** The dashboard that OpenAI once had: a key's own counter, as an amount of money, and no log. */
export function dashboard(
  read: Reader,
  key: string,
  status: (signal: AbortSignal) => Promise<Read<Status>>,
): Pick<UsageSource, 'counter' | 'rows'> {
  const headers = { authorization: `Bearer ${key}` };
  let prefix: string | undefined;

  /** Builds serve it with and without `/v1`; what answered once is asked from then on. */
  const billing = async (name: string, signal: AbortSignal): Promise<Read<Json>> => {
    if (prefix !== undefined) return read(`${prefix}${name}`, headers, signal);
    const first = await read(`${PREFIXES[0]}${name}`, headers, signal);
    const isMissing = first.kind === 'unread' && first.cause === 'unmeasured';
    const answer = isMissing ? await read(`${PREFIXES[1]}${name}`, headers, signal) : first;
    if (answer.kind === 'read') prefix = isMissing ? PREFIXES[1] : PREFIXES[0];
    return answer;
  };
  const limit = once((signal) => billing('/subscription', signal));

  return {
    async counter(signal) {
      const shown = await status(signal);
      if (shown.kind === 'unread') return shown;
      const answer = await billing('/usage', signal);
      if (answer.kind === 'unread') return answer;
      const spent = quotaOf(member(answer.value, 'total_usage'), shown.value);
      if (typeof spent !== 'number') return spent;
      const subscription = await limit(signal);
      const isUnlimited =
        subscription.kind === 'read' && isNoLimit(subscription.value, shown.value);
      return {
        kind: 'read',
        value: { spent, ...(isUnlimited && { isUnlimited }) } satisfies CounterRead,
      };
    },
    rows: () => Promise.resolve(unread('unmeasured', 'the dashboard shows no log')),
  };
}

const PREFIXES = ['/v1/dashboard/billing', '/dashboard/billing'] as const;

/** What the gateway shows as the limit of a key that has none. */
const NO_LIMIT = 100_000_000;

/** Where amounts are units of quota, a limit of that many may be a real one. */
function isNoLimit(subscription: Json, { display }: Status): boolean {
  return display !== 'TOKENS' && member(subscription, 'hard_limit_usd') === NO_LIMIT;
}

/** A hundred times the amount as it is displayed (new-api, controller/billing.go), back into units of quota; or why not. */
function quotaOf(total: Json | undefined, status: Status): number | Unread {
  const perUnit = quotaPerShown(status);
  if (perUnit === undefined) {
    return unread('malformed', '/api/status does not say in which currency, at which rate');
  }
  const exact = typeof total === 'number' && total >= 0 ? (total / 100) * perUnit : NaN;
  const spent = Math.round(exact);
  if (!Number.isSafeInteger(spent)) {
    return unread('malformed', 'the dashboard says no number as total_usage');
  }
  // An amount between two units was rounded, or is in another unit: what it stands for is not known.
  return Math.abs(exact - spent) <= 0.01 + spent * 1e-12
    ? spent
    : unread('unmeasured', 'total_usage of the dashboard is no whole number of units of quota');
}

/** Units of quota in one of what the dashboard counts. */
function quotaPerShown({ display, quotaPerUsd, cnyPerUsd }: Status): number | undefined {
  if (display === undefined) return undefined;
  if (display === 'TOKENS') return 1;
  if (display !== 'CNY') return quotaPerUsd;
  return cnyPerUsd === undefined ? undefined : quotaPerUsd / cnyPerUsd;
}
