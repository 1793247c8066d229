import { createHash, createHmac, hash } from 'node:crypto';
import type { Hash } from '../image/payload.ts';

/** The SHA-256 of a text (as UTF-8) or of bytes, in lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** Begins the SHA-256 of bytes that arrive in pieces. */
export function makeHash(): Hash {
  const begun = createHash('sha256');
  return { add: (bytes) => void begun.update(bytes), hex: () => begun.digest('hex') };
}

/** The HMAC-SHA-256 of a text under a key, in base64. */
export function hmacSha256(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}
