import { describe, expect, test } from 'vitest';
import { startMock } from './server.ts';
import { get, images, KEY, native, post, PROMPT, withMock } from './asking.ts';

const world = '2026-03-30';
const IMAGES = '/v1/images/generations';
const BODY = { model: 'nano-banana-2', prompt: PROMPT };

describe('every answer', () => {
  test('names the world, the request and the version, and errors end with the request id', async () => {
    await withMock({ world }, async (mock) => {
      const { headers, json } = await images(mock, { prompt: null });
      expect(headers['x-assay-mock']).toBe(world);
      expect(headers['x-new-api-version']).toBe('v0.11.4');
      const id = String(headers['x-oneapi-request-id']);
      expect(json.error.message).toBe(`prompt is required (request id: ${id})`);
    });
  });

  test('bears the same request ids in every run', async () => {
    const ids: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      await withMock({ world }, async (mock) => {
        ids.push((await images(mock)).headers['x-oneapi-request-id']);
      });
    }
    expect(ids[0]).toMatch(/^20260330120000\d+\w{8}$/);
    expect(ids[1]).toBe(ids[0]);
  });
});

describe('a key', () => {
  test.each([
    ['none', {}, 'No token provided'],
    ['not one of ours', { authorization: 'Bearer nonsense' }, 'Invalid token'],
    ['in the query of the Images route', {}, 'No token provided', '?key=sk-a'],
  ])('that is %s is 401 in the shape of the middleware', async (_, headers, said, query = '') => {
    await withMock({ world }, async (mock) => {
      const { status, json } = await post(mock.url + IMAGES + query, BODY, headers);
      expect(status).toBe(401);
      expect(json.error.message).toContain(said);
      expect(Object.keys(json.error)).toEqual(['message', 'type', 'code']);
    });
  });

  test('is refused in Chinese unless English is asked for', async () => {
    await withMock({ world }, async (mock) => {
      const { json } = await post(mock.url + IMAGES, BODY, { 'accept-language': 'zh-CN' });
      expect(json.error.message).toContain('未提供令牌');
    });
  });

  test('may come in three ways on native paths, of which the header goes before the query', async () => {
    await withMock({ world, keys: [KEY] }, async (mock) => {
      const path = '/v1beta/models/nano-banana-2:generateContent';
      const body = { contents: [{ parts: [{ text: PROMPT }] }] };
      const status = async (query: string, headers: Record<string, string>) =>
        (await post(mock.url + path + query, body, headers)).status;
      expect(await status('', { 'x-goog-api-key': KEY })).toBe(200);
      expect(await status(`?key=${KEY}`, {})).toBe(200);
      expect(await status('', { authorization: `Bearer ${KEY}` })).toBe(200);
      expect(await status('?key=sk-wrong', { 'x-goog-api-key': KEY })).toBe(200);
      expect(await status(`?key=${KEY}`, { 'x-goog-api-key': 'sk-wrong' })).toBe(401);
    });
  });

  test('may pin a channel; one that serves nothing is get_channel_failed', async () => {
    await withMock({ world, keys: [KEY] }, async (mock) => {
      const pinned = async (channel: number) =>
        await post(mock.url + IMAGES, BODY, { authorization: `Bearer ${KEY}-${channel}` });
      expect((await pinned(315)).status).toBe(200);
      const other = await pinned(316);
      expect([other.status, other.json.error.code]).toEqual([500, 'get_channel_failed']);
    });
  });

  test('is refused altogether by a fault', async () => {
    await withMock({ world, faults: ['key=refused'] }, async (mock) => {
      expect((await images(mock)).status).toBe(401);
    });
  });
});

describe('paths', () => {
  test.each(['/v1/nothing', '/v1beta/models/x:embed', '/api/nothing'])(
    '%s is 404 as JSON',
    async (path) => {
      await withMock({ world }, async (mock) => {
        const { status, json } = await get(mock.url + path);
        expect(status).toBe(404);
        expect(json.error).toMatchObject({ type: 'invalid_request_error', param: '', code: '' });
        expect(json.error.message).toContain(`Invalid URL (GET ${path})`);
      });
    },
  );

  test('elsewhere bring the web page, with 200', async () => {
    await withMock({ world }, async (mock) => {
      const { status, headers, text } = await get(`${mock.url}/kling/v9/x`);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toMatch(/^<!doctype html>/);
    });
  });

  test('tell status and models', async () => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const { json } = await get(`${mock.url}/api/status`);
      expect(json.data).toMatchObject({ version: 'v0.11.4', quota_per_unit: 500_000 });
      const models = await get(`${mock.url}/v1/models`, { authorization: `Bearer ${KEY}` });
      expect(models.json.success).toBe(true);
      expect(models.json.data.map(({ id }: { id: string }) => id)).toContain('nano-banana');
    });
  });
});

describe('bodies', () => {
  test('that are no JSON are 400', async () => {
    await withMock({ world }, async (mock) => {
      const { status, json } = await post(mock.url + IMAGES, '{');
      expect(status).toBe(400);
      expect(json.error.message).toContain('Invalid request: ');
    });
  });
});

describe('messages', () => {
  test('hide addresses and file names, and nothing that suites look for', async () => {
    const faults = ['message.prompt=see https://a.example.com/x or photo.webp or 10.1.2.3'];
    await withMock({ world, faults }, async (mock) => {
      const { json } = await images(mock, { prompt: null });
      expect(json.error.message).toContain(
        'see https://***.com/*** or ***.webp or ***.***.***.*** (request id: ',
      );
    });
  });
});

describe('the books', () => {
  test('count generations and what was in flight, and log paths without keys', async () => {
    await withMock({ world }, async (mock) => {
      await Promise.all([images(mock), images(mock), native(mock, 'nano-banana-2')]);
      await get(`${mock.url}/api/status?key=${KEY}`);
      expect(mock.counts()).toMatchObject({ generations: 3, inFlight: 0 });
      expect(mock.counts().peakInFlight).toBeGreaterThanOrEqual(1);
      expect(mock.log()).toHaveLength(4);
      expect(mock.log()[3]).toEqual({ method: 'GET', path: '/api/status' });
      expect(mock.log()[0]?.model).toBe('nano-banana-2');
      expect(JSON.stringify(mock.log())).not.toContain(KEY);
    });
  });
});

describe('a mock', () => {
  test('says so when its port is taken, and closes what it had opened', async () => {
    await withMock({ world }, async (mock) => {
      const port = Number(new URL(mock.url).port);
      await expect(startMock({ world, port })).rejects.toThrow('EADDRINUSE');
    });
  });
});
