import type { Json } from '../../domain/claim.ts';
import type { LogRow } from '../../domain/usage.ts';
import type { CounterRead, Read, UsageSource } from '../../engine/ports.ts';
import { isQuota, isWhole, member, type Reader, type Unread, unread } from './read.ts';
import { rowsOf } from './rows.ts';

/** For how long Redis keeps a key's `used_quota` as it was (new-api: SYNC_FREQUENCY). */
export const CACHE_MS = 60_000;

/** What the key itself may ask of newer builds: its counter, from a cache, and its log. */
export function token(
  read: Reader,
  key: string,
): Pick<UsageSource, 'counter' | 'rows'> & { readonly staleMs: () => number } {
  const headers = { authorization: `Bearer ${key}` };
  /** Used and available together when the counter was first read. */
  let granted: number | undefined;
  let staleMs = CACHE_MS;
  /** In which of two forms the log takes a key; unknown until one has shown a row, or the other was refused. */
  let form: 'header' | 'query' | undefined;

  /** Builds before 2026-02-06 take the key from the query only, and show an empty log to whoever writes it into a header. */
  const rowsBy = async (
    which: 'header' | 'query',
    signal: AbortSignal,
  ): Promise<Read<readonly LogRow[]>> => {
    const answer =
      which === 'header'
        ? await read(LOG, headers, signal)
        : await read(`${LOG}?key=${encodeURIComponent(key)}`, {}, signal);
    const rows = answer.kind === 'unread' ? answer : rowsOf(answer.value, LOG);
    if (rows.kind === 'read' && rows.value.length > 0) form = which;
    return rows;
  };

  return {
    staleMs: () => staleMs,
    async counter(signal) {
      const answer = await read(USAGE, headers, signal);
      if (answer.kind === 'unread') return answer;
      const now = usageIn(answer.value);
      if (now.kind === 'unread') return now;
      const { used, available, isUnlimited } = now.value;
      // What a limited key has left is kept fresh in the cache, while what it used stays as it was.
      const isFresh = isUnlimited === false;
      staleMs = isFresh ? 0 : CACHE_MS;
      granted ??= used + available;
      return {
        kind: 'read',
        value: {
          spent: isFresh ? granted - available : used,
          ...(isUnlimited !== undefined && { isUnlimited }),
        } satisfies CounterRead,
      };
    },
    async rows(signal) {
      if (form !== undefined) return rowsBy(form, signal);
      const byHeader = await rowsBy('header', signal);
      const isOpen = byHeader.kind === 'read' ? byHeader.value.length === 0 : isRefused(byHeader);
      if (!isOpen) return byHeader;
      const byQuery = await rowsBy('query', signal);
      // An empty log in both forms decides nothing; a refusal of one decides for the other.
      if (byQuery.kind === 'read') {
        if (byHeader.kind === 'unread') form = 'query';
        return byQuery;
      }
      if (isRefused(byQuery)) form = 'header';
      return byHeader;
    },
  };
}

function isRefused({ cause }: Unread): boolean {
  return cause === 'unauthorized' || cause === 'forbidden';
}

/** Without its last slash it is a redirect. */
const USAGE = '/api/usage/token/';
const LOG = '/api/log/token';

interface TokenUsage {
  readonly used: number;
  /** Less than nothing once a charge came out higher than what was left. */
  readonly available: number;
  readonly isUnlimited?: boolean;
}

function usageIn(answer: Json): Read<TokenUsage> {
  const data = member(answer, 'data');
  const used = member(data, 'total_used');
  const available = member(data, 'total_available');
  const isUnlimited = member(data, 'unlimited_quota');
  if (!isQuota(used) || !isWhole(available) || !isWhole(used + available)) {
    return unread('malformed', `${USAGE} says no whole number as total_used or total_available`);
  }
  if (isUnlimited !== undefined && typeof isUnlimited !== 'boolean') {
    return unread('malformed', `${USAGE} says neither true nor false as unlimited_quota`);
  }
  return {
    kind: 'read',
    value: { used, available, ...(isUnlimited !== undefined && { isUnlimited }) },
  };
}
