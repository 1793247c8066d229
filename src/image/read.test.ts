import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { readImage } from './read.ts';
import { writeImage } from './write.ts';

/** Noise, so that scans and chunks are full of every byte. */
function noise(width: number, height: number): Sharp {
  const raw = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let at = 0; at < raw.length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    raw[at] = state >> 16;
  }
  return sharp(raw, { raw: { width, height, channels: 3 } });
}

const decoded: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  png: (image) => image.png(),
  'interlaced png': (image) => image.png({ progressive: true }),
  'palette png': (image) => image.png({ palette: true }),
  jpeg: (image) => image.jpeg({ quality: 95 }),
  'progressive jpeg': (image) => image.jpeg({ progressive: true }),
  'jpeg with metadata': (image) => image.withExif({ IFD0: { Copyright: 'x'.repeat(9000) } }).jpeg(),
  'lossy webp': (image) => image.webp(),
  'lossless webp': (image) => image.webp({ lossless: true }),
  'webp with transparency and metadata': (image) => image.ensureAlpha(0.5).withExif({}).webp(),
  gif: (image) => image.gif(),
};

describe.each(Object.keys(decoded))('a real %s', (name) => {
  const make = decoded[name] as (image: Sharp) => Sharp;

  test('has the type and the pixels that file-type and image-size see, and is whole', async () => {
    for (const [width, height] of [
      [1, 1],
      [33, 17],
      [300, 200],
    ] as const) {
      const bytes = await make(noise(width, height)).toBuffer();
      const type = await fileTypeFromBuffer(bytes);
      const { width: seenWidth, height: seenHeight } = imageSize(bytes);
      expect(readImage(bytes)).toEqual({ type: type?.mime, width: seenWidth, height: seenHeight });
      expect([seenWidth, seenHeight]).toEqual([width, height]);
    }
  });

  test('is whole with garbage behind it, and at no other place cut', async () => {
    const bytes = await make(noise(40, 30)).toBuffer();
    expect(readImage(Buffer.concat([bytes, Buffer.from('garbage\xff\xd8')]))?.flaw).toBeUndefined();
    for (let length = 0; length < bytes.length; length++) {
      const facts = readImage(bytes.subarray(0, length));
      if (facts !== undefined) expect(facts.flaw, `of ${length} bytes`).toBeDefined();
    }
  });
});

test('an animated gif and an animated webp are whole, and as large as their canvas', async () => {
  const frames = noise(20, 40);
  const raw = await frames.raw().toBuffer();
  const pages = sharp(raw, { raw: { width: 20, height: 40, channels: 3, pageHeight: 20 } });
  expect(readImage(await pages.clone().gif().toBuffer())).toEqual({
    type: 'image/gif',
    width: 20,
    height: 20,
  });
  expect(readImage(await pages.clone().webp().toBuffer())).toEqual({
    type: 'image/webp',
    width: 20,
    height: 20,
  });
});

test('every written image is read as what it was written as, and no prefix of it is whole', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('png', 'jpeg', 'webp'),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 0, max: 5 }),
      fc.nat(),
      (format, width, height, extra, at) => {
        const plain = writeImage({ format, width, height }).length;
        const bytes = writeImage({ format, width, height, bytes: plain + 20 + 2 * extra });
        expect(readImage(bytes)).toEqual({ type: `image/${format}`, width, height });
        const facts = readImage(bytes.subarray(0, at % bytes.length));
        expect(facts === undefined || facts.flaw !== undefined).toBe(true);
      },
    ),
  );
});

test('the size of a jpeg is found behind many megabytes of comments', () => {
  const bytes = writeImage({ format: 'jpeg', width: 1234, height: 567, bytes: 8_000_000 });
  expect(readImage(bytes)).toEqual({ type: 'image/jpeg', width: 1234, height: 567 });
  expect(readImage(bytes.subarray(0, 4096))).toEqual({
    type: 'image/jpeg',
    width: 0,
    height: 0,
    flaw: 'it ends inside a segment',
  });
});

test('a truncated image keeps the size in its header, and says what is missing', () => {
  const size = { width: 1024, height: 768 };
  const cut = (format: 'png' | 'jpeg' | 'webp') => {
    const bytes = writeImage({ format, ...size, bytes: 40_000 });
    return readImage(bytes.subarray(0, format === 'jpeg' ? -1 : 20_000));
  };
  expect(cut('png')).toEqual({ type: 'image/png', ...size, flaw: 'it ends inside its paDd chunk' });
  expect(cut('jpeg')).toEqual({
    type: 'image/jpeg',
    ...size,
    flaw: 'it ends before its end marker',
  });
  expect(cut('webp')).toEqual({
    type: 'image/webp',
    ...size,
    flaw: 'it ends inside its JUNK chunk',
  });
});

test('a damaged byte in the pixels of a png is a flaw, one in an ancillary chunk is not', () => {
  const bytes = writeImage({ format: 'png', width: 64, height: 64, bytes: 300 });
  const damaged = (at: number) =>
    readImage(Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte)));
  const text = Buffer.from(bytes).toString('latin1');
  expect(damaged(text.indexOf('IDAT') + 6)?.flaw).toBe('the checksum of its IDAT chunk is wrong');
  expect(damaged(18)?.flaw).toBe('the checksum of its IHDR chunk is wrong');
  expect(damaged(text.indexOf('paDd') + 6)?.flaw).toBeUndefined();
});

test('what is well formed but has nothing in it is not whole', () => {
  const png = Buffer.from(writeImage({ format: 'png', width: 8, height: 8 }));
  const idat = png.indexOf('IDAT') - 4;
  const withoutPixels = Buffer.concat([png.subarray(0, idat), png.subarray(-12)]);
  expect(readImage(withoutPixels)?.flaw).toBe('it has no pixels');
  expect(readImage(Buffer.from('ffd8ffd9', 'hex'))?.flaw).toBe('it has no scan');
  expect(readImage(Buffer.from('RIFF\x04\0\0\0WEBP', 'latin1'))?.flaw).toBe('it has no pixels');
  expect(readImage(Buffer.from('GIF89a\x08\0\x08\0\0\0\0;', 'latin1'))?.flaw).toBe(
    'it has no pixels',
  );
  expect(
    readImage(Buffer.from('GIF89a\0\0\0\0\0\0\0,\0\0\0\0\0\0\0\0\0\x02\0;', 'latin1'))?.flaw,
  ).toBe('the header names no size');
});

test.each([
  '',
  'GIF88a',
  '<html></html>',
  'RIFF\x24\0\0\0WAVEfmt ',
  '\x89PNG\n\x1a\n',
  '\xff\xd8',
  '{"error":{}}',
])('no image: %j', (text) => {
  expect(readImage(Buffer.from(text, 'latin1'))).toBeUndefined();
});

test('random bytes behind a magic number, and random damage to a real image, never throw', async () => {
  const images = await Promise.all(
    Object.values(decoded).map((make) => make(noise(30, 30)).toBuffer()),
  );
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.constantFrom(...images),
      fc.uint8Array({ maxLength: 200 }),
      damage,
      (image, tail, changes) => {
        const headed = Buffer.concat([image.subarray(0, 12 + (tail[0] ?? 0)), tail]);
        const damaged = Uint8Array.from(image);
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        for (const bytes of [headed, damaged, tail]) {
          const { width = 0, height = 0 } = readImage(bytes) ?? {};
          expect(
            Number.isInteger(width) && width >= 0 && Number.isInteger(height) && height >= 0,
          ).toBe(true);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
