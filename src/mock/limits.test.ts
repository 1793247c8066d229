import { expect, test } from 'vitest';
import { writeImage } from '../image/write.ts';
import { images, PROMPT, references, withMock } from './asking.ts';
import { isBeyond, lengthOf, longSide } from './limits.ts';

const WORLD = '2026-03-30';
const dataUri = (width: number, height: number): string =>
  `data:image/png;base64,${Buffer.from(writeImage({ format: 'png', width, height, shade: 9 })).toString('base64')}`;

test.each(['png', 'jpeg', 'webp'] as const)(
  'the longer side of a %s is read from its head',
  (format) => {
    const sides = [
      [300, 20],
      [20, 4097],
    ] as const;
    const read = sides.map(([width, height]) =>
      longSide(writeImage({ format, width, height, shade: 9 })),
    );
    expect(read).toEqual([300, 4097]);
    expect(longSide(new Uint8Array(3))).toBe(0);
  },
);

test('a prompt is counted in characters, and one too many is refused with the limit', async () => {
  expect(lengthOf('né🎈')).toBe(3);
  const limit = lengthOf(PROMPT);
  await withMock({ world: WORLD, faults: [`prompt.limit=${limit}`] }, async (mock) => {
    expect((await images(mock)).status).toBe(200);
    const { status, json } = await images(mock, { prompt: `${PROMPT}!` });
    expect([status, json.error.message]).toEqual([
      400,
      expect.stringContaining(`a prompt has at most ${limit} characters`),
    ]);
  });
});

test('an image in the request that is too long or too wide is refused with the limit', async () => {
  await withMock({ world: WORLD, faults: ['pixels.limit=100'] }, async (mock) => {
    expect((await images(mock, { image_input: [dataUri(100, 10)] })).status).toBe(200);
    const { status, json } = await images(mock, { image_input: [dataUri(10, 101)] });
    expect([status, json.error.message]).toEqual([
      400,
      expect.stringContaining('longer or wider than 100 pixels'),
    ]);
  });
});

test('near an edge that is not sharp a coin decides, which falls the same in every run', async () => {
  const statuses = async (): Promise<readonly number[]> => {
    const all: number[] = [];
    await withMock({ world: WORLD, faults: ['refs.limit=14', 'edge=2'] }, async (mock) => {
      for (const count of [12, 17, 13, 14, 15, 16, 13, 14, 15, 16])
        all.push((await images(mock, { image_input: references(mock, count) })).status);
    });
    return all;
  };
  const first = await statuses();
  expect(first.slice(0, 2)).toEqual([200, 400]);
  expect(new Set(first.slice(2))).toEqual(new Set([200, 400]));
  expect(await statuses()).toEqual(first);
});

test('far from its edge, and where nothing is limited, a value is beyond it or not', () => {
  const call = { ask: () => '2', requestId: 'r' };
  expect([15, 16, 19, 20].map((value) => isBeyond(call, value, '17')).at(-1)).toBe(true);
  expect(isBeyond(call, 15, '17')).toBe(false);
  expect(isBeyond(call, 1_000_000, 'none')).toBe(false);
});
