import type { Json } from '../../domain/claim.ts';
import type { Read } from '../../engine/ports.ts';
import { isWhole, member, type Reader, unread } from './read.ts';
import { listIn } from './rows.ts';

/** More keys than this on one account, and the target has to say which one is meant. */
const MOST_PAGES = 20;

/**
 * The id of the token whose key this is, from the list of an account's tokens. Their keys are masked since 2026-03-08, and
 * were whole before; the key itself is never sent.
 */
export async function findToken(
  read: Reader,
  headers: Readonly<Record<string, string>>,
  key: string,
  signal: AbortSignal,
): Promise<Read<number>> {
  const seen = new Set<number>();
  const found = new Set<number>();
  for (let page = 0; page <= MOST_PAGES; page++) {
    // Older builds count pages from 0 and call the size `size`; newer ones from 1, and take 0 for 1.
    const answer = await read(`${PLACE}?p=${page}&page_size=100&size=100`, headers, signal);
    if (answer.kind === 'unread') return answer;
    const list = listIn(answer.value);
    if (list === undefined) return unread('malformed', `${PLACE} answers without a list of keys`);
    const known = seen.size;
    for (const token of list) {
      const id = member(token, 'id');
      if (!isWhole(id) || id <= 0) return unread('malformed', `${PLACE} has a key without an id`);
      seen.add(id);
      if (isKey(key, member(token, 'key'))) found.add(id);
    }
    // Where pages count from 1, the second answer is the first once more; any later one that tells nothing new is the end.
    const isLast = page > 1 && seen.size === known;
    if (list.length === 0 || isLast || isAll(answer.value, seen.size)) return only(found);
  }
  return unread('unmeasured', `the account has too many keys to look for this one: ${ADVICE}`);
}

const PLACE = '/api/token/';
const ADVICE = 'write its id as "token" under "usage"';

function only(found: ReadonlySet<number>): Read<number> {
  const [id, ...more] = found;
  if (id === undefined) {
    return unread('unmeasured', `none of the account's keys is this one: ${ADVICE}`);
  }
  return more.length === 0
    ? { kind: 'read', value: id }
    : unread('unmeasured', `several of the account's keys look like this one: ${ADVICE}`);
}

/** A page may say how many keys there are in all. */
function isAll(answer: Json, seen: number): boolean {
  const total = member(member(answer, 'data'), 'total');
  return isWhole(total) && seen >= total;
}

/** Whether a key is listed as this, whole or masked (`abcd**********wxyz`), with or without `sk-`; a channel pin is no part of it. */
function isKey(key: string, listed: Json | undefined): boolean {
  if (typeof listed !== 'string') return false;
  const shown = listed.replace(/^sk-/, '');
  return wholes(key).some((whole) => looksLike(whole, shown));
}

/** Whether a token that is listed with this key cannot be that of the key; no other form than new-api's says anything. */
export function isAnothers(key: string, listed: Json | undefined): boolean {
  const shown = typeof listed === 'string' ? NEW_API_KEY.exec(listed) : null;
  if (shown === null) return false;
  const [, all, head = all ?? '', tail = ''] = shown;
  return !wholes(key).some((whole) => whole.startsWith(head) && whole.endsWith(tail));
}

/** A key of new-api as it lists it: whole, of 48 characters, or masked. */
const NEW_API_KEY = /^(?:sk-)?(?:([A-Za-z0-9]{48})|([A-Za-z0-9]+)\*+([A-Za-z0-9]+))$/;

/** A key without its `sk-`, with and without what may be a channel. */
function wholes(key: string): readonly string[] {
  const bare = key.replace(/^sk-/, '');
  return [bare, bare.replace(/-.*/s, '')];
}

function looksLike(whole: string, shown: string): boolean {
  const mask = /^([^*]*)\*+([^*]*)$/.exec(shown);
  if (mask === null) return whole !== '' && whole === shown;
  const [, head = '', tail = ''] = mask;
  return (
    head.length + tail.length >= LEAST_SHOWN &&
    head.length + tail.length <= whole.length &&
    whole.startsWith(head) &&
    whole.endsWith(tail)
  );
}

/** A mask that shows less than this could be any key's (new-api masks a short key as `ab****yz`). */
const LEAST_SHOWN = 4;
