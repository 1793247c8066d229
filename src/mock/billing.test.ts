import { describe, expect, test } from 'vitest';
import { charged, get, images, KEY, native, post, withMock } from './asking.ts';
import type { Mock } from './server.ts';

const world = '2026-03-30';
const PRICE = 20_000;
const NATIVE = 'gemini-3.1-flash-image-preview';
/** A key that is not trusted, so that every request is reserved. */
const POOR = 'token.quota=1000000';

/** What the counter says, and what each row of the log says, oldest first. */
async function told(mock: Mock): Promise<{ counter: number; rows: readonly number[] }> {
  const { counter, rows } = await charged(mock);
  return { counter, rows: rows.map((row) => row.quota).toReversed() };
}

/** A request that makes an image; one that fails; one that is answered without an image. */
const MADE = async (mock: Mock) => await images(mock);
const FAILED = async (mock: Mock) => await images(mock, { prompt: null });
const BLANK = async (mock: Mock) =>
  await native(mock, NATIVE, {}, [{ text: 'Answer without an image, please' }]);
const BLOCKED = async (mock: Mock) =>
  await native(mock, NATIVE, {}, [{ text: 'A scene of graphic violence' }]);

async function toldOf(
  faults: readonly string[],
  request: (mock: Mock) => Promise<unknown>,
): Promise<unknown> {
  let heard: unknown;
  await withMock({ world, faults }, async (mock) => {
    await request(mock);
    heard = await told(mock);
  });
  return heard;
}

describe('an honest gateway', () => {
  test.each([
    ['an image', MADE, PRICE],
    ['two images', (mock: Mock) => images(mock, { n: 2 }), 2 * PRICE],
    ['a native image', (mock: Mock) => native(mock, NATIVE), PRICE],
    ['text alone', (mock: Mock) => native(mock, NATIVE, { responseModalities: ['TEXT'] }), 0],
    ['an answer without an image', BLANK, 0],
    ['a prompt that is blocked', BLOCKED, 0],
  ])('charges %s, with a row that says as much', async (_, request, quota) => {
    const due = { counter: quota, rows: [quota] };
    expect(await toldOf([], request)).toEqual(due);
    expect(await toldOf([POOR], request)).toEqual(due);
    expect(await toldOf(['token=unlimited'], request)).toEqual(due);
  });

  test.each([
    ['that it refuses', FAILED],
    ['of a model that it does not serve', (mock: Mock) => images(mock, { model: 'unknown' })],
    ['without a model', (mock: Mock) => images(mock, { model: null })],
  ])('charges nothing for a request %s, and writes no row', async (_, request) => {
    expect(await toldOf([], request)).toEqual({ counter: 0, rows: [] });
    expect(await toldOf([POOR], request)).toEqual({ counter: 0, rows: [] });
  });

  test('charges the images that were made, not those that were asked for', async () => {
    const request = (mock: Mock) => images(mock, { n: 2 });
    expect(await toldOf(['n.2=1', POOR], request)).toEqual({ counter: PRICE, rows: [PRICE] });
  });

  test.each([
    ['0', 0],
    ['0.0000001', 1],
    ['0.000003', 2],
    ['0.039', 19_500],
    ['0.0670001', 33_500],
  ])('charges %s dollars as %d units', async (price, quota) => {
    const heard = await toldOf([`price=${price}`], MADE);
    expect(heard).toEqual({ counter: quota, rows: [quota] });
  });

  test('multiplies by the ratio of the group, and says so in the row', async () => {
    await withMock({ world, faults: ['group.ratio=0.8'] }, async (mock) => {
      await MADE(mock);
      const { counter, rows } = await charged(mock);
      expect(counter).toBe(0.8 * PRICE);
      expect(JSON.parse(rows[0].other)).toMatchObject({ model_price: 0.04, group_ratio: 0.8 });
    });
  });

  test('keeps the keys of one user apart', async () => {
    await withMock({ world }, async (mock) => {
      const path = `${mock.url}/v1/images/generations`;
      const body = { model: 'nano-banana-2', prompt: 'A red square' };
      await post(path, body, { authorization: 'Bearer sk-another-key' });
      await post(path, body, { authorization: `Bearer ${KEY}-315` });
      expect(await told(mock)).toEqual({ counter: PRICE, rows: [PRICE] });
    });
  });

  test('writes a row of type 5 for a failure only where it is told to', async () => {
    await withMock({ world, faults: ['log.errors=logged'] }, async (mock) => {
      await FAILED(mock);
      const { counter, rows } = await charged(mock);
      expect([counter, rows[0].type, rows[0].quota]).toEqual([0, 5, 0]);
    });
  });
});

