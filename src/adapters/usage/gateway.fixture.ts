import type { Json } from '../../domain/claim.ts';
import type { UsageSourceName } from '../../domain/usage.ts';
import type { UsageSource } from '../../engine/ports.ts';
import { serve, transport } from '../loopback.fixture.ts';
import { makeUsageSource, type Reach } from './sources.ts';

/** The key of the tests, as new-api makes them. */
export const KEY = 'sk-Abcd0123456789012345678901234567890123456789wxyz';
/** The access token of the tests. */
export const ACCESS = 'access-token-of-user-7';
/** How new-api lists the key. */
export const MASKED = 'Abcd**********wxyz';

/** What a gateway answers; status 200 unless it says otherwise. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: Json;
}

/** A question as it reached the gateway. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Answers by path; a text is sent as it stands, and what is lacking is answered with the start page. */
export type Replies = Readonly<Record<string, Reply | ((asked: Asked) => Reply)>>;

/** A gateway on this machine, and all that it was asked; its answers may be changed while it runs. */
export async function gateway(replies: Replies) {
  const seen: Asked[] = [];
  const now = { replies };
  const url = await serve((request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://gateway');
    const asked = { path, query, headers: request.headers };
    seen.push(asked);
    const known = now.replies[path] ?? { type: 'text/html', body: '<!doctype html><p>start' };
    const { status = 200, type, body } = typeof known === 'function' ? known(asked) : known;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': type ?? 'application/json; charset=utf-8' };
    response.writeHead(status, headers).end(text);
  });
  return { url, seen, now };
}

/** A usage source that asks a gateway of the tests. */
export function sourceAt(
  baseUrl: string,
  name: UsageSourceName,
  over: Partial<Reach> = {},
): UsageSource {
  const { send } = transport();
  const own = { key: KEY, accessToken: ACCESS, user: 7, timeoutMs: 5_000 };
  return makeUsageSource(name, { baseUrl, ...own, ask: send, askPublic: send, ...over });
}

/** A row of new-api's log. */
export function logRow(over: Readonly<Record<string, Json>> = {}): Json {
  return {
    id: 1,
    created_at: 1_772_308_747,
    type: 2,
    token_name: 'docs',
    token_id: 409,
    model_name: 'nano-banana',
    quota: 3188,
    use_time: 16,
    request_id: '20260228195907123456789abcdefgh',
    other:
      '{"group_ratio":1,"is_model_mapped":true,"upstream_model_name":"gemini-2.5-flash-image"}',
    ...over,
  };
}

/** What most endpoints wrap their data in. */
export const ok = (data: Json): Reply => ({ body: { success: true, message: '', data } });

/** The honest answers of a newer build about one limited key. */
export function honest(rows: readonly Json[] = [logRow()]): Readonly<Record<string, Reply>> {
  const key = { id: 409, key: MASKED, name: 'docs', used_quota: 12_345, unlimited_quota: false };
  return {
    '/api/status': ok({
      quota_per_unit: 500_000,
      quota_display_type: 'USD',
      usd_exchange_rate: 7.3,
      enable_batch_update: false,
    }),
    '/api/pricing': ok([
      { model_name: 'nano-banana', quota_type: 1, model_price: 0.039 },
      { model_name: 'gpt-5.5', quota_type: 0, model_ratio: 0.625, model_price: 0 },
    ]),
    '/api/token/': ok({ page: 1, page_size: 100, total: 1, items: [key] }),
    '/api/token/409': ok(key),
    '/api/log/self': ok({ page: 1, page_size: 100, total: rows.length, items: [...rows] }),
    '/api/log/token': ok([...rows]),
    '/api/usage/token/': {
      body: {
        code: true,
        message: 'ok',
        data: { total_used: 12_345, total_available: 987_655, unlimited_quota: false },
      },
    },
    '/v1/dashboard/billing/usage': { body: { object: 'list', total_usage: 2.469 } },
    '/v1/dashboard/billing/subscription': {
      body: { object: 'billing_subscription', hard_limit_usd: 2 },
    },
  };
}
