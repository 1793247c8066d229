import { crc32, deflateSync } from 'node:zlib';

/** What a flat image shall be: one shade of grey all over. */
export interface FlatImage {
  readonly format: 'png' | 'jpeg' | 'webp';
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** The exact length of the file; as short as it can be if absent. */
  readonly bytes?: number;
  /** 0 is black, 255 is white, 128 if absent: two shades are two different files. */
  readonly shade?: number;
}

/** A file in two halves, between which padding may go, with the least padding that its format can hold. */
interface Halves {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly leastPadding: number;
  readonly padding: (length: number) => Uint8Array;
}

const LARGEST_SIDE = { png: 65_535, jpeg: 65_535, webp: 16_384 } as const;

/** The bytes of a flat, valid image; throws a RangeError for a size, shade or length that its format cannot have. */
export function writeImage(image: FlatImage): Uint8Array {
  const { format, width, height, shade = 128 } = image;
  requireWhole('width', width, 1, LARGEST_SIDE[format]);
  requireWhole('height', height, 1, LARGEST_SIDE[format]);
  requireWhole('shade', shade, 0, 255);
  if (format === 'webp') return webp(image, shade);
  const halves = format === 'png' ? png(width, height, shade) : jpeg(width, height, shade);
  const plain = halves.head.length + halves.tail.length;
  const padding = paddingFor(image, plain, halves.leastPadding);
  return Buffer.concat([
    halves.head,
    padding === 0 ? Buffer.alloc(0) : halves.padding(padding),
    halves.tail,
  ]);
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

function paddingFor(image: FlatImage, plain: number, leastPadding: number): number {
  const { format, width, height, bytes = plain } = image;
  if (bytes === plain) return 0;
  if (Number.isInteger(bytes) && bytes >= plain + leastPadding) return bytes - plain;
  throw new RangeError(
    `a ${format} of ${width}x${height} cannot have ${bytes} bytes: it has ${plain}, or ${plain + leastPadding} and more`,
  );
}

/** Grey as a palette of one colour: one bit a pixel, all of them 0, compresses in no time. */
function png(width: number, height: number, shade: number): Halves {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 3], 8); // bits a pixel; indexed colour
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  return {
    head: Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      pngChunk('IHDR', header),
      pngChunk('PLTE', Buffer.from([shade, shade, shade])),
      pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    ]),
    tail: pngChunk('IEND', Buffer.alloc(0)),
    leastPadding: 12,
    padding: (length) => pngChunk('paDd', Buffer.alloc(length - 12)), // this case means: ancillary, private, safe to copy
  };
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** Baseline, one grey component: its first block holds the shade, each later one is "no change, no detail", two bits. */
function jpeg(width: number, height: number, shade: number): Halves {
  const level = shade - 128; // of DC, because its quantiser is 8
  const category = 32 - Math.clz32(Math.abs(level));
  const magnitude = level < 0 ? level + 2 ** category - 1 : level;
  const first = category === 0 ? '00' : `10${magnitude.toString(2).padStart(category, '0')}0`;
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const bits = first.length + 2 * (blocks - 1);
  const scan = Buffer.alloc(Math.ceil(bits / 8));
  for (let at = 0; at < first.length; at++) if (first[at] === '1') setBit(scan, at);
  for (let at = bits; at < 8 * scan.length; at++) setBit(scan, at); // the rest of the last byte is ones
  // No byte of the scan is 0xff, which would need stuffing: the first begins with "10" or "00", all others hold a 0.
  return {
    head: Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ]),
    tail: Buffer.concat([
      segment(0xdb, [0, ...Array.from({ length: 64 }, () => 8)]),
      segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
      segment(0xc4, [0x00, ...codeLengths(1, 1), 0, category === 0 ? 1 : category]),
      segment(0xc4, [0x10, ...codeLengths(1), 0]),
      segment(0xda, [1, 1, 0, 0, 63, 0]),
      scan,
      Buffer.from([0xff, 0xd9]),
    ]),
    leastPadding: 4,
    padding: comments,
  };
}

/** The sixteen counts of a Huffman table: how many codes have one bit, two bits, … */
function codeLengths(...counts: readonly number[]): readonly number[] {
  return Array.from({ length: 16 }, (_, index) => counts[index] ?? 0);
}

function setBit(bytes: Uint8Array, at: number): void {
  const index = at >> 3;
  bytes[index] = (bytes[index] ?? 0) | (0x80 >> (at & 7));
}

function segment(marker: number, data: readonly number[]): Uint8Array {
  const length = data.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...data]);
}

/** Comment segments of `length` bytes in all; one holds at most 65,537 and at least 4. */
function comments(length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const rest = length - at;
    const size = rest > 65_537 ? Math.min(65_537, rest - 4) : rest;
    bytes.set([0xff, 0xfe, (size - 2) >> 8, (size - 2) & 255], at);
    at += size;
  }
  return bytes;
}

/** Lossless, each channel a code with a single symbol: pixels take no bits at all. */
function webp(image: FlatImage, shade: number): Uint8Array {
  const fields: readonly (readonly [value: number, bits: number])[] = [
    [0x2f, 8],
    [image.width - 1, 14],
    [image.height - 1, 14],
    [0, 1 + 3], // no alpha, version 0
    [0, 1 + 1 + 1], // no transform, no colour cache, one group of codes
    ...[shade, shade, shade, 255].flatMap((symbol) => [[0b101, 3] as const, [symbol, 8] as const]),
    [0b0001, 4], // distances are never used: their code is the symbol 0
  ];
  const pixels = riffChunk('VP8L', packed(fields));
  const padding = paddingFor(image, 12 + pixels.length, 8);
  // RIFF counts in pairs of bytes: of an odd length, the last byte stands behind the end, where readers do not look.
  const evenPadding = padding - (padding % 2);
  const junk = evenPadding === 0 ? [] : [riffChunk('JUNK', Buffer.alloc(evenPadding - 8))];
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + pixels.length + evenPadding, 4);
  return Buffer.concat([head, pixels, ...junk, Buffer.alloc(padding % 2)]);
}

function riffChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, 0, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}

/** Numbers of so many bits each, the lowest bit first. */
function packed(fields: readonly (readonly [value: number, bits: number])[]): Uint8Array {
  const bits = fields.flatMap(([value, count]) =>
    Array.from({ length: count }, (_, index) => (value >> index) & 1),
  );
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) {
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7));
  }
  return bytes;
}
