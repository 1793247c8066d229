/** What the bytes of an image say of it; the server's word for it counts nowhere. */
export interface ImageFacts {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** In pixels; 0 where the header does not say. */
  readonly width: number;
  readonly height: number;
  /** Why it is not whole; absent for an image whose chunks, scan data and lengths reach to its end. */
  readonly flaw?: string;
}

/** What a walk through the bytes of one format brings. */
type Walk = Omit<ImageFacts, 'type'>;

/**
 * Reads an image from its own bytes, to its end; undefined if they do not begin as one.
 * Whatever stands behind the end is not looked at. It never throws, and takes time in proportion to the length.
 */
export function readImage(bytes: Uint8Array): ImageFacts | undefined {
  const format = FORMATS.find(({ begins }) => begins(bytes));
  if (format === undefined) return undefined;
  const { width, height, flaw } = format.walk(bytes);
  if (flaw === undefined && (width === 0 || height === 0)) {
    return { type: format.type, width, height, flaw: 'the header names no size' };
  }
  return { type: format.type, width, height, ...(flaw !== undefined && { flaw }) };
}

const FORMATS: readonly {
  readonly type: ImageFacts['type'];
  readonly begins: (bytes: Uint8Array) => boolean;
  readonly walk: (bytes: Uint8Array) => Walk;
}[] = [
  { type: 'image/png', begins: (bytes) => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'), walk: walkPng },
  { type: 'image/jpeg', begins: (bytes) => hasText(bytes, 0, '\xff\xd8\xff'), walk: walkJpeg },
  {
    type: 'image/webp',
    begins: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
    walk: walkWebp,
  },
  {
    type: 'image/gif',
    begins: (bytes) => hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a'),
    walk: walkGif,
  },
];

function walkPng(bytes: Uint8Array): Walk {
  const size = hasText(bytes, 12, 'IHDR')
    ? { width: uint32BE(bytes, 16), height: uint32BE(bytes, 20) }
    : { width: 0, height: 0 };
  let pixels = false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = uint32BE(bytes, at);
    const type = at + 4;
    const end = at + 12 + length;
    if (!isChunkType(bytes, type)) return { ...size, flaw: 'a chunk has no valid type' };
    if (at === 8 && (size.width === 0 || length !== 13))
      return { ...size, flaw: 'it does not begin with a header' };
    if (end > bytes.length)
      return { ...size, flaw: `it ends inside its ${textAt(bytes, type)} chunk` };
    if (isCritical(bytes, type) && crc32(bytes, type, end - 4) !== uint32BE(bytes, end - 4)) {
      return { ...size, flaw: `the checksum of its ${textAt(bytes, type)} chunk is wrong` };
    }
    if (hasText(bytes, type, 'IDAT')) pixels = true;
    if (hasText(bytes, type, 'IEND')) return pixels ? size : { ...size, flaw: 'it has no pixels' };
    at = end;
  }
  return { ...size, flaw: 'it ends before its IEND chunk' };
}

/** Four letters (PNG, 5.3). */
function isChunkType(bytes: Uint8Array, at: number): boolean {
  for (let index = at; index < at + 4; index++) {
    const letter = (bytes[index] ?? 0) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return false;
  }
  return true;
}

