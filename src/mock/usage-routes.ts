import type { Books, Reading } from './books.ts';
import { callerOf, keyOf, refusedCaller } from './caller.ts';
import type { Answer } from './delivery.ts';
import type { Refusal } from './errors.ts';
import { managementAnswer } from './management-routes.ts';
import { priceList, statusOf } from './public-routes.ts';
import type { Token } from './purse.ts';
import { rowsAsShown } from './usage-rows.ts';

/** Endpoints with the strict limit, which they share. */
const TOKEN_USAGE = '/api/usage/token/';
const TOKEN_LOG = '/api/log/token';
const MOST_TOKEN_ROWS = 1000;
const DASHBOARD = /^(?:\/v1)?\/dashboard\/billing\/(usage|subscription)$/;
/** What one US dollar is worth where amounts are shown in yuan. */
const YUAN = 7.3;
/** What new-api calls the limit of a key that has none, in US dollars. */
const NO_LIMIT = 100_000_000;

/** What a usage endpoint answers to a GET; nothing where the path is none, or where this build lacks it. */
export function usageAnswer(reading: Reading, books: Books): Answer | Refusal | undefined {
  const { url, ask, address } = reading;
  const { pathname } = url;
  const isCritical = pathname === TOKEN_USAGE || pathname === TOKEN_LOG;
  const source = isCritical ? 'token' : DASHBOARD.test(pathname) ? 'dashboard' : 'management';
  if (source === 'management' && !pathname.startsWith('/api/')) return undefined;
  const isWithin = isCritical
    ? books.limits.critical(address, Number(ask('limit.critical')))
    : books.limits.api(address, Number(ask('limit.api')));
  if (!isWithin) return THROTTLED;
  if (pathname === '/api/status') return statusOf(ask);
  if (pathname === '/api/pricing') return priceList(ask, reading.models);

  const state = ask('usage', source);
  if (state === 'absent') return undefined;
  if (state === 'throttled') return THROTTLED;
  const isRefused = state === 'refused';
  if (pathname === TOKEN_USAGE) return tokenUsage(reading, books, isRefused);
  if (pathname === TOKEN_LOG) return tokenLog(reading, books, isRefused);
  if (source === 'dashboard') return dashboard(reading, books, isRefused);
  return redirected(pathname) ?? managementAnswer(reading, books, isRefused);
}

/** The limiter says nothing at all, not even when to come back. */
const THROTTLED: Answer = { status: 429, body: '' };

/** gin sends a path that only lacks its last slash, or has one too many, to where it belongs. */
function redirected(pathname: string): Answer | undefined {
  const proper = [TOKEN_USAGE, TOKEN_LOG, '/api/token/'].find(
    (path) => path.replace(/\/$/, '') === pathname.replace(/\/$/, '') && path !== pathname,
  );
  if (proper === undefined) return undefined;
  const body = `<a href="${proper}">Moved Permanently</a>.\n\n`;
  return { status: 301, headers: { location: proper }, body };
}

function refusedWith(status: number, message: string): Answer {
  return { status, body: { success: false, message } };
}

/** The token of a key that this gateway accepts. */
function ownToken(
  { url, headers, ask }: Reading,
  { purse, keys }: Books,
  given?: string,
): Token | Refusal {
  const caller = callerOf(url, headers, ask, keys);
  const named = given === undefined ? caller : { ...caller, key: given };
  return refusedCaller(named, ask, keys) ?? purse.tokenOf(keyOf(named));
}

/** `GET /api/usage/token/`: `code` where every other endpoint has `success`; a cache may stand before the counter. */
function tokenUsage(reading: Reading, books: Books, isRefused: boolean): Answer {
  if (!/^bearer \S+$/i.test(reading.headers.authorization ?? '')) {
    return refusedWith(401, 'No Authorization header');
  }
  const token = ownToken(reading, books);
  if ('refused' in token || isRefused) return refusedWith(200, 'Failed to get token info');
  const isStale = reading.ask('redis') === 'stale';
  const used = isStale ? books.purse.cachedUse(token, false) : token.used;
  const remain = isStale ? token.available : token.remain;
  const data = {
    object: 'token_usage',
    name: token.name,
    total_granted: remain + used,
    total_used: used,
    total_available: remain,
    unlimited_quota: token.isUnlimited,
    model_limits: {},
    model_limits_enabled: false,
    expires_at: 0,
  };
  return { status: 200, body: { code: true, message: 'ok', data } };
}

/** `GET /api/log/token`: the newest rows of one token, of all types; older builds took the key from the query, and found nothing for one that is unknown. */
function tokenLog(reading: Reading, books: Books, isRefused: boolean): Answer {
  const { ask, url } = reading;
  const isOlder = ask('log.key') === 'query';
  if (isRefused) return refusedWith(isOlder ? 200 : 401, 'Invalid token');
  const token = ownToken(reading, books, isOlder ? (url.searchParams.get('key') ?? '') : undefined);
  if ('refused' in token && !isOlder) return refusedWith(401, 'Invalid token');
  const rows = books.purse.rows().filter((row) => row.token === token);
  const data = rowsAsShown(rows.slice(0, MOST_TOKEN_ROWS), 0, ask);
  return { status: 200, body: { success: true, message: '', data } };
}

/** `GET /v1/dashboard/billing/*`: reads the database, and sets the cache anew. Amounts are in cents, or dollars, as displayed. */
function dashboard(reading: Reading, books: Books, isRefused: boolean): Answer | Refusal {
  const token = ownToken(reading, books);
  if ('refused' in token) return token;
  const { ask, url } = reading;
  if (isRefused || isExhausted(token)) return { refused: 'key', about: [] };
  books.purse.cachedUse(token, true);
  const display = ask('quota.display');
  const dollars = (quota: number): number =>
    display === 'TOKENS'
      ? quota
      : (quota / Number(ask('quota.unit'))) * (display === 'CNY' ? YUAN : 1);
  if (url.pathname.endsWith('/usage')) {
    return { status: 200, body: { object: 'list', total_usage: dollars(token.used) * 100 } };
  }
  const limit = token.isUnlimited ? NO_LIMIT : dollars(token.remain + token.used);
  const body = {
    object: 'billing_subscription',
    has_payment_method: true,
    soft_limit_usd: limit,
    hard_limit_usd: limit,
    system_hard_limit_usd: limit,
    access_until: 0,
  };
  return { status: 200, body };
}

/** Whether a key has spent all that it had: it is turned away like one that is unknown. */
export function isExhausted(token: Token): boolean {
  return !token.isUnlimited && token.available <= 0;
}
