import { crc32 } from 'node:zlib';
import { hasText, uint16BE, uint16LE, uint24LE, uint32BE, uint32LE } from './numbers.ts';
import { left, type Steps, type Window } from './window.ts';

/** What a walk through the bytes of one format brings; domain/exchange.ts defines each member. */
export interface Walked {
  readonly width: number;
  readonly height: number;
  readonly flaw?: string;
}

const NO_SIZE = { width: 0, height: 0 };

/** Through the chunks of a PNG, to its IEND. */
export function* walkPng(window: Window): Steps<Walked> {
  yield 24;
  const size = hasText(window.bytes, 12, 'IHDR')
    ? { width: uint32BE(window.bytes, 16), height: uint32BE(window.bytes, 20) }
    : NO_SIZE;
  let pixels = false;
  window.at = 8;
  for (let isFirst = true; ; isFirst = false) {
    yield 12;
    if (left(window) < 12) return { ...size, flaw: 'it ends before its IEND chunk' };
    const length = uint32BE(window.bytes, window.at);
    const type = String.fromCharCode(...window.bytes.subarray(window.at + 4, window.at + 8));
    // Four letters (PNG, 5.3).
    if (!/^[A-Za-z]{4}$/.test(type)) return { ...size, flaw: 'a chunk has no valid type' };
    if (isFirst && (size.width === 0 || length !== 13))
      return { ...size, flaw: 'it does not begin with a header' };
    window.at += 4;
    const sum = isCritical(type) ? yield* checksum(window, 4 + length) : undefined;
    if (sum === undefined) window.at += 4 + length;
    yield 4;
    if (left(window) < 4) return { ...size, flaw: `it ends inside its ${type} chunk` };
    if (sum !== undefined && sum !== uint32BE(window.bytes, window.at))
      return { ...size, flaw: `the checksum of its ${type} chunk is wrong` };
    if (type === 'IDAT') pixels = true;
    if (type === 'IEND') return pixels ? size : { ...size, flaw: 'it has no pixels' };
    window.at += 4;
  }
}

/** An upper case first letter (PNG, 5.4); decoders ignore a wrong checksum in the other chunks. */
function isCritical(type: string): boolean {
  return type < 'a';
}

/** The CRC-32 of so many bytes; of fewer, if the image ends before. */
function* checksum(window: Window, length: number): Steps<number> {
  let sum = 0;
  for (let rest = length; rest > 0;) {
    yield 1;
    const part = window.bytes.subarray(window.at, window.at + rest);
    if (part.length === 0) break;
    sum = crc32(part, sum);
    window.at += part.length;
    rest -= part.length;
  }
  return sum;
}

const JPEG = { EOI: 0xd9, SOS: 0xda, TEM: 0x01 } as const;

