import { type ImageReducer, makeImageReducer, type MakeHash, type Reduction } from './payload.ts';

/** Shorter texts are no images, whatever they begin with. */
const LEAST_CHARACTERS = 32;

/** What fills the last group of four; three are too many. */
const PADDING = /(?:=|\\u003[dD]){0,3}/y;

/**
 * What may stand behind a payload. A line break may not: base64 that goes on in another line is not one run. Six levels of
 * JSON inside JSON put 63 backslashes before a quote.
 */
const ENDING = /\\{0,63}["'`]|[)<>]|\\u00(?:2[279]|3[cCeE])|$/y;

/** How many bytes from an escape, or from the end of a run, tell what it is: the longest padding, then the longest ending. */
export const AHEAD = 3 * 6 + 64;

/** A good size of the place that runs decode to, in bytes. */
export const PLACE = 3 << 14;

/**
 * A maximal run of base64 characters (those that JSON may escape, escaped or not) that arrives in pieces. It is a payload if
 * it decodes to the bytes of an image, whole or not, and an ending stands behind it.
 */
export interface Run {
  /** Goes on from `start`, and says where it stops: at its end, or at something from `certain` on that may go on or end it. */
  readonly advance: (bytes: Buffer, start: number, certain: number) => number;
  /** The piece is over, the run is not; false if it is known to be no payload. */
  readonly hold: () => boolean;
  /** The run has stopped at its end: where its padding ends too, and the image, if it is a payload. */
  readonly close: (bytes: Buffer, stop: number) => Closed;
}

/** How a run came out. */
interface Closed {
  readonly end: number;
  readonly image: Reduction | undefined;
}

/** Begins a run, which decodes to `place`: between its steps it leaves nothing there. */
export function makeRun(makeHash: MakeHash, place: Uint8Array): Run {
  let image: ImageReducer | undefined;
  let characters = 0;
  /** The bits of a group of four that is not whole yet. */
  let bits = 0;
  let filled = 0;

  function flush(): boolean {
    image ??= makeImageReducer(makeHash);
    const mayBe = image.add(place.subarray(0, filled));
    filled = 0;
    return mayBe;
  }

  function put(value: number): void {
    bits = (bits << 6) | value;
    characters++;
    if (characters % 4 > 0) return;
    if (filled + 3 > place.length) flush();
    place[filled++] = bits >> 16;
    place[filled++] = bits >> 8;
    place[filled++] = bits;
    bits = 0;
  }

  /** Whole groups of plain characters, the bulk of every image: decoded without a call and without a string for each. */
  function takeGroups(bytes: Uint8Array, start: number): number {
    let at = start;
    let to = filled;
    for (; at + 4 <= bytes.length && to + 3 <= place.length; at += 4) {
      const group =
        (valueOf(bytes[at]) << 18) |
        (valueOf(bytes[at + 1]) << 12) |
        (valueOf(bytes[at + 2]) << 6) |
        valueOf(bytes[at + 3]);
      if (group < 0) break;
      place[to++] = group >> 16;
      place[to++] = group >> 8;
      place[to++] = group;
    }
    characters += at - start;
    filled = to;
    return at;
  }

  function takePlain(bytes: Uint8Array, start: number): number {
    for (let at = start; ; at++) {
      if (characters % 4 === 0) at = takeGroups(bytes, at);
      const value = valueOf(bytes[at]);
      if (value < 0) return at;
      put(value);
    }
  }

  return {
    advance(bytes, start, certain) {
      let at = takePlain(bytes, start);
      while (at < certain) {
        const escape = escapeAt(bytes, at);
        if (escape === undefined) break;
        put(valueOf(escape.byte));
        at = takePlain(bytes, at + escape.length);
      }
      return at;
    },

    hold: flush,

    close(bytes, stop) {
      const behind = bytes.toString('latin1', stop, stop + AHEAD);
      PADDING.lastIndex = 0;
      const written = PADDING.exec(behind)?.[0] ?? '';
      const padding = written.replace(/\\u003d/gi, '=').length;
      const end = stop + written.length;
      ENDING.lastIndex = written.length;
      const length = characters + padding;
      const isPayload =
        length >= LEAST_CHARACTERS && length % 4 === 0 && padding <= 2 && ENDING.test(behind);
      if (!isPayload) return { end, image: undefined };
      for (let missing = padding; missing > 0; missing--) put(0);
      filled -= padding;
      flush();
      return { end, image: image?.end() };
    },
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = Int8Array.from({ length: 256 }, (_, byte) =>
  ALPHABET.indexOf(String.fromCharCode(byte)),
);

/** What a plain character stands for, or -1. */
function valueOf(byte: number | undefined): number {
  return byte === undefined ? -1 : (VALUES[byte] ?? -1);
}

const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const PLUS = 0x2b;

const SHORT_SLASH = { byte: SLASH, length: 2 };
const LONG_SLASH = { byte: SLASH, length: 6 };
const LONG_PLUS = { byte: PLUS, length: 6 };

/** The escaped slash or plus that stands here, and how long its escape is. */
function escapeAt(
  bytes: Buffer,
  at: number,
): { readonly byte: number; readonly length: number } | undefined {
  if (bytes[at] !== BACKSLASH) return undefined;
  if (bytes[at + 1] === SLASH) return SHORT_SLASH;
  const hexadecimal = bytes.toString('latin1', at + 1, at + 6).toLowerCase();
  if (hexadecimal === 'u002f') return LONG_SLASH;
  return hexadecimal === 'u002b' ? LONG_PLUS : undefined;
}
