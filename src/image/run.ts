import { type ImageReducer, makeImageReducer, type MakeHash, type Reduction } from './payload.ts';

/** Shorter texts are no images, whatever they begin with. */
const LEAST_CHARACTERS = 32;

/**
 * What may stand behind a payload. A line break may not: base64 that goes on in another line is not one run. Six levels of
 * JSON inside JSON put 63 backslashes before a quote.
 */
const ENDING = /\\{0,63}["'`]|[)<>]|\\u00(?:2[279]|3[cCeE])|$/y;

/** How far behind its last character must be looked to know that a run has ended, and how: three escapes, then an ending. */
export const AHEAD = 3 * 6 + 64;

/**
 * A maximal run of base64 characters (those that JSON may escape, escaped or not) that arrives in pieces of text, one byte
 * a character. It is a payload if it decodes to the bytes of an image, whole or not, and an ending stands behind it.
 */
export interface Run {
  /**
   * Goes on from `start`, and says where it stops: at its end, or, not before `certain`, because nothing is certain from
   * there on. What it passed is decoded by `hold` or by `close`, one of which follows.
   */
  readonly advance: (text: string, start: number, certain: number) => number;
  /** The piece of text is over, the run is not; false if it is known to be no payload. */
  readonly hold: () => boolean;
  /** The run has stopped at its end: where its padding ends too, and the image, if it is a payload. */
  readonly close: (text: string, stop: number) => Closed;
}

/** How a run came out. */
interface Closed {
  readonly end: number;
  readonly image: Reduction | undefined;
}

const NOWHERE: Buffer = Buffer.alloc(0);

/** Begins a run. */
export function makeRun(makeHash: MakeHash): Run {
  let image: ImageReducer | undefined;
  let characters = 0;
  let escaped = false;
  /** Passed, but not yet decoded. */
  let passed = '';
  /** Up to three characters that wait for the rest of their group of four. */
  let group = '';
  let place = NOWHERE;

  /** Only once there is something to decode: most of what begins like a payload is none, and is told so by its length. */
  function reducer(): ImageReducer {
    return (image ??= makeImageReducer(makeHash));
  }

  /** The bytes of whole groups of four, until the next are decoded. */
  function decode(groups: string): Buffer {
    const length = (groups.length / 4) * 3;
    if (place.length < length) place = Buffer.allocUnsafe(length);
    return place.subarray(0, place.write(groups, 'base64'));
  }

  /**
   * How many characters from `start` on are plain, where all are, in whole groups; else 0. Nearly every piece of a large
   * image is: that it decodes to three quarters of its length shows it in a fraction of the time of a search.
   */
  function decodePlain(text: string, start: number, certain: number): number {
    const length = certain - start - ((group.length + certain - start) % 4);
    if (length <= 0) return 0;
    const groups = group + text.slice(start, start + length);
    const bytes = decode(groups);
    // The decoder takes the alphabet of URLs too.
    if (bytes.length * 4 !== groups.length * 3 || groups.includes('-') || groups.includes('_'))
      return 0;
    reducer().add(bytes);
    group = '';
    characters += length;
    return length;
  }

  function decodePassed(): boolean {
    const plain = group + (escaped ? unescaped(passed) : passed);
    const whole = plain.length - (plain.length % 4);
    group = plain.slice(whole);
    passed = '';
    return reducer().add(decode(plain.slice(0, whole)));
  }

  return {
    advance(text, start, certain) {
      let at = start;
      if (characters > 0 && !escaped && at < certain) at += decodePlain(text, at, certain);
      const from = at;
      while (at < certain) {
        const plain = Math.min(endOfPlain(text, at), certain);
        const escape = plain > at ? 0 : escapeAt(text, at);
        if (plain === at && escape === 0) break;
        characters += escape > 0 ? 1 : plain - at;
        escaped ||= escape > 0;
        at = plain + escape;
      }
      passed = text.slice(from, at);
      return at;
    },

    hold: decodePassed,

    close(text, stop) {
      let end = stop;
      let padding = 0;
      for (let equals = equalsAt(text, end); equals > 0 && padding < 3;) {
        end += equals;
        padding++;
        equals = equalsAt(text, end);
      }
      characters += padding;
      ENDING.lastIndex = end;
      const isPayload =
        characters >= LEAST_CHARACTERS && characters % 4 === 0 && padding <= 2 && ENDING.test(text);
      if (!isPayload) return { end, image: undefined };
      passed += '='.repeat(padding);
      decodePassed();
      return { end, image: reducer().end() };
    },
  };
}

const OUTSIDE = /[^A-Za-z0-9+/]/g;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const EQUALS = 0x3d;

function endOfPlain(text: string, start: number): number {
  // One search for each escape of a text that is full of them would take long; most often there is nothing to find.
  if (text.charCodeAt(start) === BACKSLASH) return start;
  OUTSIDE.lastIndex = start;
  return OUTSIDE.test(text) ? OUTSIDE.lastIndex - 1 : text.length;
}

/** The length of an escaped slash or plus that stands here, or 0. */
function escapeAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return 0;
  if (text.charCodeAt(at + 1) === SLASH) return 2;
  return /^u002[bf]$/i.test(text.slice(at + 1, at + 6)) ? 6 : 0;
}

/** The length of an equal sign that stands here, escaped or not, or 0. */
function equalsAt(text: string, at: number): number {
  if (text.charCodeAt(at) === EQUALS) return 1;
  return /^\\u003d$/i.test(text.slice(at, at + 6)) ? 6 : 0;
}

function unescaped(written: string): string {
  const unicode = written.includes('\\u')
    ? written.replace(/\\u002f/gi, '/').replace(/\\u002b/gi, '+')
    : written;
  return unicode.replaceAll('\\', '');
}