/** Through the segments and scans of a JPEG, to its end marker. */
export function* walkJpeg(window: Window): Steps<Walked> {
  let size = NO_SIZE;
  let scans = 0;
  window.at = 2;
  for (;;) {
    yield 1;
    if (left(window) < 1) break;
    if (window.bytes[window.at] !== 0xff)
      return { ...size, flaw: 'something that is no segment stands between two segments' };
    // Any number of fill bytes may come before a marker (T.81, B.1.1.2).
    while (window.bytes[window.at] === 0xff) if (++window.at === window.bytes.length) yield 1;
    const marker = window.bytes[window.at++];
    if (marker === undefined) break;
    if (marker === JPEG.EOI) return scans > 0 ? size : { ...size, flaw: 'it has no scan' };
    if (marker === JPEG.TEM || isRestart(marker)) continue;
    yield 7;
    if (left(window) < 2) return { ...size, flaw: 'it ends inside a segment' };
    const { bytes, at } = window;
    const length = uint16BE(bytes, at);
    const named = { height: uint16BE(bytes, at + 3), width: uint16BE(bytes, at + 5) };
    window.at += length;
    yield 0;
    if (left(window) < 0) return { ...size, flaw: 'it ends inside a segment' };
    if (length < 2) return { ...size, flaw: 'a segment has no valid length' };
    if (isFrame(marker) && size.width === 0) size = named;
    if (marker === JPEG.SOS) {
      scans++;
      yield* scan(window);
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

/** To the next marker that is neither a stuffed 0xff nor a restart. */
function* scan(window: Window): Steps<void> {
  for (yield 2; left(window) >= 2; yield 2) {
    window.at = markerIn(window.bytes, window.at);
    if (left(window) >= 2) return;
  }
  window.at = window.bytes.length;
}

/** Where a marker stands; else where a last 0xff may begin one, or the end. */
function markerIn(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0x00 && next !== 0xff && !isRestart(next ?? 0)) return at;
    if (next === undefined) return at;
  }
  return bytes.length;
}

/** Through the chunks of a WebP, to the length that it names. */
export function* walkWebp(window: Window): Steps<Walked> {
  yield 12;
  const end = 8 + uint32LE(window.bytes, 4);
  let size: Walked = NO_SIZE;
  let pixels = false;
  let at = 12;
  window.at = 12;
  while (at + 8 <= end) {
    yield 18;
    if (left(window) < 8) break;
    const head = window.bytes.subarray(window.at);
    const length = uint32LE(head, 4);
    // VP8X, if there is one, comes first, and its canvas is the size of the image.
    if (size.width === 0) size = webpSize(head) ?? size;
    pixels ||= ['VP8 ', 'VP8L', 'ANMF'].some((type) => hasText(head, 0, type));
    const type = printable(head.subarray(0, 4));
    at += 8 + length;
    window.at += 8 + length;
    yield 0;
    if (left(window) < 0) return { ...size, flaw: `it ends inside its ${type} chunk` };
    if (at > end) return { ...size, flaw: `its ${type} chunk is longer than the file says` };
    at += length % 2;
    window.at += length % 2;
  }
  window.at += Math.max(0, end - at);
  yield 0;
  // Some writers leave out the last padding byte.
  if (left(window) < 0 && at <= end)
    return { ...size, flaw: 'it ends before the length that it names' };
  if (at < end) return { ...size, flaw: 'its last chunk is cut' };
  return pixels ? size : { ...size, flaw: 'it has no pixels' };
}

/** The size in a chunk, if it is one that bears a size. */
function webpSize(chunk: Uint8Array): Walked | undefined {
  const room = chunk.length - 8;
  if (room >= 10 && hasText(chunk, 0, 'VP8X')) {
    return { width: 1 + uint24LE(chunk, 12), height: 1 + uint24LE(chunk, 15) };
  }
  if (room >= 5 && hasText(chunk, 0, 'VP8L') && chunk[8] === 0x2f) {
    const bits = uint32LE(chunk, 9);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (room >= 10 && hasText(chunk, 0, 'VP8 ') && hasText(chunk, 11, '\x9d\x01\x2a')) {
    return { width: uint16LE(chunk, 14) & 0x3fff, height: uint16LE(chunk, 16) & 0x3fff };
  }
  return undefined;
}

/** The characters of a chunk type; from outside, so nothing but letters and digits may reach a message. */
function printable(type: Uint8Array): string {
  return String.fromCharCode(...type)
    .trim()
    .replace(/[^A-Za-z0-9 ]/g, '?');
}

const GIF = { EXTENSION: 0x21, IMAGE: 0x2c, TRAILER: 0x3b } as const;

/** Through the blocks of a GIF, to its trailer. */
export function* walkGif(window: Window): Steps<Walked> {
  yield 13;
  const size = { width: uint16LE(window.bytes, 6), height: uint16LE(window.bytes, 8) };
  let pixels = false;
  window.at = 13 + colourTable(window.bytes[10]);
  for (;;) {
    yield 10;
    if (left(window) < 1) return { ...size, flaw: 'it ends before its trailer' };
    const block = window.bytes[window.at];
    if (block === GIF.TRAILER) return pixels ? size : { ...size, flaw: 'it has no pixels' };
    if (block === GIF.IMAGE) window.at += 11 + colourTable(window.bytes[window.at + 9]);
    else if (block === GIF.EXTENSION) window.at += 2;
    else return { ...size, flaw: 'a block has no valid type' };
    yield* subBlocks(window);
    if (block === GIF.IMAGE) pixels = true;
  }
}

/** Over blocks that begin with their length, and the empty one behind them. */
function* subBlocks(window: Window): Steps<void> {
  yield 1;
  for (let length = window.bytes[window.at] ?? 0; length > 0;) {
    window.at += 1 + length;
    if (left(window) < 1) yield 1;
    length = window.bytes[window.at] ?? 0;
  }
  window.at++;
}

/** The length of the colour table that the flags announce, in bytes. */
function colourTable(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
