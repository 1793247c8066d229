import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reduceText } from '../image/reduce.ts';
import { writeImage } from '../image/write.ts';
import { makeImageKeeper, readKept } from './images.ts';
import { makeHash } from './sha256.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

const IMAGE = writeImage({ format: 'png', width: 64, height: 32 });

/** Reduces a body with an image in it, and says what was not kept. */
async function reduced(to: string, text: string, secret = 'no such secret') {
  const keeper = makeImageKeeper(to, makeHash, (one) => one.includes(secret));
  const { payloads } = reduceText(text, keeper.makeHash);
  return { payloads, notKept: await keeper.close() };
}

const body = (bytes: Uint8Array) => `{"data":"${Buffer.from(bytes).toString('base64')}"}`;

test('an image of an answer is kept under its hash and its real type, and read again', async () => {
  const to = join(folder, 'images');
  const { payloads, notKept } = await reduced(to, body(IMAGE));
  const [{ sha256 } = { sha256: '' }] = payloads;
  expect(notKept).toEqual([]);
  expect(await readdir(to)).toEqual([`${sha256}.png`]);
  expect((await readFile(join(to, `${sha256}.png`))).equals(IMAGE)).toBe(true);
  expect(Buffer.from(readKept(to, sha256) ?? []).equals(IMAGE)).toBe(true);
});

test('what only begins as an image is not kept', async () => {
  const cut = `{"data":"${Buffer.from(IMAGE).toString('base64')}*"}`;
  const { payloads } = await reduced(folder, cut);
  expect(payloads).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('an image that shows a secret is not kept, and that is said', async () => {
  const shown = Buffer.concat([IMAGE, Buffer.from('sk-secret')]);
  const { notKept } = await reduced(folder, body(shown), 'sk-secret');
  expect(notKept).toEqual(['1 with a secret in it']);
  expect(await readdir(folder)).toEqual([]);
});

test('where nothing can be written that is said, and nothing fails', async () => {
  await writeFile(join(folder, 'images'), 'a file');
  const { payloads, notKept } = await reduced(join(folder, 'images'), body(IMAGE));
  expect(payloads).toHaveLength(1);
  expect(notKept).toEqual([expect.stringContaining('1 cannot be written')]);
});

test('a hash that is none leads to no file', () => {
  expect(readKept(folder, '../../etc/passwd')).toBeUndefined();
  expect(readKept(folder, 'a'.repeat(64))).toBeUndefined();
});
