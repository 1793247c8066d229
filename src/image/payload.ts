import { makeImageReader } from './read.ts';

/** What is left of a payload in a reduced text; domain/exchange.ts defines each member. */
export interface Reduction {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly flaw?: string;
}

/** A SHA-256 of bytes that arrive in pieces. */
export interface Hash {
  readonly add: (bytes: Uint8Array) => void;
  /** In lower-case hexadecimal; asked for once, at the end. */
  readonly hex: () => string;
}

/** Begins a hash: this room has none of its own. */
export type MakeHash = () => Hash;

/** Reduces an image that arrives in pieces. */
export interface ImageReducer {
  /** Takes the next piece, and keeps no reference to it; false once it is known to be no image. */
  readonly add: (piece: Uint8Array) => boolean;
  /** Undefined for what is no image. */
  readonly end: () => Reduction | undefined;
}

/** Reads and hashes an image as it arrives. */
export function makeImageReducer(makeHash: MakeHash): ImageReducer {
  const reader = makeImageReader();
  let hash: Hash | undefined;
  let length = 0;
  return {
    add(piece) {
      const known = reader.feed(piece);
      if (known !== undefined && known.value === undefined) return false;
      // Only now: beginning a hash costs more than reading the few bytes of most that look like an image and are none.
      hash ??= makeHash();
      hash.add(piece);
      length += piece.length;
      return true;
    },
    end() {
      const facts = reader.end();
      if (facts === undefined || hash === undefined) return undefined;
      const { type, width, height, flaw } = facts;
      const image = { type, width, height, bytes: length, sha256: hash.hex() };
      return flaw === undefined ? image : { ...image, flaw };
    },
  };
}

/** What stands in a reduced text for the image itself. */
export function token({ type, width, height, bytes, sha256 }: Reduction): string {
  return `<${type},${width}x${height},${bytes},sha256:${sha256}>`;
}
