import { Buffer } from 'node:buffer';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { get, native, post, withMock } from './asking.ts';
import { fileOf } from './pictures.ts';

const SQUARE = Buffer.from(fileOf({ format: 'png', width: 64, height: 64, shade: 9 })).toString(
  'base64',
);
const EDIT = [
  { text: 'change the background to blue' },
  { inlineData: { mimeType: 'image/png', data: SQUARE } },
];

const partsOf = (json: any): any[] => json.candidates[0].content.parts;

async function inlineSize(data: string): Promise<readonly [number, number]> {
  const { width, height } = await sharp(Buffer.from(data, 'base64')).metadata();
  return [width, height];
}

describe('the native route on 2026-04-14', () => {
  test('makes no image for a prompt that wants none, and none of graphic violence', async () => {
    const answered = async (text: string, ...faults: string[]) => {
      let json: any;
      await withMock({ world: '2026-04-14', faults }, async (mock) => {
        json = (await native(mock, 'nano-banana-2', undefined, [{ text }])).json;
      });
      return json;
    };
    const unwanted = 'Describe a banana without an image';
    const { candidates } = await answered(unwanted);
    expect(candidates[0]).toMatchObject({ finishReason: 'NO_IMAGE', content: { role: 'model' } });
    expect(candidates[0].content).not.toHaveProperty('parts');
    expect(partsOf(await answered(unwanted, 'prompt.no-image=ignored'))).toHaveLength(2);

    const violent = 'A scene of graphic violence';
    const blocked = await answered(violent);
    expect(blocked.promptFeedback.blockReason).toBe('PROHIBITED_CONTENT');
    expect(blocked).not.toHaveProperty('candidates');
    expect(partsOf(await answered(violent, 'prompt.violence=ignored'))).toHaveLength(2);
  });

  test.each([
    ['gemini-3-pro-image-preview', /^!\[image\]\(data:image\/jpeg;base64,\/9j\//],
    ['gemini-2.5-flash-image', /^!\[image\]\(data:image\/png;base64,iVBORw0KGgo/],
    [
      'gemini-2.5-flash-image-preview',
      /^!\[Image\]\(http:\/\/127\.0\.0\.1:\d+\/task-artifacts\/2026\/04\/14\//,
    ],
    ['nano-banana-pro', /^!\[image\]\(data:image\/jpeg/],
    ['nano-banana', /^!\[image\]\(data:image\/png/],
  ])('%s writes its image into the first text', async (model, text) => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const { json } = await native(mock, model);
      expect(partsOf(json)).toHaveLength(1);
      expect(partsOf(json)[0].text).toMatch(text);
    });
  });

  test('hosts the image that it names', async () => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const { json } = await native(mock, 'gemini-2.5-flash-image-preview');
      const url = /\((.*)\)/.exec(partsOf(json)[0].text)?.[1] ?? '';
      expect((await get(url)).headers['content-type']).toBe('image/png');
    });
  });

  test('an alias answers as its canonical model, and names it', async () => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const { json } = await native(mock, 'nano-banana-2', { responseModalities: ['IMAGE'] });
      expect(json.modelVersion).toBe('gemini-3.1-flash-image-preview');
      expect(partsOf(json)).toHaveLength(1);
      expect(partsOf(json)[0].inlineData.mimeType).toBe('image/png');
      expect(json.candidates[0]).toMatchObject({
        finishReason: 'STOP',
        content: { role: 'model' },
      });
      expect(json.usageMetadata.candidatesTokenCount).toBe(1290);
    });
  });

  test('edits an inline image, and refuses one that is none', async () => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const model = 'gemini-3.1-flash-image-preview';
      const config = { responseModalities: ['IMAGE'] };
      const edited = await native(mock, model, config, EDIT);
      expect(partsOf(edited.json)[0].inlineData.data).toMatch(/^iVBORw0KGgo/);
      const broken = [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }];
      expect((await native(mock, model, config, broken)).status).toBe(400);
    });
  });

  test('honours ratio and size of imageConfig', async () => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const imageConfig = { aspectRatio: '9:16', imageSize: '2K' };
      const { json } = await native(mock, 'nano-banana-2', {
        responseModalities: ['IMAGE'],
        imageConfig,
      });
      expect(await inlineSize(partsOf(json)[0].inlineData.data)).toEqual([1536, 2752]);
    });
  });

  test('refuses a request without contents, and a model that is not served', async () => {
    await withMock({ world: '2026-04-14' }, async (mock) => {
      const path = '/v1beta/models/nano-banana:generateContent';
      const empty = await post(mock.url + path, { contents: [] });
      expect(empty.json.error.message).toContain('contents is required');
      const unknown = await native(mock, 'gemini-9');
      expect([unknown.status, unknown.json.error.code]).toEqual([503, 'model_not_found']);
    });
  });
});

