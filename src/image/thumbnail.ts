import { inflateSync } from 'node:zlib';
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg, encode as encodeJpeg } from 'jpeg-js';
import { uint32BE } from './numbers.ts';
import { readImage } from './read.ts';

/** The longest side of a small copy, in pixels; and how good a JPEG it is, of 100. */
const SIDE = 192;
const QUALITY = 72;

/** An image of more pixels is not decoded: each takes up to eight bytes, and a small file can declare any number of them. */
const MOST_PIXELS = 40_000_000;

/** A file of at most so many bytes, and of so few pixels, is its own small copy. */
const SMALL_BYTES = 6_000;
const SMALL_PIXELS = 4_000_000;

/** A JPEG can go over all of its pixels in each of its scans. */
const MOST_SCANS = 60;
const MOST_JPEG_MIB = 700;

/** Pixels as a decoder gives them, line by line. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Of each pixel: one grey, or red, green and blue; and how opaque it is, where there are two or four. */
  readonly channels: number;
  readonly data: ArrayLike<number>;
  /** What is white. */
  readonly most: number;
}

/**
 * A small copy of an image as a `data:` URL, a JPEG of at most 192 pixels a side unless the image is small itself; undefined for
 * what is no whole PNG or JPEG, has more pixels than 40 million, or cannot be decoded within bounds. What stands in the bytes is
 * anybody's.
 */
export function thumbnail(bytes: Uint8Array): string | undefined {
  const facts = readImage(bytes);
  if (facts === undefined || facts.flaw !== undefined) return undefined;
  const { type, width, height } = facts;
  if (width * height > MOST_PIXELS) return undefined;
  if (bytes.length <= SMALL_BYTES && width * height <= SMALL_PIXELS) return dataUrl(type, bytes);
  try {
    const pixels =
      type === 'image/png' ? png(bytes) : type === 'image/jpeg' ? jpeg(bytes) : undefined;
    return pixels && dataUrl('image/jpeg', encodeJpeg(small(pixels), QUALITY).data);
  } catch {
    return undefined; // whatever a decoder stumbles over
  }
}

function dataUrl(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

function jpeg(bytes: Uint8Array): Pixels | undefined {
  if (scansIn(bytes) > MOST_SCANS) return undefined;
  const { width, height, data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    maxResolutionInMP: MOST_PIXELS / 1_000_000,
    maxMemoryUsageInMB: MOST_JPEG_MIB,
  });
  return { width, height, channels: 3, data, most: 255 };
}

function scansIn(bytes: Uint8Array): number {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let scans = 0;
  for (let at = all.indexOf(SCAN); at >= 0; at = all.indexOf(SCAN, at + 2)) scans += 1;
  return scans;
}

/** A marker that begins a scan (T.81, B.1.1.3). */
const SCAN = Buffer.from([0xff, 0xda]);

function png(bytes: Uint8Array): Pixels | undefined {
  const chunks = chunksOf(bytes);
  const [header] = chunks;
  if (header === undefined) return undefined;
  const [width, height] = [uint32BE(header, 8), uint32BE(header, 12)];
  // A line has a byte for its filter; an interlaced image has lines in seven passes.
  const most = 2 * height * (8 * width + 1) + 65_536;
  const data = chunks.filter((chunk) => nameOf(chunk) === 'IDAT');
  // What it inflates to is known before anything else is made of it.
  inflateSync(Buffer.concat(data.map((chunk) => chunk.subarray(8, -4))), { maxOutputLength: most });
  const image = decodePng(Buffer.concat([SIGNATURE, ...chunks]));
  if (image.palette !== undefined) {
    const colours = image.palette[0]?.length ?? 3;
    const mapped = convertIndexedToRgb(image);
    return { width, height, channels: colours, data: mapped, most: 255 };
  }
  const { channels, depth } = image;
  if (depth < 8) return undefined;
  return { width, height, channels, data: image.data, most: depth === 16 ? 65_535 : 255 };
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Chunks that make the pixels: what others hold is compressed too, and nobody sees it. */
const PIXEL_CHUNKS: readonly string[] = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/** The chunks of a whole PNG that make its pixels, each with its length, its name and its checksum. */
function chunksOf(bytes: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const end = at + 12 + uint32BE(bytes, at);
    const chunk = bytes.subarray(at, end);
    if (PIXEL_CHUNKS.includes(nameOf(chunk))) chunks.push(chunk);
    at = end;
  }
  return chunks;
}

function nameOf(chunk: Uint8Array): string {
  return String.fromCharCode(...chunk.subarray(4, 8));
}

/** The mean of all that falls on each pixel of a smaller image, on white, as red, green, blue and opaque. */
function small({ width, height, channels, data, most }: Pixels): {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
} {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const to = { width: side(width * scale), height: side(height * scale) };
  const sums = new Float64Array(to.width * to.height * 4);
  const isGrey = channels < 3;
  const isClear = channels % 2 === 0;
  for (let y = 0; y < height; y++) {
    const line = Math.floor((y * to.height) / height) * to.width;
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const at = 4 * (line + Math.floor((x * to.width) / width));
      const opaque = isClear ? (data[from + channels - 1] ?? 0) / most : 1;
      for (let colour = 0; colour < 3; colour++) {
        const value = data[isGrey ? from : from + colour] ?? 0;
        sums[at + colour] = (sums[at + colour] ?? 0) + value * opaque + most * (1 - opaque);
      }
      sums[at + 3] = (sums[at + 3] ?? 0) + 1;
    }
  }
  const bytes = Uint8Array.from(sums, (sum, at) => {
    if (at % 4 === 3) return 255;
    return Math.round((255 * sum) / most / Math.max(1, sums[at - (at % 4) + 3] ?? 1));
  });
  return { ...to, data: bytes };
}

function side(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}
