import type { Request } from '../domain/claim.ts';
import type { Sent } from '../domain/exchange.ts';
import type { Target } from '../domain/target.ts';
import type { MakeHash } from '../image/payload.ts';
import { contentOf, shownBody } from './content.ts';
import type { Outgoing } from './ports.ts';

/** The key as it is shown to the target: with new-api's channel pin, `sk-…-315`, where the target has one. */
export function pinnedKey(key: string, channel: number | undefined): string {
  return channel === undefined ? key : `${key}-${channel}`;
}

/** A filled request as it goes out to a target; throws if the target has no address yet. */
export function outgoing(request: Request, target: Target, key: string | undefined): Outgoing {
  const shown = key === undefined ? undefined : pinnedKey(key, target.channel);
  const content = contentOf(request);
  return {
    method: request.method,
    url: url(request, target, shown),
    headers: headers(request, content?.type, shown),
    ...(content === undefined ? {} : { body: content.body }),
    timeoutMs: request.timeoutMs ?? target.timeoutMs,
    guarded: request.url !== undefined,
  };
}

/**
 * The same request as it may be stored and printed: the key is the name of its variable, the channel is left out,
 * images are reduced. Made from the request anew, so that no key has to be found and taken out.
 */
export function sent(request: Request, target: Target, out: Outgoing, makeHash: MakeHash): Sent {
  const name = target.keyName === undefined ? undefined : `$${target.keyName}`;
  const { body } = out;
  const type = out.headers['content-type'];
  return {
    method: request.method,
    url: request.auth === 'query-key' ? url(request, target, name) : out.url,
    headers: headers(request, type, name),
    ...(body === undefined ? {} : { body: shownBody(request, body, makeHash) }),
  };
}

function url(request: Request, target: Target, key: string | undefined): string {
  const parameters = Object.entries(request.query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (request.url === undefined && request.auth === 'query-key' && key !== undefined) {
    parameters.push(`key=${encodeURIComponent(key).replaceAll('%24', '$')}`);
  }
  const address = request.url ?? `${base(target)}${request.path ?? '/'}`;
  const query = parameters.join('&');
  if (query === '') return normal(address);
  return normal(`${address}${address.includes('?') ? '&' : '?'}${query}`);
}

/** The cases of a matrix have their address in common: so many are put into their normal form only once. */
const MOST_KEPT = 1000;
const hrefs = new Map<string, string>();

function normal(address: string): string {
  const known = hrefs.get(address);
  if (known !== undefined) return known;
  const { href } = new URL(address);
  if (hrefs.size === MOST_KEPT) hrefs.clear();
  hrefs.set(address, href);
  return href;
}

/** Without its last slash, so that a path can follow; a prefix in it stays. */
function base(target: Target): string {
  if (target.baseUrl === undefined) throw new Error(`target ${target.name} has no address`);
  return target.baseUrl.replace(/\/+$/, '');
}

function headers(
  request: Request,
  type: string | undefined,
  key: string | undefined,
): Readonly<Record<string, string>> {
  return {
    'accept-language': 'en',
    ...(type === undefined ? {} : { 'content-type': type }),
    ...request.headers,
    ...(key === undefined || request.url !== undefined ? {} : authorization(request, key)),
  };
}

function authorization(request: Request, key: string): Readonly<Record<string, string>> {
  switch (request.auth) {
    case 'bearer':
      return { authorization: `Bearer ${key}` };
    case 'google-key':
      return { 'x-goog-api-key': key };
    case 'query-key':
    case 'none':
      return {};
    default:
      request.auth satisfies never;
      return {};
  }
}
