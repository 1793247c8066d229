import { Buffer } from 'node:buffer';
import { writeImage } from '../image/write.ts';
import type { Ask } from './faults.ts';

/** The formats that the gateway takes and gives. */
export type Format = 'png' | 'jpeg' | 'webp';

/** A flat image, not yet written. */
export interface Picture {
  readonly format: Format;
  readonly width: number;
  readonly height: number;
  /** 0 to 255. */
  readonly shade: number;
  /** Exact length of the file; as it comes if absent. */
  readonly bytes?: number;
}

/** Pixels at 1K, landscape: the published table of the 3-pro model; 4:1 and 8:1, which it lacks, keep its long side. */
const LANDSCAPE: Readonly<Record<string, readonly [number, number]>> = {
  '1:1': [1024, 1024],
  '5:4': [1136, 896],
  '4:3': [1200, 896],
  '3:2': [1232, 816],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
  '4:1': [1664, 416],
  '8:1': [1664, 208],
};

const SCALE: Readonly<Record<string, number>> = { '512': 0.5, '1K': 1, '2K': 2, '4K': 4 };

/** What was asked for of the look of an image; undefined: nothing. */
export interface Wish {
  readonly ratio: string | undefined;
  readonly size: string | undefined;
}

/** What the gateway gives for a wish, in pixels, or which part of the wish it refuses. */
export function pixels(
  wish: Wish,
  ask: Ask,
): Pick<Picture, 'width' | 'height' | 'bytes'> | 'aspect' | 'size' {
  const wished = wish.ratio ?? 'auto';
  const aspect = wish.ratio === undefined ? 'ignored' : ask('aspect', wished);
  const listed = wished === 'auto' || landscape(wished) !== undefined;
  if (aspect === 'refused' || (aspect === 'listed' && !listed)) return 'aspect';
  const ratio = aspect === 'ignored' ? 'auto' : aspect.includes(':') ? aspect : wished;

  const asked = wish.size ?? '1K';
  const size = ask('size', asked);
  const scale = SCALE[size === 'asked' ? asked : size];
  if (scale === undefined) return 'size';
  const [width, height] = landscape(ratio) ?? exact(ratio);
  const bytes = ask('image.bytes');
  return {
    width: width * scale,
    height: height * scale,
    ...(bytes !== 'own' && { bytes: Number(bytes) }),
  };
}

function landscape(ratio: string): readonly [number, number] | undefined {
  const mirrored = LANDSCAPE[ratio.split(':').toReversed().join(':')];
  return LANDSCAPE[ratio] ?? (mirrored && [mirrored[1], mirrored[0]]);
}

/** A ratio that no table lists, at about one megapixel; anything else is a square. */
function exact(ratio: string): readonly [number, number] {
  const [wide = 1, high = 1] = ratio.split(':').map(Number);
  return wide > 0 && high > 0
    ? [Math.round(1024 * Math.sqrt(wide / high)), Math.round(1024 * Math.sqrt(high / wide))]
    : [1024, 1024];
}

const WRITTEN_BYTES = 192 * 2 ** 20;
const written = new Map<string, Uint8Array>();
let writtenBytes = 0;

/** The file of a picture; written once and kept, because writing 4K or 30 MiB takes longer than serving it. */
export function fileOf(picture: Picture): Uint8Array {
  const key = JSON.stringify(picture);
  const kept = written.get(key);
  if (kept !== undefined) return kept;
  const file = writeImage(picture);
  for (const [oldest, bytes] of written) {
    if (writtenBytes + file.length <= WRITTEN_BYTES) break;
    written.delete(oldest);
    writtenBytes -= bytes.length;
  }
  written.set(key, file);
  writtenBytes += file.length;
  return file;
}

/** The file as the payload behaviour has it: half of it if truncated. */
export function sentFile(picture: Picture, ask: Ask): Uint8Array {
  const file = fileOf(picture);
  return ask('payload') === 'truncated' ? file.subarray(0, file.length >> 1) : file;
}

/** The base64 of a picture, as the payload behaviour has it. */
export function sentBase64(picture: Picture, ask: Ask): string {
  const payload = ask('payload');
  if (payload === 'empty') return '';
  if (payload === 'garbage') return '@@not base64@@'.repeat(8);
  const base64 = Buffer.from(sentFile(picture, ask)).toString('base64');
  return payload === 'line-breaks' ? base64.replace(/.{76}/g, '$&\n') : base64;
}

/** The format of a file by its first bytes. */
export function formatOf(head: Uint8Array): Format | undefined {
  const text = Buffer.from(head.subarray(0, 12)).toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  return text.startsWith('RIFF') && text.endsWith('WEBP') ? 'webp' : undefined;
}
