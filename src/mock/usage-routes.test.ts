import { describe, expect, test } from 'vitest';
import { charged, get, type Heard, images, KEY, managed, withMock } from './asking.ts';
import type { Mock } from './server.ts';

const world = '2026-03-30';
const PRICE = 20_000;
const BEARER = { authorization: `Bearer ${KEY}` };

/** Reads with the key, as its holder. */
async function own(mock: Mock, path: string): Promise<Heard> {
  return await get(mock.url + path, BEARER);
}

describe('a key holder', () => {
  test('reads the same charge in every place', async () => {
    await withMock({ world }, async (mock) => {
      const { headers } = await images(mock, { n: 2 });
      const usage = await own(mock, '/api/usage/token/');
      expect(usage.json).toMatchObject({
        code: true,
        data: { object: 'token_usage', total_used: 2 * PRICE, unlimited_quota: false },
      });
      const { total_granted, total_available } = usage.json.data;
      expect(total_granted - total_available).toBe(2 * PRICE);
      for (const version of ['', '/v1']) {
        const { json } = await own(mock, `${version}/dashboard/billing/usage`);
        expect(json).toEqual({ object: 'list', total_usage: 8 });
      }
      const { json } = await own(mock, '/api/log/token');
      expect(json.data).toHaveLength(1);
      expect(json.data[0]).toMatchObject({
        id: 1,
        type: 2,
        model_name: 'nano-banana-2',
        quota: 2 * PRICE,
        request_id: headers['x-oneapi-request-id'],
      });
      expect(JSON.parse(json.data[0].other)).toMatchObject({
        model_price: 0.04,
        group_ratio: 1,
        request_path: '/v1/images/generations',
        is_model_mapped: true,
        upstream_model_name: 'gemini-3.1-flash-image-preview',
      });
    });
  });

  test('learns its limit in dollars, or that it has none', async () => {
    const limit = async (...faults: string[]) => {
      let heard: unknown;
      await withMock({ world, faults }, async (mock) => {
        heard = (await own(mock, '/v1/dashboard/billing/subscription')).json.hard_limit_usd;
      });
      return heard;
    };
    expect(await limit()).toBe(2000);
    expect(await limit('quota.display=TOKENS')).toBe(1_000_000_000);
    expect(await limit('quota.display=CNY')).toBe(14_600);
    expect(await limit('token=unlimited')).toBe(100_000_000);
  });

  test('is sent to the slash that gin wants', async () => {
    await withMock({ world }, async (mock) => {
      const { status, headers } = await own(mock, '/api/usage/token');
      expect([status, headers['location']]).toEqual([301, '/api/usage/token/']);
    });
  });

  test('is refused in the way of each endpoint where the key is unknown', async () => {
    await withMock({ world, keys: ['sk-another'] }, async (mock) => {
      const usage = await own(mock, '/api/usage/token/');
      expect([usage.status, usage.json.success]).toEqual([200, false]);
      const log = await own(mock, '/api/log/token');
      expect([log.status, log.json.success]).toEqual([401, false]);
      const dashboard = await own(mock, '/v1/dashboard/billing/usage');
      expect([dashboard.status, dashboard.json.error.type]).toEqual([401, 'new_api_error']);
    });
  });

  test('of an older build gives the key in the query, and only there', async () => {
    await withMock({ world, faults: ['log.key=query'] }, async (mock) => {
      await images(mock);
      expect((await own(mock, '/api/log/token')).json.data).toEqual([]);
      const { json } = await get(`${mock.url}/api/log/token?key=${KEY}`);
      expect(json.data).toHaveLength(1);
    });
  });
});

