import sharp from 'sharp';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { images, native, references, withMock } from './asking.ts';

const world = '2026-03-30';

async function sizeAt(url: string): Promise<{ format: string; width: number; height: number }> {
  const answer = await request(url);
  const { format, width, height } = await sharp(
    Buffer.from(await answer.body.arrayBuffer()),
  ).metadata();
  return { format, width, height };
}

describe('the Images route on 2026-03-30', () => {
  test('answers with one hosted PNG, and with every member of its entry', async () => {
    await withMock({ world }, async (mock) => {
      const { status, json } = await images(mock);
      expect(status).toBe(200);
      expect(json.created).toBe(Date.parse('2026-03-30T12:00:00Z') / 1000);
      expect(json.data).toEqual([
        {
          url: expect.stringMatching(
            /^http:\/\/127\.0\.0\.1:\d+\/task-artifacts\/2026\/03\/30\/sync-image\/20260330\w+-1\.png$/,
          ),
          b64_json: '',
          revised_prompt: '',
        },
      ]);
      expect(await sizeAt(json.data[0].url)).toEqual({ format: 'png', width: 1024, height: 1024 });
    });
  });

  test.each([
    ['1K', '16:9', 1376, 768],
    ['2K', '16:9', 2752, 1536],
    ['1K', '4:5', 896, 1136],
    ['1K', '1:8', 208, 1664],
    ['4K', '1:1', 4096, 4096],
  ])('gives %s and %s their pixels', async (resolution, aspect_ratio, width, height) => {
    await withMock({ world }, async (mock) => {
      const { json } = await images(mock, { resolution, aspect_ratio });
      expect(await sizeAt(json.data[0].url)).toEqual({ format: 'png', width, height });
    });
  });

  test('takes 1 and 14 references, fetches each, and refuses 15 with the exact message unfetched', async () => {
    await withMock({ world }, async (mock) => {
      expect((await images(mock, { image_input: references(mock, 1)[0] })).status).toBe(200);
      expect((await images(mock, { image_input: references(mock, 14) })).status).toBe(200);
      expect(mock.counts().references).toBe(15);
      const refused = await images(mock, { image_input: references(mock, 15) });
      expect(refused.status).toBe(400);
      expect(refused.json.error.message).toMatch(
        /^at most 14 reference images are currently supported for nano-banana-2 \(request id: \w+\)$/,
      );
      expect(mock.counts().references).toBe(15);
    });
  });

  test('takes a reference of exactly 30 MiB in any format, and refuses one byte more', async () => {
    await withMock({ world }, async (mock) => {
      for (const format of ['png', 'jpeg', 'webp']) {
        const whole = await images(mock, { image_input: references(mock, 1, format, '31457280') });
        expect([format, whole.status]).toEqual([format, 200]);
      }
      const over = await images(mock, { image_input: references(mock, 1, 'png', '31457281') });
      expect(over.json.error.message).toContain('larger than 31457280 bytes');
      const far = await images(mock, { image_input: references(mock, 1, 'png', '40000001') });
      expect(far.json.error.message).toContain('larger than 31457280 bytes');
    });
  });

  test('takes or refuses a data URI, about which the page promises nothing', async () => {
    const dataUri = { image_input: ['data:image/png;base64,AAAA'] };
    await withMock({ world }, async (mock) => {
      expect((await images(mock, dataUri)).status).toBe(200);
    });
    await withMock({ world, faults: ['data-uri=refused'] }, async (mock) => {
      const refused = await images(mock, dataUri);
      expect([refused.status, refused.json.error.message]).toEqual([
        400,
        expect.stringContaining('URLs only'),
      ]);
    });
  });

  test.each([
    [
      'a reference that is not there',
      (missing: string) => ({ image_input: missing }),
      'it answers 404',
    ],
    [
      'a host that is not this machine',
      () => ({ image_input: ['http://192.0.2.1/a.png'] }),
      'loopback',
    ],
    ['the field image', () => ({ image: 'http://127.0.0.1/a.png' }), 'field image is not'],
    ['no prompt', () => ({ prompt: '' }), 'prompt is required'],
    ['a ratio that is not listed', () => ({ aspect_ratio: '7:5' }), 'aspect_ratio 7:5'],
    ['a size that is not known', () => ({ resolution: '8K' }), 'resolution 8K'],
    ['an n of nothing', () => ({ n: 0 }), 'n must be'],
    ['no model', () => ({ model: null }), 'Model name not specified'],
  ])('refuses %s and says so', async (_, fields, said) => {
    await withMock({ world }, async (mock) => {
      const { status, json } = await images(mock, fields(mock.missing));
      expect(status).toBe(400);
      expect(json.error.message).toContain(said);
    });
  });

  test('refuses a reference that is no image', async () => {
    await withMock({ world }, async (mock) => {
      const { json } = await images(mock, { image_input: [`${mock.url}/api/status`] });
      expect(json.error.message).toContain('it is no image');
    });
  });

  test('drops a field that it does not know in silence', async () => {
    await withMock({ world }, async (mock) => {
      expect((await images(mock, { imagination: 9 })).status).toBe(200);
    });
  });

  test('gives n images, each hosted, and base64 where that is asked for', async () => {
    await withMock({ world }, async (mock) => {
      const three = await images(mock, { n: 3 });
      expect(three.json.data.map(({ url }: { url: string }) => url.slice(-6))).toEqual([
        '-1.png',
        '-2.png',
        '-3.png',
      ]);
      const { json } = await images(mock, { response_format: 'b64_json' });
      expect(json.data[0].url).toBe('');
      expect(json.data[0].b64_json).toMatch(/^iVBORw0KGgo/);
    });
  });
});

