import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { writeImage } from './write.ts';

const formats = ['png', 'jpeg', 'webp'] as const;
const sizes = [
  [1, 1],
  [7, 9],
  [8, 8],
  [1024, 768],
  [1023, 17],
] as const;

async function shadesOf(bytes: Uint8Array): Promise<ReadonlySet<number>> {
  const pixels = await sharp(bytes, { failOn: 'warning' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return new Set(pixels);
}

describe.each(formats)('a written %s', (format) => {
  test.each(sizes)('of %ix%i is what it says to three other readers', async (width, height) => {
    for (const shade of [0, 1, 127, 128, 129, 255]) {
      const bytes = writeImage({ format, width, height, shade });
      const type = await fileTypeFromBuffer(bytes);
      expect(type?.mime).toBe(`image/${format}`);
      expect(imageSize(bytes)).toMatchObject({ width, height });
      expect(await sharp(bytes).metadata()).toMatchObject({ format, width, height });
      expect(await shadesOf(bytes)).toEqual(new Set([shade]));
    }
  });

  test('has exactly the length that was asked for', async () => {
    const image = { format, width: 64, height: 48, shade: 200 } as const;
    const plain = writeImage(image).length;
    const lengths = [
      plain,
      plain + 12,
      plain + 13,
      plain + 65_537,
      plain + 65_538,
      plain + 65_541,
      500_001,
    ];
    for (const bytes of lengths) {
      const padded = writeImage({ ...image, bytes });
      expect(padded.length).toBe(bytes);
      expect(imageSize(padded)).toMatchObject({ width: 64, height: 48 });
      expect(await shadesOf(padded)).toEqual(new Set([200]));
    }
  });

  test('can be large, and long', async () => {
    expect(await sharp(writeImage({ format, width: 4096, height: 4096 })).metadata()).toMatchObject(
      {
        width: 4096,
        height: 4096,
      },
    );
    const bytes = 30 * 1024 * 1024 + 1;
    const long = writeImage({ format, width: 4096, height: 4096, bytes });
    expect(long.length).toBe(bytes);
    expect(await sharp(long).resize(1, 1).raw().toBuffer()).toHaveLength(3);
  });

  test('differs from one of another shade', () => {
    const [dark, light] = [10, 11].map((shade) =>
      writeImage({ format, width: 9, height: 9, shade }),
    );
    expect(dark).not.toEqual(light);
  });

  test('cannot be shorter than its own bytes, nor of an impossible size', () => {
    const write = (more: object) => () => writeImage({ format, width: 9, height: 9, ...more });
    expect(write({ bytes: 20 })).toThrow(`a ${format} of 9x9 cannot have 20 bytes`);
    expect(write({ bytes: 0 })).toThrow('cannot have 0 bytes');
    expect(write({ bytes: 999.5 })).toThrow('cannot have 999.5 bytes');
    expect(write({ width: 0 })).toThrow('width must be a whole number from 1 to');
    expect(write({ height: 70_000 })).toThrow('height must be');
    expect(write({ shade: 256 })).toThrow('shade must be a whole number from 0 to 255, not 256');
  });
});
