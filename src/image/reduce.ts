import { readImage } from './read.ts';

/** What is left of a payload in a reduced text; domain/exchange.ts defines each member. */
interface Reduction {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly flaw?: string;
}

/** A text in which each image payload is replaced by its token, and those payloads in their order. */
export interface Reduced {
  readonly text: string;
  readonly payloads: readonly Reduction[];
}

/** More images than any answer has: those beyond stay as text, so that a hostile body cannot make its own record grow. */
export const MOST_PAYLOADS = 1000;

/** Shorter texts are no images, whatever they begin with. */
const LEAST_CHARACTERS = 32;

/**
 * Where a payload may begin: behind a delimiter, with the magic number of PNG, JPEG, RIFF or GIF in base64, and with some
 * more characters after it. A slash may be escaped, as everywhere in JSON. Each part is bounded, so the search is linear.
 */
const DELIMITER = String.raw`(?:^|["'\`,:()<>[\s]|\\[nrt]|\\u00(?:2[267]|3[cCeE]))`;
const SLASH = String.raw`(?:\\?\/|\\u002[fF])`;
const MAGIC = String.raw`(?:iVBORw0KGgo|${SLASH}9j${SLASH}|UklGR|R0lGOD)`;
const BEGINNING = String.raw`(?<=${DELIMITER})${MAGIC}(?=[\w+/=\\]{16})`;

/** What may stand behind a payload. A line break may not: base64 that goes on in another line is not one run. */
const ENDING = /\\*["'`]|[)<>]|\\u00(?:2[279]|3[cCeE])|$/y;

/**
 * Replaces each base64 image in the raw text of a body by `<image/png,1024x768,12345,sha256:HEX>`, and changes nothing else.
 * A payload is a run of base64 characters (those that JSON may escape, escaped or not) between two delimiters that decodes
 * to the bytes of an image, whole or not; whatever else looks like one stays as it is. Takes time in proportion to the length.
 */
export function reduceText(text: string, sha256: (bytes: Uint8Array) => string): Reduced {
  const kept: string[] = [];
  const payloads: Reduction[] = [];
  const beginning = new RegExp(BEGINNING, 'g');
  let keptTo = 0;
  for (let found = beginning.exec(text); found !== null; found = beginning.exec(text)) {
    const run = runAt(text, found.index);
    beginning.lastIndex = run.end;
    const image = isPayload(text, run) ? imageIn(text, run, sha256) : undefined;
    if (image === undefined) continue;
    payloads.push(image);
    kept.push(text.slice(keptTo, run.start), token(image));
    keptTo = run.end;
    if (payloads.length === MOST_PAYLOADS) break;
  }
  kept.push(text.slice(keptTo));
  return { text: kept.join(''), payloads };
}

/** The token of a binary body; one that is no image is an `application/octet-stream` of no size, with that as its flaw. */
export function reduceBytes(bytes: Uint8Array, sha256: (bytes: Uint8Array) => string): Reduced {
  const image = reduction(bytes, sha256) ?? {
    type: 'application/octet-stream',
    width: 0,
    height: 0,
    bytes: bytes.length,
    sha256: sha256(bytes),
    flaw: 'it is no image of a known type',
  };
  return { text: token(image), payloads: [image] };
}

/** What stands in a reduced text for the image itself. */
function token({ type, width, height, bytes, sha256 }: Reduction): string {
  return `<${type},${width}x${height},${bytes},sha256:${sha256}>`;
}

function reduction(
  bytes: Uint8Array,
  sha256: (bytes: Uint8Array) => string,
): Reduction | undefined {
  const facts = readImage(bytes);
  if (facts === undefined) return undefined;
  const { type, width, height, flaw } = facts;
  const image = { type, width, height, bytes: bytes.length, sha256: sha256(bytes) };
  return flaw === undefined ? image : { ...image, flaw };
}

/** A maximal run of base64 characters in a text; an escaped one counts once. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly characters: number;
  /** How many of them are "=" at the end; three stand for too many. */
  readonly padding: number;
  readonly escaped: boolean;
}

const OUTSIDE = /[^A-Za-z0-9+/]/g;
const BACKSLASH = 0x5c;
const SLASH_CODE = 0x2f;
const EQUALS = 0x3d;

function runAt(text: string, start: number): Run {
  let at = endOfPlain(text, start);
  let characters = at - start;
  for (let escape = escapeAt(text, at); escape > 0; escape = escapeAt(text, at)) {
    const next = endOfPlain(text, at + escape);
    characters += 1 + next - at - escape;
    at = next;
  }
  let padding = 0;
  for (let equals = equalsAt(text, at); equals > 0 && padding < 3; equals = equalsAt(text, at)) {
    at += equals;
    padding++;
  }
  characters += padding;
  return { start, end: at, characters, padding, escaped: characters < at - start };
}

function endOfPlain(text: string, start: number): number {
  // One search for each escape of a text that is full of them would take long; most often there is nothing to find.
  if (text.charCodeAt(start) === BACKSLASH) return start;
  OUTSIDE.lastIndex = start;
  return OUTSIDE.exec(text)?.index ?? text.length;
}

/** The length of an escaped slash or plus that stands here, or 0. */
function escapeAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return 0;
  if (text.charCodeAt(at + 1) === SLASH_CODE) return 2;
  return /^u002[bf]$/i.test(text.slice(at + 1, at + 6)) ? 6 : 0;
}

/** The length of an equal sign that stands here, escaped or not, or 0. */
function equalsAt(text: string, at: number): number {
  if (text.charCodeAt(at) === EQUALS) return 1;
  return /^\\u003d$/i.test(text.slice(at, at + 6)) ? 6 : 0;
}

function isPayload(text: string, run: Run): boolean {
  ENDING.lastIndex = run.end;
  return (
    run.characters >= LEAST_CHARACTERS &&
    run.characters % 4 === 0 &&
    run.padding <= 2 &&
    ENDING.test(text)
  );
}

function imageIn(
  text: string,
  run: Run,
  sha256: (bytes: Uint8Array) => string,
): Reduction | undefined {
  const written = text.slice(run.start, run.end);
  // The decoder passes over the backslash of an escaped slash, and is much quicker at that than a replacement is.
  const plain = run.escaped && written.includes('\\u') ? unescaped(written) : written;
  return reduction(Buffer.from(plain, 'base64'), sha256);
}

function unescaped(written: string): string {
  return written
    .replace(/\\u002f/gi, '/')
    .replace(/\\u002b/gi, '+')
    .replace(/\\u003d/gi, '=');
}