describe('the Images route on 2026-04-14', () => {
  test.each([
    [
      'nano-banana',
      false,
      400,
      'Unknown name "imageOutputOptions" at \'generation_config.image_config\'',
    ],
    ['nano-banana-pro', false, 400, 'imageOutputOptions'],
    ['nano-banana-2', true, 400, 'imageOutputOptions'],
    ['nano-banana-2', false, 500, 'not supported model for image generation'],
  ])('fails for %s (references: %s) with %i', async (model, withReference, status, said) => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const image_input = withReference ? references(mock, 1) : null;
      const heard = await images(mock, { model, image_input });
      expect(heard.status).toBe(status);
      expect(heard.json.error.message).toContain(said);
    });
  });
});

describe('the Images route with faults', () => {
  test('breaks at one value only', async () => {
    const faults = ['refs.14=refused', 'size.2K=1K', 'aspect.4:5=ignored', 'format.webp=refused'];
    await withMock({ world, faults }, async (mock) => {
      expect((await images(mock, { image_input: references(mock, 13, 'png') })).status).toBe(200);
      expect((await images(mock, { image_input: references(mock, 14, 'png') })).status).toBe(400);
      expect((await images(mock, { image_input: references(mock, 1, 'webp') })).status).toBe(400);
      const small = await images(mock, { resolution: '2K', aspect_ratio: '4:5' });
      expect(await sizeAt(small.json.data[0].url)).toMatchObject({ width: 1024, height: 1024 });
      const whole = await images(mock, { resolution: '4K', aspect_ratio: '5:4' });
      expect(await sizeAt(whole.json.data[0].url)).toMatchObject({ width: 4544, height: 3584 });
    });
  });

  test('breaks a combination whose parts work', async () => {
    await withMock({ world, faults: ['refs.14@2K=refused'] }, async (mock) => {
      const fourteen = { image_input: references(mock, 14) };
      expect((await images(mock, fourteen)).status).toBe(200);
      expect((await images(mock, { resolution: '2K' })).status).toBe(200);
      expect((await images(mock, { ...fourteen, resolution: '2K' })).status).toBe(400);
    });
  });

  test('can refuse with another status, type, code and message', async () => {
    const faults = ['message.refs=too much', 'status.refs=422', 'type.refs=odd', 'code.refs=many'];
    await withMock({ world, faults }, async (mock) => {
      const { status, json } = await images(mock, { image_input: references(mock, 15) });
      expect([status, json.error.type, json.error.code]).toEqual([422, 'odd', 'many']);
      expect(json.error.message).toMatch(/^too much \(request id: /);
    });
  });

  test('leaves the native route as it is', async () => {
    await withMock({ world, faults: ['images.nano-banana-2=fail'] }, async (mock) => {
      expect((await images(mock)).status).toBe(500);
      expect((await native(mock, 'nano-banana-2')).status).toBe(200);
    });
  });
});