describe('a key', () => {
  test('that is spent is refused like one that is unknown', async () => {
    await withMock({ world, faults: [`token.quota=${PRICE}`] }, async (mock) => {
      expect((await images(mock)).status).toBe(200);
      expect((await images(mock)).status).toBe(401);
      const authorization = `Bearer ${KEY}`;
      const usage = await get(`${mock.url}/api/usage/token/`, { authorization });
      expect(usage.json.data).toMatchObject({ total_used: PRICE, total_available: 0 });
    });
  });

  test('with less than a request may cost is refused before anything is made', async () => {
    await withMock({ world, faults: [`token.quota=${PRICE}`] }, async (mock) => {
      const { status, json } = await images(mock, { n: 2 });
      expect([status, json.error.code]).toEqual([403, 'pre_consume_token_quota_failed']);
      expect(json.error.message).toContain('token remain quota: 20000, need quota: 40000');
    });
  });
});

describe('a reservation', () => {
  test.each([
    ['of a key that has little', [POOR], PRICE],
    ['where more is asked for trust', ['trust=2000000000'], PRICE],
    ['of a trusted key is not made, and', [], 0],
    ['of a key without limit is not made, and', ['token=unlimited'], 0],
  ])('%s is seen until it is given back, without a row', async (_, faults, reserved) => {
    let now = 0;
    const options = { world, faults: [...faults, 'billing.settle=1000'], clock: () => now };
    await withMock(options, async (mock) => {
      await FAILED(mock);
      expect(await told(mock)).toEqual({ counter: reserved, rows: [] });
      now = 1000;
      expect(await told(mock)).toEqual({ counter: 0, rows: [] });
    });
  });

  test('becomes the charge', async () => {
    let now = 0;
    const options = { world, faults: [POOR, 'billing.settle=1000'], clock: () => now };
    await withMock(options, async (mock) => {
      await images(mock, { n: 3 });
      expect(await told(mock)).toEqual({ counter: 3 * PRICE, rows: [] });
      now = 1000;
      expect(await told(mock)).toEqual({ counter: 3 * PRICE, rows: [3 * PRICE] });
    });
  });
});

describe('a charge', () => {
  test('may come late', async () => {
    let now = 0;
    const options = { world, faults: ['billing.settle=1000'], clock: () => now };
    await withMock(options, async (mock) => {
      await MADE(mock);
      now = 999;
      expect(await told(mock)).toEqual({ counter: 0, rows: [] });
      now = 1000;
      expect(await told(mock)).toEqual({ counter: PRICE, rows: [PRICE] });
      expect(mock.usage.withinMs).toBe(1000);
    });
  });

  test('may have its row later than its counter', async () => {
    let now = 0;
    const options = { world, faults: ['billing.row-delay=500'], clock: () => now };
    await withMock(options, async (mock) => {
      await MADE(mock);
      expect(await told(mock)).toEqual({ counter: PRICE, rows: [] });
      now = 500;
      expect(await told(mock)).toEqual({ counter: PRICE, rows: [PRICE] });
      expect(mock.usage.withinMs).toBe(500);
    });
  });

  test('may wait with its counter for the next batch, but not with its row', async () => {
    let now = 7000;
    const options = { world, faults: ['billing.batch=5'], clock: () => now };
    await withMock(options, async (mock) => {
      await MADE(mock);
      now = 9999;
      await MADE(mock);
      expect(await told(mock)).toEqual({ counter: 0, rows: [PRICE, PRICE] });
      now = 10_000;
      expect(await told(mock)).toEqual({ counter: 2 * PRICE, rows: [PRICE, PRICE] });
      expect(mock.usage.withinMs).toBe(5000);
    });
  });

  test('may hide behind Redis for a minute, while what is left is right', async () => {
    let now = 0;
    const options = { world, faults: ['redis=stale'], clock: () => now };
    await withMock(options, async (mock) => {
      const seen = async () => {
        const headers = { authorization: `Bearer ${KEY}` };
        const { json } = await get(`${mock.url}/api/usage/token/`, headers);
        return [json.data.total_used, 1_000_000_000 - json.data.total_available];
      };
      expect(await seen()).toEqual([0, 0]);
      await MADE(mock);
      now = 59_999;
      expect(await seen()).toEqual([0, PRICE]);
      now = 60_000;
      expect(await seen()).toEqual([PRICE, PRICE]);
      await MADE(mock);
      expect(await seen()).toEqual([PRICE, 2 * PRICE]);
      await told(mock); // the dashboard reads the database, and refreshes the cache
      expect(await seen()).toEqual([2 * PRICE, 2 * PRICE]);
    });
  });
});

