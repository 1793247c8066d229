import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { Body, Unanswered } from '../domain/exchange.ts';
import type { Sha256 } from '../engine/ports.ts';
import { reduceBytes, reduceText } from '../image/reduce.ts';
import { faultOf } from './faults.ts';

type Headers = Readonly<Record<string, string>>;

/** Each stops at `maxOutputLength`, so that a small bomb cannot become a large body. */
const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

/** No honest answer is encoded more often. */
const MOST_ENCODINGS = 2;

/** A body as it was before its `Content-Encoding`, of at most `most` bytes; we ask for none, but a proxy may add one. */
export async function decodeBody(
  bytes: Uint8Array,
  headers: Headers,
  most: number,
): Promise<Uint8Array | Unanswered> {
  const encodings = (headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  if (encodings.length === 0 || bytes.length === 0) return bytes;
  if (encodings.length > MOST_ENCODINGS) return undecodable(`encoded ${encodings.length} times`);
  let decoded = bytes;
  for (const encoding of encodings.toReversed()) {
    if (!isKnown(encoding)) return undecodable(`unknown content-encoding ${encoding}`);
    try {
      decoded = await DECODERS[encoding](decoded, { maxOutputLength: most });
    } catch (error) {
      return faultOf(error, true);
    }
  }
  return decoded;
}

/** A decoded body as it is judged and kept: its text, with images reduced; a binary one is a single token. */
export function readBody(bytes: Uint8Array, headers: Headers, sha256: Sha256): Body {
  const reduced = isBinary(bytes, headers['content-type'] ?? '')
    ? reduceBytes(bytes, sha256)
    : reduceText(view(bytes).toString('utf8'), sha256);
  return { ...reduced, bytes: bytes.length, cut: false };
}

/** By its declared type; else by its bytes, as text that is neither UTF-8 nor free of NUL is none. */
function isBinary(bytes: Uint8Array, type: string): boolean {
  if (bytes.length === 0) return false;
  if (/^\s*(?:image\/(?!svg)|audio\/|video\/)/i.test(type)) return true;
  return !isUtf8(bytes) && bytes.includes(0);
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}

function undecodable(detail: string): Unanswered {
  return { kind: 'unanswered', cause: 'malformed', detail };
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