/** An upper case first letter (PNG, 5.4); decoders ignore a wrong checksum in the other chunks. */
function isCritical(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 0x20) === 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  for (let at = start; at < end; at++) {
    crc = (CRC_TABLE[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

const JPEG = { EOI: 0xd9, SOS: 0xda, TEM: 0x01 } as const;

function walkJpeg(bytes: Uint8Array): Walk {
  let size = { width: 0, height: 0 };
  let scans = 0;
  for (let at = 2; at < bytes.length;) {
    if (bytes[at] !== 0xff)
      return { ...size, flaw: 'something that is no segment stands between two segments' };
    while (bytes[at] === 0xff) at++; // any number of fill bytes may come before a marker (T.81, B.1.1.2)
    const marker = bytes[at++];
    if (marker === undefined) break;
    if (marker === JPEG.EOI) return scans > 0 ? size : { ...size, flaw: 'it has no scan' };
    if (marker === JPEG.TEM || isRestart(marker)) continue;
    const end = at + uint16BE(bytes, at);
    if (at + 2 > bytes.length || end > bytes.length)
      return { ...size, flaw: 'it ends inside a segment' };
    if (end < at + 2) return { ...size, flaw: 'a segment has no valid length' };
    if (isFrame(marker) && size.width === 0) {
      size = { height: uint16BE(bytes, at + 3), width: uint16BE(bytes, at + 5) };
    }
    at = end;
    if (marker === JPEG.SOS) {
      scans++;
      at = endOfScan(bytes, at);
    }
  }
  return { ...size, flaw: scans > 0 ? 'it ends before its end marker' : 'it ends before its scan' };
}

/** Start of frame, which bears the size; C4, C8 and CC are tables and a reserved one. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

/** Where the next marker stands that is neither a stuffed 0xff nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0x00 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}

function walkWebp(bytes: Uint8Array): Walk {
  let size: Walk = { width: 0, height: 0 };
  let pixels = false;
  const end = 8 + uint32LE(bytes, 4);
  let at = 12;
  while (at + 8 <= Math.min(end, bytes.length)) {
    const length = uint32LE(bytes, at + 4);
    // VP8X, if there is one, comes first, and its canvas is the size of the image.
    if (size.width === 0) size = webpSize(bytes, at) ?? size;
    pixels ||= ['VP8 ', 'VP8L', 'ANMF'].some((type) => hasText(bytes, at, type));
    if (at + 8 + length > bytes.length)
      return { ...size, flaw: `it ends inside its ${textAt(bytes, at)} chunk` };
    if (at + 8 + length > end)
      return { ...size, flaw: `its ${textAt(bytes, at)} chunk is longer than the file says` };
    at += 8 + length + (length % 2);
  }
  if (end > bytes.length) return { ...size, flaw: 'it ends before the length that it names' };
  // Some writers leave out the last padding byte.
  if (at < end) return { ...size, flaw: 'its last chunk is cut' };
  return pixels ? size : { ...size, flaw: 'it has no pixels' };
}

/** The size in the chunk that begins at `at`, if it is one that bears a size. */
function webpSize(bytes: Uint8Array, at: number): Walk | undefined {
  const data = at + 8;
  const room = bytes.length - data;
  if (room >= 10 && hasText(bytes, at, 'VP8X')) {
    return { width: 1 + uint24LE(bytes, data + 4), height: 1 + uint24LE(bytes, data + 7) };
  }
  if (room >= 5 && hasText(bytes, at, 'VP8L') && bytes[data] === 0x2f) {
    const bits = uint32LE(bytes, data + 1);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (room >= 10 && hasText(bytes, at, 'VP8 ') && hasText(bytes, data + 3, '\x9d\x01\x2a')) {
    return {
      width: uint16LE(bytes, data + 6) & 0x3fff,
      height: uint16LE(bytes, data + 8) & 0x3fff,
    };
  }
  return undefined;
}

const GIF = { EXTENSION: 0x21, IMAGE: 0x2c, TRAILER: 0x3b } as const;

function walkGif(bytes: Uint8Array): Walk {
  const size = { width: uint16LE(bytes, 6), height: uint16LE(bytes, 8) };
  let pixels = false;
  for (let at = 13 + colourTable(bytes[10]); at < bytes.length;) {
    const block = bytes[at];
    if (block === GIF.TRAILER) return pixels ? size : { ...size, flaw: 'it has no pixels' };
    if (block === GIF.IMAGE) at += 11 + colourTable(bytes[at + 9]);
    else if (block === GIF.EXTENSION) at += 2;
    else return { ...size, flaw: 'a block has no valid type' };
    while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] ?? 0);
    at++;
    if (block === GIF.IMAGE) pixels = true;
  }
  return { ...size, flaw: 'it ends before its trailer' };
}

/** The length of the colour table that the flags announce, in bytes. */
function colourTable(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** The four characters of a chunk type; from outside, so nothing but letters and digits may reach a message. */
function textAt(bytes: Uint8Array, at: number): string {
  const text = String.fromCharCode(...bytes.subarray(at, at + 4));
  return text.trim().replace(/[^A-Za-z0-9 ]/g, '?');
}

// Numbers read past the end are 0: whoever asks has the length to check.
function uint16BE(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
function uint32BE(bytes: Uint8Array, at: number): number {
  return uint16BE(bytes, at) * 65_536 + uint16BE(bytes, at + 2);
}
function uint16LE(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
function uint24LE(bytes: Uint8Array, at: number): number {
  return uint16LE(bytes, at) | ((bytes[at + 2] ?? 0) << 16);
}
function uint32LE(bytes: Uint8Array, at: number): number {
  return uint16LE(bytes, at) + uint16LE(bytes, at + 2) * 65_536;
}
