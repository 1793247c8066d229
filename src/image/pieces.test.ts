import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { MakeHash } from './payload.ts';
import { makeImageReader, readImage } from './read.ts';
import { makeTextReducer, type Reduced, reduceText } from './reduce.ts';
import { reduceWhole } from './whole.fixture.ts';
import { writeImage } from './write.ts';

const makeHash: MakeHash = () => {
  const hash = createHash('sha256');
  return { add: (piece) => void hash.update(piece), hex: () => hash.digest('hex') };
};

const GIF = Buffer.from('R0lGODdhAQABAIABAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64');
const IMAGES: readonly Buffer[] = [
  GIF,
  ...(['png', 'jpeg', 'webp'] as const).map((format) =>
    Buffer.from(writeImage({ format, width: 7, height: 5 })),
  ),
];
/** Behind an image: pluses and slashes in base64, and nothing that a reader looks at. */
const TAIL = Buffer.from([0xff, 0xfb, 0xef, 0xbe, 0xff, 0xff]);

const BEFORE = [
  ['"', '\\"', '\\\\\\"', "'", '`', '(', '<', '[', ':', ',', '\\n', '\n', '\t', '\\u0022', ''],
  ['\\u003e', '\\u003C', '\u00a0', '\u2003', '\u3000', '\u1680', '\u205f', '\ufeff', 'à', 'A'],
].flat();
const BEHIND = [
  ['"', '\\"', '\\\\\\"', "'", '`', ')', '<', '>', '\\u0022', '\\u003e', '\\u003C', ''],
  [`${'\\'.repeat(63)}"`, `${'\\'.repeat(64)}"`, '\\n"', '\n', ' ', ',', 'é', '\\\\u0022'],
].flat();
const FILLING = [
  ['{"a":"', '","b":', 'é', '日本', '😀', '\\ud83d\\ude00', '\\ud83d', '\0', '\\', '\\u00', '=='],
  ['/9j/', 'UklGR', 'R0lGOD', 'iVBORw0KGgo', '"/9j/AAAAAAAAAAAAAAAA', '"UklGRAAAAABXQVZF'],
].flat();
const SPOILT = ['-', '_', '=', '\\n', ' ', '"', 'é', '\\u0041', '\\', '\\u00', '<', ''];
const INVALID = [[0xe2, 0x80], [0xff], [0xc2], [0xf0, 0x90, 0x80], [0xed, 0xa0, 0x80], [0x80]];

/** A generator of numbers below `most`, the same for the same seed (mulberry32). */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

type Draw = ReturnType<typeof numbers>;

function drawn<T>(draw: Draw, of: readonly T[]): T {
  return of[draw(of.length)] as T;
}

/** An image, or most of one. */
function imageOf(draw: Draw): Buffer {
  const image = drawn(draw, IMAGES);
  const whole = draw(2) > 0 ? image : Buffer.concat([image, TAIL.subarray(draw(TAIL.length))]);
  return draw(4) > 0 ? whole : whole.subarray(0, 4 + draw(whole.length));
}

/** It in base64, spelled in one of the ways of JSON, and sometimes spoilt. */
function payloadOf(draw: Draw): string {
  let text = imageOf(draw).toString('base64');
  if (draw(6) === 0) text = text.slice(0, -draw(4));
  if (draw(8) === 0) text += drawn(draw, ['=', '==', 'A', '\\', '-']);
  if (draw(6) === 0) {
    const at = draw(text.length);
    text = text.slice(0, at) + drawn(draw, SPOILT) + text.slice(at + draw(2));
  }
  const spelling = draw(4);
  if (spelling === 0) return text;
  if (spelling === 1) return text.replaceAll('/', '\\/');
  return text.replace(/[/+=]/g, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    const short = character === '/' ? '\\/' : character;
    const written = `\\u00${draw(2) > 0 ? hex : hex.toUpperCase()}`;
    return spelling === 2 ? written : drawn(draw, [character, short, written]);
  });
}

function bodyOf(draw: Draw): Buffer {
  const parts: Buffer[] = [];
  const add = (text: string) => void parts.push(Buffer.from(text));
  for (let payloads = draw(3); payloads >= 0; payloads--) {
    for (let more = draw(3); more > 0; more--) add(drawn(draw, FILLING));
    if (draw(8) === 0) parts.push(Buffer.from(drawn(draw, INVALID)));
    add(drawn(draw, BEFORE) + payloadOf(draw) + drawn(draw, BEHIND));
  }
  return Buffer.concat(parts);
}

/** The same bytes in pieces of every size; each is wiped once it was taken, as a socket may use its memory again. */
function* piecesOf(bytes: Buffer, draw: Draw): Generator<Buffer> {
  const most = drawn(draw, [2, 20, 100, 400]);
  for (let at = 0; at < bytes.length;) {
    const length = draw(most + 1);
    yield Buffer.from(bytes.subarray(at, at + length));
    at += length;
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  '10,000 of 100,000 bodies are reduced to the same in pieces, in one piece and by one expression (%i)',
  (seed) => {
    const draw = numbers(seed);
    const seen = { payloads: 0, flaws: 0, untouched: 0 };
    for (let round = 0; round < 10_000; round++) {
      const bytes = bodyOf(draw);
      const body = bytes.toString('utf8');
      const whole = reduceWhole(body, makeHash);
      const reducer = makeTextReducer(makeHash);
      for (const piece of piecesOf(bytes, draw)) reducer.add(piece);
      for (const reduced of [reducer.end(), reduceText(body, makeHash)]) {
        // Comparing is dear: it is said in full only where it is to be read.
        if (isSame(reduced, whole)) continue;
        expect({ round, body, reduced }).toEqual({ round, body, reduced: whole });
      }
      seen.payloads += whole.payloads.length;
      seen.flaws += whole.payloads.filter(({ flaw }) => flaw !== undefined).length;
      seen.untouched += whole.payloads.length === 0 ? 1 : 0;
    }
    // All kinds were there.
    expect(seen.payloads).toBeGreaterThan(5_000);
    expect(seen.flaws).toBeGreaterThan(500);
    expect(seen.untouched).toBeGreaterThan(1_000);
  },
);

function isSame(reduced: Reduced, whole: Reduced): boolean {
  return (
    reduced.text === whole.text &&
    JSON.stringify(reduced.payloads) === JSON.stringify(whole.payloads)
  );
}

test('an image, damaged or cut, is read the same in pieces as in one', () => {
  const draw = numbers(2);
  const flaws = new Set<string | undefined>();
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(imageOf(draw));
    for (let changes = draw(4); changes > 0; changes--) bytes[draw(bytes.length)] = draw(256);
    const expected = readImage(bytes);
    const reader = makeImageReader();
    for (const piece of piecesOf(bytes, draw)) {
      reader.feed(piece);
      piece.fill(0xff);
    }
    const facts = reader.end();
    const image = bytes.toString('hex');
    if (JSON.stringify(facts) !== JSON.stringify(expected)) {
      expect({ image, facts }).toEqual({ image, facts: expected });
    }
    flaws.add(facts?.flaw);
  }
  expect(flaws.size).toBeGreaterThan(20);
});
