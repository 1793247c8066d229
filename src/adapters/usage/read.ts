import { beginsAsJson, parseJson } from '../../domain/body.ts';
import type { Cause } from '../../domain/cause.ts';
import type { Json } from '../../domain/claim.ts';
import type { Answered } from '../../domain/exchange.ts';
import { isMapping } from '../../domain/gatewayError.ts';
import { CAUSE_OF } from '../../domain/undecided.ts';
import type { Ask, Read } from '../../engine/ports.ts';

/** Gets a path of a gateway as JSON that is no refusal; details name the path without its query, which may hold a key. */
export type Reader = (
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Read<Json>>;

/** A reader that puts its questions to one address. */
export function makeReader(baseUrl: string, timeoutMs: number, ask: Ask): Reader {
  const base = baseUrl.replace(/\/+$/, '');
  return async (path, headers, signal) => {
    const url = `${base}${path}`;
    const place = path.replace(/\?.*/s, '');
    const { outcome } = await ask(
      { method: 'GET', url, headers, timeoutMs, guarded: false },
      signal,
    );
    return outcome.kind === 'answered'
      ? jsonOf(outcome, place)
      : unread(outcome.cause, `${place}: ${outcome.detail}`);
  };
}

/** Why nothing was read. */
export type Unread = Extract<Read<never>, { readonly kind: 'unread' }>;

/** Nothing was read, and why. */
export function unread(cause: Cause, detail: string): Unread {
  return { kind: 'unread', cause, detail };
}

/** A reading that asks until it is told, and from then on tells the same without asking. */
export function once<Value>(
  read: (signal: AbortSignal) => Promise<Read<Value>>,
): (signal: AbortSignal) => Promise<Read<Value>> {
  let told: Read<Value> | undefined;
  return async (signal) => {
    if (told !== undefined) return told;
    const now = await read(signal);
    if (now.kind === 'read') told = now;
    return now;
  };
}

/** A member of what may be anything. */
export function member(value: Json | undefined, name: string): Json | undefined {
  return isMapping(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A whole number that JSON carries without loss. */
export function isWhole(value: Json | undefined): value is number {
  return Number.isSafeInteger(value);
}

/** An amount of quota: whole, and no less than nothing. */
export function isQuota(value: Json | undefined): value is number {
  return isWhole(value) && value >= 0;
}

function jsonOf({ status, headers, body }: Answered, place: string): Read<Json> {
  if (status < 200 || status > 299) {
    // 404 is a build without the endpoint.
    const cause = CAUSE_OF[status] ?? (status >= 500 ? 'unavailable' : 'unmeasured');
    return unread(cause, `${place} answers ${status}`);
  }
  // A gateway of this family answers what it does not know with its start page.
  if (headers['content-type']?.includes('html') === true || /^\s*</.test(body.text)) {
    return unread('unmeasured', `${place} answers with a page: this build does not have it`);
  }
  const parsed = body.cut || !beginsAsJson(body.text) ? undefined : parseJson(body.text);
  if (parsed?.kind !== 'json') return unread('malformed', `${place} answers with what is no JSON`);
  return isRefusal(parsed.value)
    ? unread('forbidden', `${place} answers ${status} with a refusal`)
    : { kind: 'read', value: parsed.value };
}

/** Most failures come with status 200: `success: false`, `code: false` where the endpoint says `code`, or an `error`. */
function isRefusal(value: Json): boolean {
  if (member(value, 'success') === false || member(value, 'code') === false) return true;
  const error = member(value, 'error');
  return error !== undefined && error !== null;
}