describe('the native route on the days before', () => {
  test('fails edits on 2026-03-23, each model in its way', async () => {
    await withMock({ world: '2026-03-23' }, async (mock) => {
      const config = { responseModalities: ['IMAGE'] };
      const flash = await native(mock, 'gemini-3.1-flash-image-preview', config, EDIT);
      expect([flash.status, flash.json.error.code]).toEqual([500, 'get_channel_failed']);
      expect((await native(mock, 'gemini-2.5-flash-image', config, EDIT)).status).toBe(524);
      expect((await native(mock, 'gemini-2.5-flash-image', config)).status).toBe(200);
    });
  });

  test('gives text, then inline data on 2026-02-26, and drops imageGenerationConfig in silence', async () => {
    await withMock({ world: '2026-02-26' }, async (mock) => {
      const { json } = await native(mock, 'gemini-2-5-flash-image', {
        responseModalities: ['TEXT', 'IMAGE'],
        imageGenerationConfig: { aspectRatio: '16:9', numberOfImages: 4 },
      });
      expect(partsOf(json).map((part) => Object.keys(part))).toEqual([['text'], ['inlineData']]);
      expect(await inlineSize(partsOf(json)[1].inlineData.data)).toEqual([1024, 1024]);
    });
  });

  test('honours a ratio that is written in the prompt', async () => {
    await withMock({ world: '2026-02-26' }, async (mock) => {
      const parts = [{ text: 'Generate a 16:9 widescreen landscape painting' }];
      const { json } = await native(
        mock,
        'gemini-2-5-flash-image',
        { responseModalities: ['IMAGE'] },
        parts,
      );
      expect(await inlineSize(partsOf(json)[0].inlineData.data)).toEqual([1376, 768]);
    });
  });

  test.each([[{ responseModalities: ['TEXT'] }], [{}]])(
    'gives only text for %j',
    async (config) => {
      await withMock({ world: '2026-02-26' }, async (mock) => {
        const { json } = await native(mock, 'gemini-2-5-flash-image', config);
        expect(partsOf(json)).toEqual([{ text: expect.stringMatching(/./) }]);
        expect(json.usageMetadata.candidatesTokenCount).toBeLessThan(100);
      });
    },
  );
});

describe('the native route with faults', () => {
  const model = 'gemini-2-5-flash-image';
  const world = '2026-02-26';

  test('can honour the unofficial parameters', async () => {
    await withMock({ world, faults: ['imageGenerationConfig=honoured'] }, async (mock) => {
      const { json } = await native(mock, model, {
        responseModalities: ['IMAGE'],
        imageGenerationConfig: { aspectRatio: '3:4', numberOfImages: 4 },
      });
      expect(partsOf(json)).toHaveLength(4);
      expect(await inlineSize(partsOf(json)[3].inlineData.data)).toEqual([896, 1200]);
    });
  });

  test('can withhold the image for safety, or block the prompt', async () => {
    await withMock({ world, faults: ['finish=IMAGE_SAFETY'] }, async (mock) => {
      const { json } = await native(mock, model);
      expect(json.candidates[0].finishReason).toBe('IMAGE_SAFETY');
      expect(json.candidates[0].content.parts).toBeUndefined();
    });
    await withMock({ world, faults: ['blocked=PROHIBITED_CONTENT'] }, async (mock) => {
      const { json } = await native(mock, model);
      expect(json.promptFeedback.blockReason).toBe('PROHIBITED_CONTENT');
      expect(json.candidates).toBeUndefined();
    });
  });

  test('can think with interim images first', async () => {
    await withMock({ world, faults: ['thoughts=interim'] }, async (mock) => {
      const parts = partsOf((await native(mock, model)).json);
      expect(parts.map(({ thought }) => thought)).toEqual([true, true, undefined, undefined]);
      expect(await inlineSize(parts[1].inlineData.data)).toEqual([256, 192]);
    });
  });

  test.each([
    ['truncated', /^iVBORw0KGgo/],
    ['line-breaks', /\n/],
    ['garbage', /^@@/],
    ['empty', /^$/],
  ])('can send a payload that is %s', async (payload, data) => {
    await withMock({ world, faults: [`payload=${payload}`] }, async (mock) => {
      const sent = partsOf((await native(mock, model)).json)[1].inlineData.data;
      expect(sent).toMatch(data);
      expect(sent).not.toBe(
        Buffer.from(fileOf({ width: 1024, height: 1024, format: 'png', shade: 200 })).toString(
          'base64',
        ),
      );
    });
  });

  test('can send an image of an exact length', async () => {
    await withMock({ world, faults: ['image.bytes=100000'] }, async (mock) => {
      const { data } = partsOf((await native(mock, model)).json)[1].inlineData;
      expect(Buffer.from(data, 'base64').length).toBe(100_000);
    });
  });

  test('can take several shapes in turn', async () => {
    await withMock({ world, faults: ['shape=inline-data|data-uri'] }, async (mock) => {
      const shapes = [];
      for (let turn = 0; turn < 4; turn++) {
        const config = { responseModalities: ['IMAGE'] };
        shapes.push(Object.keys(partsOf((await native(mock, model, config)).json)[0])[0]);
      }
      expect(shapes).toEqual(['inlineData', 'text', 'inlineData', 'text']);
    });
  });
});
