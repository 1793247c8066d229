import { deflateSync, crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { readImage } from './read.ts';
import { thumbnail } from './thumbnail.ts';
import { writeImage } from './write.ts';

/** Noise that no file can make small, in colours that go from left to right. */
function picture(width: number, height: number, channels: 1 | 2 | 3 | 4) {
  const pixels = Buffer.alloc(width * height * channels);
  let state = 1;
  for (let at = 0; at < pixels.length; at++) {
    const x = Math.floor(at / channels) % width;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = Math.floor((200 * x) / width) + (state >>> 27);
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

/** The type, size and pixels of what a small copy shows. */
async function shown(copy: string | undefined) {
  const [head = '', body = ''] = (copy ?? '').split(',');
  const bytes = Buffer.from(body, 'base64');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { head, bytes, data, width: info.width, height: info.height, channels: info.channels };
}

describe('a small copy', () => {
  test.each([
    ['PNG', (one: Sharp) => one.png()],
    ['interlaced PNG', (one: Sharp) => one.png({ progressive: true })],
    ['PNG of a palette', (one: Sharp) => one.png({ palette: true, effort: 1 })],
    ['PNG of 16 bits', (one: Sharp) => one.toColourspace('rgb16').png()],
    ['JPEG', (one: Sharp) => one.jpeg()],
    ['progressive JPEG', (one: Sharp) => one.jpeg({ progressive: true })],
  ] as const)(
    'of a %s has its shape, its colours, and at most 192 pixels a side',
    async (_, as) => {
      const { head, bytes, data, width, height, channels } = await shown(
        thumbnail(await as(picture(800, 400, 3)).toBuffer()),
      );
      expect(head).toBe('data:image/jpeg;base64');
      expect([width, height]).toEqual([192, 96]);
      expect(bytes.length).toBeLessThan(12_000);
      const line = 48 * width * channels;
      const [left = 0, right = 0] = [data[line + 8 * channels], data[line + 184 * channels]];
      expect(left).toBeLessThan(60);
      expect(right).toBeGreaterThan(170);
    },
  );

  test.each([1, 2, 4] as const)('of a PNG with %d channels shows it on white', async (channels) => {
    const { data, width } = await shown(
      thumbnail(await picture(400, 400, channels).png().toBuffer()),
    );
    expect(width).toBe(192);
    expect(Math.max(...data)).toBeGreaterThan(170);
  });

  test('of what is small itself is that very image', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
      .webp()
      .toBuffer();
    expect(thumbnail(bytes)).toBe(`data:image/webp;base64,${bytes.toString('base64')}`);
  });

  test('is not made of what is no image, is cut off, or has a format that is not decoded', async () => {
    const whole = await picture(300, 300, 3).png().toBuffer();
    expect(thumbnail(Buffer.from('no image'))).toBeUndefined();
    expect(thumbnail(whole.subarray(0, -20))).toBeUndefined();
    expect(
      thumbnail(await picture(300, 300, 3).webp({ lossless: true }).toBuffer()),
    ).toBeUndefined();
  });

  test('is not made of an image that declares more than 40 million pixels, however few bytes it has', () => {
    const bomb = writeImage({ format: 'png', width: 8000, height: 8000 });
    expect(readImage(bomb)?.width).toBe(8000);
    expect(thumbnail(bomb)).toBeUndefined();
  });

  test('is not made of a PNG that inflates to more than its pixels, and reads nothing but pixels', () => {
    const bomb = png([
      ['IHDR', header(10, 10)],
      ['IDAT', deflateSync(Buffer.alloc(50_000_000))],
      ['IEND', Buffer.alloc(0)],
    ]);
    expect(bomb.length).toBeGreaterThan(6000);
    expect(thumbnail(bomb)).toBeUndefined();
    const profile = Buffer.concat([
      Buffer.from('x\0\0', 'latin1'),
      deflateSync(Buffer.alloc(50_000_000)),
    ]);
    const lines = Buffer.alloc(10 * 31, 77);
    for (let y = 0; y < 10; y++) lines[y * 31] = 0;
    const dressed = png([
      ['IHDR', header(10, 10)],
      ['iCCP', profile],
      ['IDAT', deflateSync(lines)],
      ['IEND', Buffer.alloc(0)],
    ]);
    expect(thumbnail(dressed)).toMatch(/^data:image\/jpeg/);
  });

  test('never throws, whatever is changed in the bytes', async () => {
    const seeds = [
      await picture(200, 60, 3).png().toBuffer(),
      await picture(200, 60, 3).jpeg({ progressive: true }).toBuffer(),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (seed, changes) => {
          const bytes = Buffer.from(seed);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          expect(['string', 'undefined']).toContain(typeof thumbnail(bytes));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function header(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  bytes.set([8, 2], 8);
  return bytes;
}

/** A PNG of these chunks. */
function png(chunks: readonly (readonly [name: string, data: Buffer])[]): Buffer {
  const written = chunks.map(([name, data]) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const around = Buffer.alloc(8);
    around.writeUInt32BE(data.length, 0);
    around.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...written]);
}
