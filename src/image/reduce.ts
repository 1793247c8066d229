import { readImage } from './read.ts';

/** What is left of a payload in a reduced text; domain/exchange.ts defines each member. */
export interface Reduction {
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
  /** How many of them are "=" at the end. */
  readonly padding: number;
  readonly escaped: boolean;
}

const BASE64 = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const IS_BASE64 = Uint8Array.from({ length: 128 }, (_, code) =>
  BASE64.has(String.fromCharCode(code)) ? 1 : 0,
);
const ESCAPED = /\\(?:\/|u002[bBfF]|u003[dD])/y;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

function runAt(text: string, start: number): Run {
  let at = start;
  let characters = 0;
  let padding = 0;
  let escaped = false;
  for (;;) {
    const code = text.charCodeAt(at);
    if (IS_BASE64[code] === 1 && padding === 0) at++;
    else if (code === EQUALS) {
      padding++;
      at++;
    } else if (code === BACKSLASH) {
      ESCAPED.lastIndex = at;
      const escape = ESCAPED.exec(text)?.[0];
      const equals = escape?.startsWith('\\u003') ?? false;
      if (escape === undefined || (padding > 0 && !equals)) break;
      if (equals) padding++;
      escaped = true;
      at += escape.length;
    } else break;
    characters++;
  }
  return { start, end: at, characters, padding, escaped };
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
  return reduction(Buffer.from(run.escaped ? unescaped(written) : written, 'base64'), sha256);
}

function unescaped(written: string): string {
  return written
    .replaceAll('\\/', '/')
    .replace(/\\u002f/gi, '/')
    .replace(/\\u002b/gi, '+')
    .replace(/\\u003d/gi, '=');
}
