import { describe, expect, test } from 'vitest';
import { charged, get, type Heard, KEY, post, withMock } from './asking.ts';
import type { Mock } from './server.ts';

const world = '2026-04-14';

async function create(mock: Mock, fields: object = {}): Promise<Heard> {
  const body = { model: 'veo3.1-fast', prompt: 'A calm sea', ...fields };
  return await post(`${mock.url}/v1/video/create`, body);
}

async function ask(mock: Mock, id: string): Promise<Heard> {
  return await get(`${mock.url}/v1/video/${id}`, {
    authorization: `Bearer ${KEY}`,
    'accept-language': 'en',
  });
}

describe('the video route', () => {
  test('answers at once with an id, and with a hosted film after two polls', async () => {
    await withMock({ world }, async (mock) => {
      const { status, json } = await create(mock);
      expect([status, json.status]).toEqual([200, 'pending']);
      expect(json.id).toMatch(/^task_20260414\w+$/);
      const states = [await ask(mock, json.id), await ask(mock, json.id), await ask(mock, json.id)];
      expect(states.map((state) => state.json.status)).toEqual([
        'processing',
        'processing',
        'succeeded',
      ]);
      expect(states[0]?.json).not.toHaveProperty('url');
      const film = await get(states[2]?.json.url);
      expect([film.status, film.headers['content-type']]).toEqual([200, 'video/mp4']);
      expect(film.text.slice(4, 12)).toBe('ftypisom');
    });
  });

  test('tells the same by query', async () => {
    await withMock({ world, faults: ['video.polls=0'] }, async (mock) => {
      const { json } = await create(mock);
      const said = await get(`${mock.url}/v1/video/query?id=${json.id}`, {
        authorization: `Bearer ${KEY}`,
      });
      expect(said.json).toMatchObject({ id: json.id, status: 'succeeded' });
    });
  });

  test('counts the polls of each video by itself', async () => {
    await withMock({ world, faults: ['video.query=503|ok'] }, async (mock) => {
      const [one, other] = [await create(mock), await create(mock)];
      const first = await Promise.all([one, other].map(({ json }) => ask(mock, json.id)));
      const second = await Promise.all([one, other].map(({ json }) => ask(mock, json.id)));
      expect(first.map(({ status }) => status)).toEqual([503, 503]);
      expect(second.map(({ status }) => status)).toEqual([200, 200]);
    });
  });

  test('words its errors as routes of tasks do, but for what is said before a model is reached', async () => {
    await withMock({ world }, async (mock) => {
      const unknown = await ask(mock, 'none');
      expect([unknown.status, unknown.json]).toEqual([
        400,
        {
          code: 'task_not_exist',
          message: expect.stringContaining('task none does not exist'),
          data: null,
        },
      ]);
      expect((await create(mock, { prompt: '' })).json).toMatchObject({
        code: 'invalid_request',
        data: null,
      });
      const unserved = await create(mock, { model: 'veo9' });
      expect([unserved.status, unserved.json.error.code]).toEqual([503, 'model_not_found']);
      const keyless = await get(`${mock.url}/v1/video/none`);
      expect([keyless.status, keyless.json.error.message]).toEqual([401, expect.any(String)]);
    });
  });

  test.each([
    ['video.id=absent', undefined],
    ['video.id=null', null],
    ['video.id=..', '..'],
  ])('with %s says %j for an id', async (fault, id) => {
    await withMock({ world, faults: [fault] }, async (mock) => {
      expect((await create(mock)).json.id).toBe(id);
    });
  });

  test.each([
    ['succeeded', [], 20_000, [2]],
    ['failed', [], 0, [6, 2]],
    ['failed', ['billing.refund=lost'], 20_000, [2]],
  ])('charges a video that %s with %j', async (end, faults, counter, types) => {
    const ended = ['video.polls=0', `video.end=${end}`, ...faults];
    await withMock({ world, faults: ended }, async (mock) => {
      const { headers, json } = await create(mock);
      expect(await charged(mock)).toMatchObject({ counter: 20_000, rows: [{ type: 2 }] });
      await ask(mock, json.id);
      await ask(mock, json.id);
      const after = await charged(mock);
      expect(after.counter).toBe(counter);
      expect(after.rows.map(({ type, quota }) => [type, quota])).toEqual(
        types.map((type) => [type, 20_000]),
      );
      const [refund] = after.rows.filter(({ type }) => type === 6);
      if (refund !== undefined) {
        // The id of the request is not known any more where a task is given back; its own is.
        expect(refund.request_id).toBe('');
        expect(JSON.parse(refund.other).task_id).toBe(
          `task_${String(headers['x-oneapi-request-id'])}`,
        );
      }
    });
  });

  test('reserves a video even where the key is trusted', async () => {
    const faults = ['billing.settle=1000'];
    await withMock({ world, faults, clock: () => 0 }, async (mock) => {
      await create(mock);
      expect(await charged(mock)).toEqual({ counter: 20_000, rows: [] });
    });
  });
});
