import { randomBytes } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it, test } from 'vitest';
import type { Answered, Body, Fetched } from '../domain/exchange.ts';
import { writeImage } from '../image/write.ts';
import { makeBody } from './body.ts';
import type { Caps } from './http.ts';
import { closeAll, get, makeHash, never, serve, sha256, transport } from './loopback.fixture.ts';

const MIB = 2 ** 20;
const WIDTH = 640;
const HEIGHT = 480;

/** A whole image, with noise behind its end, so that neither base64 nor gzip makes it regular. */
function image(bytes: number): Buffer {
  const made = Buffer.from(writeImage({ format: 'jpeg', width: WIDTH, height: HEIGHT, bytes }));
  return Buffer.concat([made, randomBytes(bytes)]);
}

const large = image(3 * MIB);
const payload = {
  type: 'image/jpeg',
  width: WIDTH,
  height: HEIGHT,
  bytes: large.length,
  sha256: sha256(large),
};
const token = `<image/jpeg,${WIDTH}x${HEIGHT},${large.length},sha256:${sha256(large)}>`;
const [before, after] = ['{"grüße":"日本😀","b64_json":"', '","\\ud83d\\ude00":["é"]}'];
const json = Buffer.from(before + large.toString('base64') + after);

afterEach(closeAll);

/** A server that writes these bytes in pieces of that length. */
function inPieces(bytes: Buffer, length: number, headers: Record<string, string> = {}) {
  return serve((_, response) => {
    response.writeHead(200, headers);
    pipeline(Readable.from(pieces(bytes, length)), response, () => {});
  });
}

function* pieces(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function bodyFrom(url: string, caps: Partial<Caps> = {}): Promise<Body> {
  const { outcome } = await transport(caps).send(get(url, { timeoutMs: 60_000 }), never);
  if (outcome.kind === 'unanswered') throw new Error(outcome.detail);
  return outcome.body;
}

describe('a large answer', () => {
  it.each([997, 16_384, 65_536, 100_003, 8 * MIB])(
    'in pieces of %i bytes is its skeleton, and its image by its hash',
    async (length) => {
      expect(await bodyFrom(await inPieces(json, length))).toEqual({
        text: before + token + after,
        bytes: json.length,
        payloads: [payload],
        cut: false,
      });
    },
  );

  it.each([
    ['gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['br', brotliCompressSync(json, { params: { 1: 1 } })],
    ['zstd', zstdCompressSync(json)],
    ['gzip, zstd', zstdCompressSync(gzipSync(json))],
  ])('is decoded as it arrives: %s', async (encoding, bytes) => {
    const url = await inPieces(bytes, 10_007, { 'content-encoding': encoding });
    expect(await bodyFrom(url)).toEqual({
      text: before + token + after,
      bytes: json.length,
      payloads: [payload],
      cut: false,
    });
  });

  it('of text that is no image comes as it was sent, invalid bytes and all', async () => {
    const odd = Buffer.from('"/9j/ \xe2\x80 日本 \xf0\x90\x80 é \xed\xa0\x80 "', 'latin1');
    const bytes = Buffer.concat(Array.from({ length: 30_000 }, () => odd));
    expect(await bodyFrom(await inPieces(bytes, 4_099))).toEqual({
      text: bytes.toString('utf8'),
      bytes: bytes.length,
      payloads: [],
      cut: false,
    });
  });

  it('whose payload is not what it began as comes as it was sent', async () => {
    for (const spoilt of ['\\n"', 'A"', '=', '-"']) {
      const text = `{"a":"${large.toString('base64').replace(/=*$/, '')}${spoilt}`;
      const { payloads, ...body } = await bodyFrom(await inPieces(Buffer.from(text), 70_001));
      expect(payloads).toEqual([]);
      expect(body.text === text).toBe(true);
    }
  });

  it.each(['image/jpeg', 'application/octet-stream'])(
    'of bytes, as %s, is one token',
    async (type) => {
      const url = await inPieces(large, 65_537, { 'content-type': type });
      expect(await bodyFrom(url)).toEqual({
        text: token,
        bytes: large.length,
        payloads: [payload],
        cut: false,
      });
    },
  );

  it('that is hosted is read as it arrives', async () => {
    const fetched = async (bytes: Buffer): Promise<Fetched> =>
      await transport().fetch(await inPieces(bytes, 65_537), 60_000);
    expect(await fetched(large)).toEqual({ kind: 'answered', status: 200, type: '', payload });
    expect(await fetched(large.subarray(0, MIB))).toMatchObject({
      payload: { bytes: MIB, flaw: 'it ends inside a segment' },
    });
    expect(await fetched(json)).toEqual({ kind: 'answered', status: 200, type: '' });
  });

  it('is no answer once it is larger than it may be, encoded or decoded', async () => {
    const caps = { bodyBytes: 2 * MIB };
    const bomb = gzipSync(Buffer.concat([json, Buffer.alloc(200 * MIB)]));
    for (const [bytes, encoding] of [
      [json, 'identity'],
      [bomb, 'gzip'],
      [gzipSync(bomb), 'gzip, gzip'],
    ] as const) {
      const url = await inPieces(bytes, 10_000, { 'content-encoding': encoding });
      const { outcome } = await transport(caps).send(get(url, { timeoutMs: 60_000 }), never);
      expect(outcome).toEqual({
        kind: 'unanswered',
        cause: 'oversized',
        detail: `a body of more than ${2 * MIB} bytes`,
      });
    }
  });

  it('that breaks off while it is decoded is no answer', async () => {
    const bytes = gzipSync(json);
    const url = await inPieces(bytes.subarray(0, MIB), 10_000, { 'content-encoding': 'gzip' });
    const { outcome } = await transport().send(get(url), never);
    expect(outcome).toMatchObject({ kind: 'unanswered', cause: 'malformed' });
  });
});

test('no answer is held once its request is over, though the run goes on', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const url = await serve((_, response) => response.end('{}'));
  const { send } = transport();
  const { signal } = new AbortController();
  const answered = async () =>
    new WeakRef(((await send(get(url), signal)).outcome as Answered).body);
  const answers = [await answered(), await answered(), await answered()];
  // The connection remembers its newest request until it is given the next.
  await send(get(url), signal);
  await setImmediate(); // until then, all that was just looked at is kept
  collect();
  expect(answers.map((one) => one.deref())).toEqual([undefined, undefined, undefined]);
  expect(signal.aborted).toBe(false); // it is held until here, as a run holds its own
});

test('a body is binary by its beginning, whose last character may be cut', () => {
  const taken = (...arriving: readonly Buffer[]) => {
    const body = makeBody('', makeHash);
    for (const piece of arriving) body.add(piece);
    return body.end().text;
  };
  const text = Buffer.from(`${'\0'.repeat(2 ** 16 - 1)}é`);
  expect(taken(text.subarray(0, 2 ** 16), text.subarray(2 ** 16))).toBe(text.toString());
  const bytes = Buffer.from(text).fill(0xff, 100, 101);
  expect(taken(bytes.subarray(0, 2 ** 16), bytes.subarray(2 ** 16))).toBe(
    `<application/octet-stream,0x0,${bytes.length},sha256:${sha256(bytes)}>`,
  );
});