describe('a gateway that misbehaves', () => {
  test.each([
    ['billing.row=missing', MADE, PRICE, []],
    ['billing.row=empty', MADE, PRICE, [0]],
    ['billing.off=1', MADE, PRICE + 1, [PRICE]],
    ['billing.times=2', MADE, 2 * PRICE, [PRICE, PRICE]],
    ['billing.images=plus-one', MADE, 2 * PRICE, [2 * PRICE]],
    ['billing.failure=charged', FAILED, PRICE, [PRICE]],
    ['billing.failure=charged', BLANK, PRICE, [PRICE]],
    ['billing.failure=charged', BLOCKED, PRICE, [PRICE]],
    ['billing.refund=lost', FAILED, PRICE, []],
    ['billing.unlimited=uncounted,token=unlimited', MADE, 0, [PRICE]],
    ['billing.row=missing,billing.times=2', MADE, 2 * PRICE, []],
    ['billing.off=7,billing.times=2', MADE, 2 * PRICE + 7, [PRICE, PRICE]],
    ['billing.failure=charged,billing.refund=lost', FAILED, 2 * PRICE, [PRICE]],
    ['billing.failure=charged,fail=500', MADE, PRICE, [PRICE]],
    ['billing.failure=charged,throttle=1,fail=503', MADE, PRICE, [PRICE]],
  ])('with %s says so in counter and log', async (faults, request, counter, rows) => {
    const named = faults.split(',');
    expect(await toldOf(named, request)).toEqual({ counter, rows });
    if (!faults.includes('token=')) {
      expect(await toldOf([...named, POOR], request)).toEqual({ counter, rows });
    }
  });

  test.each(['off=1', 'times=2', 'images=plus-one', 'row=empty', 'refund=lost', 'row=missing'])(
    'with billing.%s still leaves alone what that is not about',
    async (fault) => {
      const request = fault.startsWith('refund') ? MADE : FAILED;
      const honest = await toldOf([], request);
      expect(await toldOf([`billing.${fault}`], request)).toEqual(honest);
      expect(await toldOf([`billing.${fault.replace('=', '.nano-banana-pro=')}`], MADE)).toEqual({
        counter: PRICE,
        rows: [PRICE],
      });
    },
  );

  test('may do so for one model, by its alias or by what stands behind it', async () => {
    for (const model of ['nano-banana-2', NATIVE]) {
      const heard = await toldOf([`billing.off.${model}=5`], MADE);
      expect(heard).toEqual({ counter: PRICE + 5, rows: [PRICE] });
    }
  });
});

test('another client on the same key has its own row, and moves the same counter', async () => {
  await withMock({ world, faults: ['billing.others=1234'] }, async (mock) => {
    const { headers } = await MADE(mock);
    const { counter, rows } = await charged(mock);
    expect(counter).toBe(PRICE + 1234);
    const own = headers['x-oneapi-request-id'];
    expect(rows.map((row) => [row.quota, row.model_name, row.request_id === own])).toEqual([
      [PRICE, 'nano-banana-2', true],
      [1234, 'gpt-5-mini', false],
    ]);
  });
});

test('nano-banana is out of line on 2026-04-14, and nano-banana-2 is not', async () => {
  await withMock({ world: '2026-04-14' }, async (mock) => {
    await native(mock, 'nano-banana');
    expect(await told(mock)).toEqual({ counter: PRICE + 4000, rows: [PRICE] });
    expect((await images(mock, { model: 'nano-banana' })).status).toBe(400);
    expect(await told(mock)).toEqual({ counter: 2 * PRICE + 4000, rows: [PRICE, PRICE] });
    await native(mock, 'nano-banana-2');
    await images(mock, { model: 'nano-banana-2' });
    expect(await told(mock)).toEqual({ counter: 3 * PRICE + 4000, rows: [PRICE, PRICE, PRICE] });
  });
});
