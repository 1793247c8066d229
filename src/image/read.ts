import { hasText } from './numbers.ts';
import { walkGif, walkJpeg, type Walked, walkPng, walkWebp } from './walks.ts';
import { makeWalker, type Steps, type Walker, type Window } from './window.ts';

/** What the bytes of an image say of it; the server's word for it counts nowhere. */
export interface ImageFacts {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** In pixels; 0 where the header does not say. */
  readonly width: number;
  readonly height: number;
  /** Why it is not whole; absent for an image whose chunks, scan data and lengths reach to its end. */
  readonly flaw?: string;
}

/**
 * Reads an image from its own bytes, to its end; undefined if they do not begin as one.
 * Whatever stands behind the end is not looked at. It never throws, and takes time in proportion to the length.
 */
export function readImage(bytes: Uint8Array): ImageFacts | undefined {
  const reader = makeImageReader();
  reader.feed(bytes);
  return reader.end();
}

/** Reads an image that arrives in pieces, of which it keeps none: the same as all its bytes at once. */
export function makeImageReader(): Walker<ImageFacts | undefined> {
  return makeWalker(walkImage);
}

function* walkImage(window: Window): Steps<ImageFacts | undefined> {
  yield 12;
  const format = FORMATS.find(({ begins }) => begins(window.bytes));
  if (format === undefined) return undefined;
  const { width, height, flaw } = yield* format.walk(window);
  if (flaw === undefined && (width === 0 || height === 0)) {
    return { type: format.type, width, height, flaw: 'the header names no size' };
  }
  return { type: format.type, width, height, ...(flaw !== undefined && { flaw }) };
}

const FORMATS: readonly {
  readonly type: ImageFacts['type'];
  readonly begins: (bytes: Uint8Array) => boolean;
  readonly walk: (window: Window) => Steps<Walked>;
}[] = [
  { type: 'image/png', begins: (bytes) => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'), walk: walkPng },
  { type: 'image/jpeg', begins: (bytes) => hasText(bytes, 0, '\xff\xd8\xff'), walk: walkJpeg },
  {
    type: 'image/webp',
    begins: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
    walk: walkWebp,
  },
  {
    type: 'image/gif',
    begins: (bytes) => hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a'),
    walk: walkGif,
  },
];
