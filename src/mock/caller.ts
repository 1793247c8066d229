import type { IncomingHttpHeaders } from 'node:http';
import { refuse, type Refusal } from './errors.ts';
import type { Ask } from './faults.ts';

/** Who calls, by what the request carries. */
export interface Caller {
  /** As it was sent, pin included; empty if none was. */
  readonly key: string;
  readonly english: boolean;
  /** The channel that the key is pinned to. */
  readonly channel?: string;
}

/** Reads the key where new-api looks for it: on native paths the header over the query over Authorization. */
export function callerOf(
  url: URL,
  headers: IncomingHttpHeaders,
  ask: Ask,
  keys: readonly string[] | undefined,
): Caller {
  const native = url.pathname.startsWith('/v1beta/');
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  const google = headers['x-goog-api-key'];
  const ways = [
    native && ask('auth', 'google-key') === 'accepted' ? google : undefined,
    native && ask('auth', 'query-key') === 'accepted' ? url.searchParams.get('key') : undefined,
    ask('auth', 'bearer') === 'accepted' ? bearer : undefined,
  ];
  const key = String(ways.find((way) => typeof way === 'string' && way !== '') ?? '');
  const channel = keys?.includes(key) === true ? undefined : /^sk-.+-(\d+)$/.exec(key)?.[1];
  return {
    key,
    english: /\ben\b/i.test(headers['accept-language'] ?? ''),
    ...(channel !== undefined && { channel }),
  };
}

/** The key of a caller, without the channel that it is pinned to. */
export function keyOf({ key, channel }: Caller): string {
  return channel === undefined ? key : key.slice(0, -channel.length - 1);
}

/** Why this caller may not come in, if so; without a list, any key that begins with `sk-` is good. */
export function refusedCaller(
  caller: Caller,
  ask: Ask,
  keys: readonly string[] | undefined,
): Refusal | undefined {
  const { key, channel } = caller;
  if (key === '') return refuse('no-key');
  const known =
    keys === undefined ? /^sk-./.test(key) : keys.includes(key) || keys.includes(keyOf(caller));
  if (!known || ask('key') === 'refused') return refuse('key');
  return channel !== undefined && ask('key.pin') === 'refused' ? refuse('pin') : undefined;
}