describe('the user', () => {
  test('needs an access token and the id that belongs to it; a key is no access token', async () => {
    await withMock({ world, accessToken: 'secret' }, async (mock) => {
      const ask = async (headers: Record<string, string>) => {
        const { status, json } = await get(`${mock.url}/api/user/self`, headers);
        return [status, json.success];
      };
      const token = { authorization: 'Bearer secret' };
      expect(await ask({})).toEqual([401, false]);
      expect(await ask(token)).toEqual([401, false]);
      expect(await ask({ ...token, 'new-api-user': '2' })).toEqual([401, false]);
      expect(await ask({ ...BEARER, 'new-api-user': '1' })).toEqual([200, false]);
      expect(await ask({ ...token, 'new-api-user': '1' })).toEqual([200, true]);
    });
  });

  test('sees the counters of every key, and the keys masked', async () => {
    await withMock({ world, keys: [KEY, 'sk-another'] }, async (mock) => {
      await images(mock);
      const { json } = await managed(mock, '/token/?p=1&page_size=100');
      expect(json.data).toMatchObject({ page: 1, page_size: 100, total: 2 });
      const [newest, oldest] = json.data.items;
      expect(oldest).toMatchObject({ id: 1, key: 'rehe**********rsal', used_quota: PRICE });
      expect(newest).toMatchObject({ id: 2, key: 'an****er', used_quota: 0 });
      expect((await managed(mock, '/token/1')).json.data).toEqual(oldest);
      expect((await managed(mock, '/token/3')).json.success).toBe(false);
      const { data } = (await managed(mock, '/user/self')).json;
      expect(data).toMatchObject({ used_quota: PRICE, request_count: 1 });
    });
  });

  test('has a token for the rehearsal key before that is used', async () => {
    await withMock({ world }, async (mock) => {
      expect((await managed(mock, '/token/1')).json.data.key).toBe('rehe**********-key');
    });
  });

  test('pages through the log, newest first, with ids that are no more than places', async () => {
    await withMock({ world }, async (mock) => {
      for (let n = 1; n <= 3; n++) await images(mock, { n });
      const page = async (query: string) =>
        (await managed(mock, `/log/self?${query}`)).json.data.items.map(({ id, quota }: any) => [
          id,
          quota / PRICE,
        ]);
      expect(await page('p=1&page_size=2')).toEqual([
        [1, 3],
        [2, 2],
      ]);
      expect(await page('p=2&page_size=2')).toEqual([[3, 1]]);
      expect((await managed(mock, '/log/self?page_size=500')).json.data.page_size).toBe(100);
    });
  });

  test('filters the log by type, token, model, time and request', async () => {
    let now = Date.parse('2026-03-30T12:00:00Z');
    await withMock({ world, clock: () => now }, async (mock) => {
      const { headers } = await images(mock);
      now += 60_000;
      await images(mock, { model: 'nano-banana-2', n: 2 });
      const found = async (query: string) =>
        (await managed(mock, `/log/self?${query}`)).json.data.items.map((row: any) => row.quota);
      expect(await found('')).toEqual([2 * PRICE, PRICE]);
      expect(await found('type=6')).toEqual([]);
      expect(await found('type=2&token_name=token-2&model_name=nano-banana-2')).toHaveLength(2);
      expect(await found('token_name=token-1')).toEqual([]);
      expect(await found('model_name=nano-banana')).toEqual([]);
      expect(await found(`end_timestamp=${now / 1000 - 1}`)).toEqual([PRICE]);
      expect(await found(`start_timestamp=${now / 1000}`)).toEqual([2 * PRICE]);
      expect(await found(`request_id=${String(headers['x-oneapi-request-id'])}`)).toEqual([PRICE]);
      const stat = await managed(mock, '/log/self/stat?type=2');
      expect(stat.json.data).toMatchObject({ quota: 3 * PRICE, rpm: 1 });
    });
  });
});

describe('everybody', () => {
  test('reads how the gateway counts', async () => {
    await withMock({ world, faults: ['billing.batch=5', 'quota.unit=1000'] }, async (mock) => {
      const { json } = await get(`${mock.url}/api/status`);
      expect(json.data).toMatchObject({ quota_per_unit: 1000, enable_batch_update: true });
    });
  });

  test('reads what an image of each model costs', async () => {
    await withMock({ world, faults: ['price.nano-banana-2=0.067'] }, async (mock) => {
      const { json } = await get(`${mock.url}/api/pricing`);
      const prices = Object.fromEntries(
        json.data.map(({ model_name, model_price }: any) => [model_name, model_price]),
      );
      expect(prices).toMatchObject({ 'nano-banana-2': 0.067, 'gemini-2.5-flash-image': 0.04 });
      expect(json.group_ratio).toEqual({ default: 1 });
    });
  });
});

describe('the endpoints of usage', () => {
  const asked = async (mock: Mock) =>
    await Promise.all([
      managed(mock, '/token/1'),
      managed(mock, '/log/self'),
      own(mock, '/v1/dashboard/billing/usage'),
      own(mock, '/api/usage/token/'),
      own(mock, '/api/log/token'),
    ]);

  test.each([
    ['throttled', [429, 429, 429, 429, 429]],
    ['refused', [200, 200, 401, 200, 401]],
    ['absent', [404, 404, 404, 404, 404]],
  ])('may be %s', async (state, statuses) => {
    await withMock({ world, faults: [`usage=${state}`] }, async (mock) => {
      const heard = await asked(mock);
      expect(heard.map(({ status }) => status)).toEqual(statuses);
      expect((await get(`${mock.url}/api/status`)).status).toBe(200);
      for (const { status, text, headers, json } of heard) {
        if (status === 429) expect([text, headers['retry-after']]).toEqual(['', undefined]);
        if (status === 200) expect(json.success).toBe(false);
      }
    });
  });

  test('may fail one by one', async () => {
    await withMock({ world, faults: ['usage.management=throttled'] }, async (mock) => {
      const statuses = (await asked(mock)).map(({ status }) => status);
      expect(statuses).toEqual([429, 429, 200, 200, 200]);
    });
  });

  test('are limited in two groups, each with a window of its own', async () => {
    let now = 0;
    const faults = ['limit.critical=2', 'limit.api=3'];
    await withMock({ world, faults, clock: () => now }, async (mock) => {
      const statuses = async () => (await asked(mock)).map(({ status }) => status);
      expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
      expect(await statuses()).toEqual([429, 429, 429, 429, 429]);
      now = 180_000;
      expect(await statuses()).toEqual([200, 200, 200, 429, 429]);
      now = 1_200_000;
      expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
    });
  });

  test('are limited as new-api limits them, unless told otherwise', async () => {
    await withMock({ world, clock: () => 0 }, async (mock) => {
      const statuses: number[] = [];
      for (let turn = 0; turn < 21; turn++) {
        statuses.push((await own(mock, '/api/usage/token/')).status);
      }
      expect(statuses).toEqual([...Array(20).fill(200), 429]);
    });
  });
});

test('the log may lack request ids, and show its particulars as an object', async () => {
  const faults = ['log.request-id=absent', 'log.other=object'];
  await withMock({ world, faults }, async (mock) => {
    await images(mock);
    const [row] = (await charged(mock)).rows;
    expect(row).not.toHaveProperty('request_id');
    expect(row.other.upstream_model_name).toBe('gemini-3.1-flash-image-preview');
  });
});
