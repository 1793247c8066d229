import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { get, images, KEY, withMock } from './asking.ts';

const world = '2026-03-30';

async function whole(faults: readonly string[]) {
  let heard: Awaited<ReturnType<typeof images>> | undefined;
  await withMock({ world, faults }, async (mock) => {
    heard = await images(mock);
  });
  if (heard === undefined) throw new Error('nothing was heard');
  return heard;
}

describe('a status for whatever is asked', () => {
  test.each([402, 429, 503, 529])('is %i', async (status) => {
    expect((await whole([`fail=${status}`])).status).toBe(status);
  });

  test('may come without a body, and with Retry-After', async () => {
    const { text, headers } = await whole(['fail=429', 'fail.body=empty', 'retry-after=7']);
    expect([text, headers['retry-after']]).toEqual(['', '7']);
  });

  test('may be only for the first two', async () => {
    await withMock({ world, faults: ['throttle=2'] }, async (mock) => {
      const statuses = [await images(mock), await images(mock), await images(mock)];
      expect(statuses.map(({ status }) => status)).toEqual([429, 429, 200]);
    });
  });
});

describe('an answer', () => {
  test('may be HTML, empty, cut short or of another type', async () => {
    expect((await whole(['answer=html'])).headers['content-type']).toContain('text/html');
    expect((await whole(['answer=empty'])).text).toBe('');
    const cut = await whole(['answer=truncated']);
    expect(cut.text).toMatch(/^\{/);
    expect(cut.json).toBeUndefined();
    const typed = await whole(['header.content-type=text/plain']);
    expect(typed.headers['content-type']).toBe('text/plain');
    expect(typed.json.data).toHaveLength(1);
    expect((await whole(['header.x-assay-mock=absent'])).headers['x-assay-mock']).toBeUndefined();
  });

  test.each(['reset', 'cut'])('may break off (%s)', async (how) => {
    await expect(whole([`answer=${how}`])).rejects.toThrow(/closed|reset|terminated|aborted/i);
  });

  test('may never come, and closing the mock ends it', async () => {
    await withMock({ world, faults: ['answer=never'] }, async (mock) => {
      const waiting = images(mock).then(
        () => 'answered',
        () => 'closed',
      );
      while (mock.counts().generations === 0) await new Promise(setImmediate);
      await mock.close();
      expect(await waiting).toBe('closed');
    });
  });

  test('may go on for ever', async () => {
    await withMock({ world, faults: ['answer=endless'] }, async (mock) => {
      const answer = await request(`${mock.url}/v1/images/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify({ model: 'nano-banana-2', prompt: 'x' }),
      });
      let bytes = 0;
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > 2 ** 23) break;
      }
      expect(bytes).toBeGreaterThan(2 ** 23);
    });
  });

  test('may be padded, in its body and in its headers', async () => {
    const { text, json, headers } = await whole(['padding=100000', 'headers=5000']);
    expect(text.length).toBeGreaterThan(100_000);
    expect(json.data).toHaveLength(1);
    expect(headers['x-padding']).toHaveLength(5000);
  });

  test('may come in pieces', async () => {
    const { json, headers } = await whole(['trickle=1']);
    expect(json.data).toHaveLength(1);
    expect(headers['content-length']).toBeUndefined();
  });

  test('may be compressed, or only say so', async () => {
    const gzip = await whole(['encoding=gzip', 'padding=100000']);
    expect(Number(gzip.headers['content-length'])).toBeLessThan(2000);
    const broken = await whole(['encoding=broken']);
    expect(broken.headers['content-encoding']).toBe('gzip');
    expect(broken.json.data).toHaveLength(1);
  });

  test('may lead elsewhere', async () => {
    const { status, headers } = await whole(['redirect=http://127.0.0.2:9/x']);
    expect([status, headers['location']]).toEqual([302, 'http://127.0.0.2:9/x']);
  });

  test('may be a small object at once', async () => {
    expect((await whole(['answer=bare'])).json).toEqual({ ok: true });
  });
});

describe('a key', () => {
  const spellings = {
    raw: KEY,
    json: '\\u0073\\u006b\\u002d\\u0072',
    percent: '%73%6B%2D%72%65',
    base64: Buffer.from(KEY).toString('base64'),
    basic: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`,
    split: KEY,
  };
  test.each(Object.entries(spellings))(
    'may be echoed in the body, spelled %s',
    async (spelling, spelled) => {
      const { text, json } = await whole([`echo.body=${spelling}`]);
      expect(text).toContain(spelled);
      expect(json.data).toHaveLength(1);
    },
  );

  test('may be echoed in a header and in an error', async () => {
    expect((await whole(['echo.header=base64'])).headers['x-echo']).toBe(spellings.base64);
    const error = await whole(['echo.body=raw', 'images.nano-banana-2=fail']);
    expect([error.status, error.json.echo]).toEqual([500, KEY]);
  });
});

describe('faults of transport', () => {
  test('leave all but generations alone', async () => {
    await withMock(
      { world, faults: ['answer=html', 'echo.body=raw', 'fail=503'] },
      async (mock) => {
        expect((await get(`${mock.url}/api/status`)).json.success).toBe(true);
      },
    );
  });
});
