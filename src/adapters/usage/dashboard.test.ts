import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../domain/claim.ts';
import { closeAll, never } from '../loopback.fixture.ts';
import { gateway, honest, KEY, ok, type Replies, sourceAt } from './gateway.fixture.ts';

afterEach(closeAll);

const USAGE = '/v1/dashboard/billing/usage';
const SUBSCRIPTION = '/v1/dashboard/billing/subscription';

/** What is read where the gateway shows this total under this status. */
async function counter(
  status: Readonly<Record<string, Json>>,
  total_usage: Json,
  over: Replies = {},
) {
  const { url, seen } = await gateway({
    ...honest(),
    '/api/status': ok(status),
    [USAGE]: { body: { object: 'list', total_usage } },
    ...over,
  });
  const source = sourceAt(url, 'dashboard');
  return { read: await source.counter(never), source, seen };
}

describe('the dashboard', () => {
  it.each([
    ['US dollars', { quota_display_type: 'USD' }, 2.469],
    ['US dollars, where nothing is said', {}, 2.469],
    ['US dollars, under an own name', { quota_display_type: 'CUSTOM' }, 2.469],
    ['yuan', { quota_display_type: 'CNY', usd_exchange_rate: 7.3 }, 2.469 * 7.3],
    ['units of quota', { quota_display_type: 'TOKENS' }, 1_234_500],
    ['units of quota, as older builds say it', { display_in_currency: false }, 1_234_500],
    [
      'units of quota, as newer builds say it',
      { quota_display_type: 'TOKENS', display_in_currency: true },
      1_234_500,
    ],
    ['another unit', { quota_per_unit: 1000 }, 1234.5],
  ])('shows what was used in %s', async (_, status, total) => {
    const { read } = await counter(status, total);
    expect(read).toEqual({ kind: 'read', value: { spent: 12_345 } });
  });

  it.each([
    ['an amount between two units', {}, 0.00031, 'unmeasured'],
    ['yuan without a rate', { quota_display_type: 'CNY' }, 1, 'malformed'],
    ['a currency that is no name', { quota_display_type: 7 }, 1, 'malformed'],
    ['no currency, or one', { display_in_currency: 'no' }, 1, 'malformed'],
    ['a text', {}, '2.469', 'malformed'],
    ['less than nothing', {}, -1, 'malformed'],
    ['more than a number can tell', {}, 1e300, 'malformed'],
    ['nothing', {}, null, 'malformed'],
  ])('is not read where it shows %s', async (_, status, total, cause) => {
    expect((await counter(status, total)).read).toMatchObject({ kind: 'unread', cause });
  });

  it('loses no unit to its fractions', async () => {
    const replies: Record<string, { body: Json }> = { ...honest() };
    const { url } = await gateway(replies);
    const displays = fc.constantFrom('USD', 'CNY', 'TOKENS');
    await fc.assert(
      fc.asyncProperty(
        displays,
        fc.nat(2_000_000_000),
        fc.constantFrom(500_000, 1000, 7, 123_456),
        fc.double({ min: 0.01, max: 200, noNaN: true }),
        async (display, used, unit, rate) => {
          const usd = used / unit;
          const shown = { USD: usd, CNY: usd * rate, TOKENS: used }[display] ?? 0;
          replies['/api/status'] = ok({
            quota_per_unit: unit,
            quota_display_type: display,
            usd_exchange_rate: rate,
          });
          replies[USAGE] = { body: { total_usage: shown * 100 } };
          const read = await sourceAt(url, 'dashboard').counter(never);
          expect(read).toEqual({ kind: 'read', value: { spent: used } });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('bears the key, and is asked without /v1 where a build has it only there', async () => {
    const { [USAGE]: usage = ok(null), [SUBSCRIPTION]: subscription = ok(null) } = honest();
    const { read, source, seen } = await counter({}, 1, {
      [USAGE]: { status: 404, body: {} },
      '/dashboard/billing/usage': usage,
      '/dashboard/billing/subscription': subscription,
    });
    expect(read).toMatchObject({ kind: 'read', value: { spent: 12_345 } });
    await source.counter(never);
    expect(seen.map(({ path }) => path)).toEqual([
      '/api/status',
      USAGE,
      '/dashboard/billing/usage',
      '/dashboard/billing/subscription',
      '/dashboard/billing/usage',
    ]);
    for (const { path, headers } of seen) {
      expect(headers.authorization).toBe(path === '/api/status' ? undefined : `Bearer ${KEY}`);
    }
  });

  it('says of a key that it has no limit, and is asked for that once', async () => {
    const limit = (hard_limit_usd: Json) => ({ [SUBSCRIPTION]: { body: { hard_limit_usd } } });
    const { read, source, seen } = await counter({}, 0, limit(100_000_000));
    expect(read).toEqual({ kind: 'read', value: { spent: 0, isUnlimited: true } });
    await source.counter(never);
    expect(seen.filter(({ path }) => path === SUBSCRIPTION)).toHaveLength(1);
    // In units of quota, 200 US dollars are as many.
    const counted = await counter({ quota_display_type: 'TOKENS' }, 0, limit(100_000_000));
    expect(counted.read).toEqual({ kind: 'read', value: { spent: 0 } });
  });

  it('is read without its limit where that cannot be read', async () => {
    const { read } = await counter({}, 0, { [SUBSCRIPTION]: { status: 500, body: '' } });
    expect(read).toEqual({ kind: 'read', value: { spent: 0 } });
  });

  it('shows no log', async () => {
    const read = await sourceAt('http://127.0.0.1:1', 'dashboard').rows(never);
    expect(read).toMatchObject({ kind: 'unread', cause: 'unmeasured' });
  });

  it('is not read where the unit is not', async () => {
    const { read, seen } = await counter({}, 1, { '/api/status': { status: 429, body: '' } });
    expect(read).toMatchObject({ kind: 'unread', cause: 'throttled' });
    expect(seen).toHaveLength(1);
  });
});
