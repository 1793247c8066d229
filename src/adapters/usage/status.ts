import type { Json } from '../../domain/claim.ts';
import { isMapping } from '../../domain/gatewayError.ts';
import type { Counting, Read } from '../../engine/ports.ts';
import { member, type Reader, unread } from './read.ts';

/** What `/api/status` says of a gateway's numbers. */
export interface Status extends Counting {
  /** What the dashboard's amounts are: `USD`, `CNY`, `TOKENS`, or an operator's own, which it shows in USD; absent where that cannot be told. */
  readonly display?: string;
  /** Absent where it is not said; amounts in CNY cannot be read then. */
  readonly cnyPerUsd?: number;
}

/** new-api's and one-api's own value, which an administrator may change. */
const QUOTA_PER_USD = 500_000;

/** Reads `/api/status`, which asks for no credential. */
export async function readStatus(read: Reader, signal: AbortSignal): Promise<Read<Status>> {
  const answer = await read(PLACE, {}, signal);
  if (answer.kind === 'unread') return answer;
  const data = member(answer.value, 'data');
  if (!isMapping(data)) return unread('malformed', `${PLACE} answers without data`);
  // Only what is absent has a default: what is there and is no number may mean any.
  const { quota_per_unit: unit = QUOTA_PER_USD, enable_batch_update: isBatching = false } = data;
  if (!isRate(unit)) return unread('malformed', `${PLACE} says no number as quota_per_unit`);
  if (typeof isBatching !== 'boolean') {
    return unread('malformed', `${PLACE} says neither true nor false as enable_batch_update`);
  }
  const display = displayOf(data);
  const cnyPerUsd = member(data, 'usd_exchange_rate');
  return {
    kind: 'read',
    value: {
      quotaPerUsd: unit,
      isBatching,
      ...(display !== undefined && { display }),
      ...(isRate(cnyPerUsd) && { cnyPerUsd }),
    },
  };
}

const PLACE = '/api/status';

/** Older builds only say whether they show a currency at all. */
function displayOf(data: Json): string | undefined {
  const type = member(data, 'quota_display_type');
  if (type !== undefined) return typeof type === 'string' ? type.toUpperCase() : undefined;
  const isCurrency = member(data, 'display_in_currency');
  if (isCurrency === undefined || isCurrency === true) return 'USD';
  return isCurrency === false ? 'TOKENS' : undefined;
}

/** Positive, and so far from the ends of what a number can be that amounts in it stay exact. */
function isRate(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 1e-6 && value <= 1e9;
}
