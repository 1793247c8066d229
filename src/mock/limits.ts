import { Buffer } from 'node:buffer';
import type { Call } from './call.ts';
import { formatOf } from './pictures.ts';

/** Whether a value is more than a limit allows. Near an edge that is not sharp a coin decides, by the request: the same in every run. */
export function isBeyond(
  { ask, requestId }: Pick<Call, 'ask' | 'requestId'>,
  value: number,
  limit: string,
): boolean {
  if (limit === 'none') return false;
  const [most, blur] = [Number(limit), Number(ask('edge'))];
  const isSure = value <= most - blur || value > most + blur;
  return isSure ? value > most : isHeads(`${requestId} ${value}`);
}

function isHeads(text: string): boolean {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return (hash ^ (hash >>> 16)) % 2 === 0;
}

/** How many characters a text has, as its reader would count them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** The longer side of an image, in pixels; 0 where its head does not say. */
export function longSide(file: Uint8Array): number {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const format = formatOf(file);
  if (format === 'jpeg') return longSideOfJpeg(bytes);
  if (bytes.length < 25) return 0;
  if (format === 'png') return Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  if (format === undefined || bytes.toString('latin1', 12, 16) !== 'VP8L') return 0;
  // WebP in its lossless form: twice 14 bits behind its signature, each less one.
  const packed = bytes.readUInt32LE(21);
  return Math.max((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
}

/** From segment to segment up to the frame, which says its height and its width. */
function longSideOfJpeg(bytes: Buffer): number {
  for (let at = 2; at + 9 <= bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2)
      return Math.max(bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7));
  }
  return 0;
}
