import { isUtf8 } from 'node:buffer';
import type { Body } from '../domain/exchange.ts';
import type { MakeHash } from '../image/payload.ts';
import {
  characterStart,
  makeBytesReducer,
  makeTextReducer,
  PIECE,
  type Reducer,
} from '../image/reduce.ts';

/** Takes a body in while it arrives. */
export interface Intake<T> {
  readonly add: (piece: Buffer) => void;
  /** What has become of it; asked for once, behind the last piece. */
  readonly end: () => T;
}

/** Smaller pieces of a large body are joined before they are looked at, in bytes; others are not copied. */
const LEAST = 1 << 13;

/** A piece costs memory however short it is, and a server chooses how many there are: so many are joined. */
const MOST_PIECES = 256;

/**
 * A body as it is judged and kept: its text, with images reduced; a binary one is a single token. A small one is read in
 * one piece; of a large one no more is held than its text and the image that is just arriving.
 */
export function makeBody(type: string, makeHash: MakeHash): Intake<Body> {
  let bytes = 0;
  let reducer: Reducer | undefined;
  let gathered: Buffer[] = [];
  let length = 0;

  function pass(isLast: boolean): Reducer {
    const [only] = gathered;
    const piece = only !== undefined && gathered.length === 1 ? only : Buffer.concat(gathered);
    const whole = isLast ? piece.length : characterStart(piece, piece.length);
    reducer ??= isBinary(piece.subarray(0, whole), type)
      ? makeBytesReducer(makeHash)
      : makeTextReducer(makeHash);
    reducer.add(piece);
    gathered = [];
    length = 0;
    return reducer;
  }

  return {
    add(piece) {
      bytes += piece.length;
      length += piece.length;
      gathered.push(piece);
      if (gathered.length >= MOST_PIECES) gathered = [Buffer.concat(gathered)];
      if (length >= (reducer === undefined ? PIECE : LEAST)) pass(false);
    },
    end: () => ({ ...pass(true).end(), bytes, cut: false }),
  };
}

/** By its declared type; else by its beginning, as text that is neither UTF-8 nor free of NUL is none. */
function isBinary(beginning: Uint8Array, type: string): boolean {
  if (beginning.length === 0) return false;
  if (/^\s*(?:image\/(?!svg)|audio\/|video\/)/i.test(type)) return true;
  return !isUtf8(beginning) && beginning.includes(0);
}
