import { makeKept } from './kept.ts';
import { type MakeHash, type Reduction, token } from './payload.ts';
import { makeImageReader } from './read.ts';
import { AHEAD, makeRun, PLACE, type Run } from './run.ts';

/** A text in which each image payload is replaced by its token, and those payloads in their order. */
export interface Reduced {
  readonly text: string;
  readonly payloads: readonly Reduction[];
}

/** Reduces what arrives in pieces: however they are cut, it comes to the same. Takes time in proportion to the length. */
export interface Reducer {
  readonly add: (piece: Buffer) => void;
  readonly end: () => Reduced;
}

/** More images than any answer has: those beyond stay as text, so that a hostile body cannot make its own record grow. */
export const MOST_PAYLOADS = 1000;

/** A text is best looked at in pieces of this many bytes: what is read of one is still in the processor's cache. */
export const PIECE = 1 << 16;

/**
 * Where a payload may begin: behind a delimiter, with the magic number of PNG, JPEG, RIFF or GIF in base64, and with some
 * more characters after it. A slash may be escaped, as everywhere in JSON. Each part is bounded, so the search is linear.
 * The text is UTF-8, one byte a character; what follows the ASCII white space is that of Unicode.
 */
const SPACE = String.raw`[\t-\r ]|\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf`;
const DELIMITER = String.raw`(?:["'\`,:()<>[]|${SPACE}|\\[nrt]|\\u00(?:2[267]|3[cCeE]))`;
const SLASH = String.raw`(?:\\?\/|\\u002[fF])`;
const MAGIC = String.raw`(?:iVBORw0KGgo|${SLASH}9j${SLASH}|UklGR|R0lGOD)`;
const BEGINNING = new RegExp(String.raw`(?<=^|${DELIMITER})${MAGIC}(?=[\w+/=\\]{16})`, 'g');

/** The longest delimiter. */
const BEHIND = 6;

/**
 * Replaces each base64 image in the raw text of a body by `<image/png,1024x768,12345,sha256:HEX>`, and changes nothing else.
 * A payload is a run of base64 characters between two delimiters that decodes to the bytes of an image, whole or not;
 * whatever else looks like one stays as it is. Of a text that arrives in pieces, no more is kept than the run that is open.
 */
export function makeTextReducer(makeHash: MakeHash): Reducer {
  const kept = makeKept();
  const payloads: Reduction[] = [];
  /** The end of the text so far, of which not all is decided: its first bytes are `settled`, and it is searched from `from` on. */
  let held = NOTHING;
  let settled = 0;
  let from = 0;
  /** The newest piece, which waits until it is known whether it is the last: most texts are one piece, and looked at once. */
  let next: Buffer | undefined;
  let run: Run | undefined;
  let place: Uint8Array | undefined;
  /** What the open run has passed, as it was written, should it turn out to be no payload. */
  let raw: Buffer[] = [];

  function close(image: Reduction | undefined): void {
    if (image === undefined) for (const part of raw) kept.add(part, 0, part.length);
    else {
      payloads.push(image);
      kept.say(token(image));
    }
    run = undefined;
    raw = [];
  }

  function take(bytes: Buffer, isLast: boolean): void {
    const certain = isLast ? bytes.length : bytes.length - AHEAD;
    let text: string | undefined;
    let keptTo = settled;
    let at = from;
    for (;;) {
      if (run === undefined) {
        text ??= bytes.toString('latin1');
        const start = payloads.length < MOST_PAYLOADS ? beginningIn(text, at) : -1;
        if (start === -1 || start >= certain) break;
        kept.add(bytes, keptTo, start);
        keptTo = at = start;
        run = makeRun(makeHash, (place ??= Buffer.allocUnsafe(PLACE)));
      }
      at = run.advance(bytes, at, certain);
      if (isLast || at < certain) {
        const { end, image } = run.close(bytes, at);
        close(image);
        if (image !== undefined) keptTo = end;
        at = end;
      } else if (run.hold()) {
        raw.push(bytes.subarray(keptTo, at));
        return hold(bytes, at, at, at);
      } else close(undefined);
    }
    at = Math.max(at, certain);
    const cut = isLast ? bytes.length : characterStart(bytes, Math.max(0, at - BEHIND));
    if (cut > keptTo) kept.add(bytes, keptTo, cut);
    hold(bytes, cut, Math.max(cut, keptTo), at);
  }

  function hold(bytes: Buffer, cut: number, keptTo: number, at: number): void {
    held = bytes.subarray(cut);
    settled = keptTo - cut;
    from = at - cut;
  }

  return {
    add(piece) {
      if (next !== undefined) take(joined(held, next), false);
      next = piece;
    },
    end() {
      take(joined(held, next ?? NOTHING), true);
      return { text: kept.text(), payloads };
    },
  };
}

const NOTHING: Buffer = Buffer.alloc(0);

function joined(held: Buffer, piece: Buffer): Buffer {
  return held.length === 0 ? piece : Buffer.concat([held, piece]);
}

/** Where the first payload at or behind `at` may begin, or -1. */
function beginningIn(text: string, at: number): number {
  BEGINNING.lastIndex = at;
  return BEGINNING.exec(text)?.index ?? -1;
}

/**
 * The last place not behind `at` where a text in UTF-8 can be cut without cutting a character: pieces decode to the same
 * as the whole, since a first byte always begins anew, whatever stands before it.
 */
export function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = at - 1; back >= 0 && back >= at - 3; back--) {
    const byte = bytes[back] ?? 0;
    if (byte >= 0xc0) return back;
    if (byte < 0x80) return at;
  }
  return at;
}

/** The same for a whole text. Unless it has a payload, it is that very text. */
export function reduceText(text: string, makeHash: MakeHash): Reduced {
  const reducer = makeTextReducer(makeHash);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += PIECE) reducer.add(bytes.subarray(at, at + PIECE));
  const reduced = reducer.end();
  return reduced.payloads.length === 0 ? { text, payloads: [] } : reduced;
}

/** The token of a binary body; one that is no image is an `application/octet-stream` of no size, with that as its flaw. */
export function makeBytesReducer(makeHash: MakeHash): Reducer {
  const reader = makeImageReader();
  const hash = makeHash();
  let bytes = 0;
  return {
    add(piece) {
      reader.feed(piece);
      hash.add(piece);
      bytes += piece.length;
    },
    end() {
      const facts = reader.end() ?? NO_IMAGE;
      const { type, width, height, flaw } = facts;
      const size = { type, width, height, bytes, sha256: hash.hex() };
      const image = flaw === undefined ? size : { ...size, flaw };
      return { text: token(image), payloads: [image] };
    },
  };
}

/** The same for whole bytes. */
export function reduceBytes(bytes: Uint8Array, makeHash: MakeHash): Reduced {
  const reducer = makeBytesReducer(makeHash);
  reducer.add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return reducer.end();
}

const NO_IMAGE = {
  type: 'application/octet-stream',
  width: 0,
  height: 0,
  flaw: 'it is no image of a known type',
} as const;
