import sharp from 'sharp';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { get, images, KEY, post, PROMPT, references, withMock } from './asking.ts';
import type { Mock } from './server.ts';

const world = '2026-03-30';

async function bytesAt(url: string): Promise<Buffer> {
  return Buffer.from(await (await request(url)).body.arrayBuffer());
}

async function hosted(mock: Mock): Promise<string> {
  return (await images(mock)).json.data[0].url;
}

describe('the reference host', () => {
  test.each(['png', 'jpeg', 'webp'])('serves %s of an exact length', async (format) => {
    await withMock({ world }, async (mock) => {
      const bytes = await bytesAt(references(mock, 1, format, '54321')[0] ?? '');
      expect(bytes.length).toBe(54_321);
      expect((await sharp(bytes).metadata()).format).toBe(format);
    });
  });

  test('serves another image for every number, and 404 where one is missing', async () => {
    await withMock({ world }, async (mock) => {
      const all = await Promise.all(references(mock, 20).map(bytesAt));
      expect(new Set(all.map((bytes) => bytes.toString('latin1'))).size).toBe(20);
      expect((await get(mock.missing)).status).toBe(404);
    });
  });
});

describe('the media host', () => {
  test('is reached under the name by which the gateway was', async () => {
    await withMock({ world }, async (mock) => {
      const local = mock.url.replace('127.0.0.1', 'localhost');
      const body = { model: 'nano-banana-2', prompt: PROMPT };
      const { json } = await post(`${local}/v1/images/generations`, body);
      expect(json.data[0].url).toMatch(/^http:\/\/localhost:/);
      expect((await get(json.data[0].url)).status).toBe(200);
    });
  });

  test('counts the keys that it should never have seen', async () => {
    await withMock({ world }, async (mock) => {
      const url = await hosted(mock);
      await get(url);
      expect(mock.counts().keysSeenByHosting).toBe(0);
      await get(url, { authorization: `Bearer ${KEY}` });
      await get(`${url}?key=${KEY}`);
      expect(mock.counts()).toMatchObject({ keysSeenByHosting: 2, artifacts: 3 });
    });
  });

  test.each([
    ['archive.status=410', 410, 'image/png'],
    ['archive.auth=required', 401, 'text/plain'],
    ['archive.redirect=http://127.0.0.2:9/', 302, undefined],
    ['archive.type=image/jpeg', 200, 'image/jpeg'],
    ['archive.body=html', 200, 'text/html'],
  ])('with %s answers %i', async (fault, status, type) => {
    await withMock({ world, faults: [fault] }, async (mock) => {
      const answer = await get(await hosted(mock));
      expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
    });
  });

  test('can be named by another host and folder', async () => {
    const faults = ['archive.host=127.0.0.2', 'archive.path=/elsewhere'];
    await withMock({ world, faults }, async (mock) => {
      expect(await hosted(mock)).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/elsewhere\/\w+-1\.png$/);
    });
  });

  test('can send half an image', async () => {
    await withMock({ world, faults: ['payload=truncated'] }, async (mock) => {
      const half = await bytesAt(await hosted(mock));
      await expect(sharp(half).toBuffer()).rejects.toThrow();
    });
  });
});
