import type { CounterRead, Read, UsageSource } from '../../engine/ports.ts';
import { isQuota, member, once, type Reader, unread } from './read.ts';
import { NEWEST, rowsOf, type Token } from './rows.ts';
import { findToken, isAnothers } from './tokens.ts';

/** Whose account is read, and which of its keys. */
interface Account {
  readonly accessToken: string;
  /** What `New-Api-User` carries; one-api does not ask for it. */
  readonly user?: number;
  /** The id of the key's token, where the target names it. */
  readonly token?: number;
  /** Without a channel pin. */
  readonly key: string;
}

/** The management API of a user's account: the database's own numbers, and the log of one key. */
export function management(ask: Reader, account: Account): Pick<UsageSource, 'counter' | 'rows'> {
  const { accessToken, user, token: given, key } = account;
  const read = withHint(ask, account);
  const headers = {
    authorization: `Bearer ${accessToken}`,
    ...(user !== undefined && { 'new-api-user': String(user) }),
  };
  const tokenId = once<number>((signal) =>
    given === undefined
      ? findToken(read, headers, key, signal)
      : Promise.resolve({ kind: 'read', value: given }),
  );
  let known: Token | undefined;

  const tokenNow = async (signal: AbortSignal): Promise<Read<Token & CounterRead>> => {
    const id = await tokenId(signal);
    if (id.kind === 'unread') return id;
    const place = `/api/token/${id.value}`;
    const answer = await read(place, headers, signal);
    if (answer.kind === 'unread') return answer;
    const data = member(answer.value, 'data');
    // The counter of another key stands still whatever is charged.
    if (isAnothers(key, member(data, 'key'))) {
      return unread('unmeasured', `${place} is another key than the target's`);
    }
    const [spent, name] = [member(data, 'used_quota'), member(data, 'name')];
    const isUnlimited = member(data, 'unlimited_quota');
    if (!isQuota(spent)) return unread('malformed', `${place} says no whole number as used_quota`);
    if (typeof name !== 'string') return unread('malformed', `${place} does not name the key`);
    known = { id: id.value, name };
    const value = { ...known, spent, ...(typeof isUnlimited === 'boolean' && { isUnlimited }) };
    return { kind: 'read', value };
  };

  return {
    async counter(signal) {
      const now = await tokenNow(signal);
      if (now.kind === 'unread') return now;
      const { spent, isUnlimited } = now.value;
      return { kind: 'read', value: { spent, ...(isUnlimited !== undefined && { isUnlimited }) } };
    },

    async rows(signal) {
      const mine =
        known === undefined ? await tokenNow(signal) : ({ kind: 'read', value: known } as const);
      if (mine.kind === 'unread') return mine;
      // Page 0 is the first of every build; not all of them sort out what is of another key.
      const name = encodeURIComponent(mine.value.name);
      const query = `p=0&page_size=${NEWEST}&size=${NEWEST}&token_name=${name}`;
      const answer = await read(`${LOG}?${query}`, headers, signal);
      return answer.kind === 'unread' ? answer : rowsOf(answer.value, LOG, mine.value);
    },
  };
}

const LOG = '/api/log/self';

/** The same reader, which says of a refusal what there is to be set right. */
function withHint(ask: Reader, { user, token }: Account): Reader {
  const named = [
    ...(user === undefined ? [] : [`user ${user}`]),
    ...(token === undefined ? [] : [`token ${token}`]),
  ];
  const hint = [...named, 'the access token'].join(', ').replace(/,(?=[^,]*$)/, ' and');
  return async (...asked) => {
    const answer = await ask(...asked);
    if (answer.kind === 'read') return answer;
    const { cause, detail } = answer;
    return cause === 'unauthorized' || cause === 'forbidden'
      ? unread(cause, `${detail}: check ${hint}`)
      : answer;
  };
}
