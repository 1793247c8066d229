import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCache } from './cache.ts';
import { sha256 } from './sha256.ts';

const NAME = sha256('one');

let folder: string;
let reports: string;
let inside: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cache-'));
  reports = join(folder, 'reports');
  inside = join(reports, '.cache');
  await mkdir(reports);
});

afterEach(() => rm(folder, { recursive: true }));

test('gives back what was written, and nothing for another name', () => {
  const cache = openCache(reports);
  expect(cache.read(NAME)).toBeUndefined();

  cache.write(NAME, 'first');
  cache.write(NAME, 'second 文');

  expect(openCache(reports).read(NAME)).toBe('second 文');
  expect(cache.read(sha256('other'))).toBeUndefined();
});

test('makes nothing where there are no reports', async () => {
  openCache(join(folder, 'elsewhere')).write(NAME, 'text');

  expect(await readdir(folder)).toEqual(['reports']);
});

test.each([
  ['cut', (text: string) => text.slice(0, -1)],
  ['empty', () => ''],
  ['longer', (text: string) => `${text} `],
  ['of another content', (text: string) => text.replace('a text', 'a lie!')],
  ['foreign', () => '{"suites":[]}'],
])('an entry that is %s is none', async (_, spoil) => {
  const cache = openCache(reports);
  cache.write(NAME, 'a text');
  const file = join(inside, `${NAME}.json`);

  await writeFile(file, spoil(await readFile(file, 'utf8')));

  expect(cache.read(NAME)).toBeUndefined();
  cache.write(NAME, 'a text');
  expect(cache.read(NAME)).toBe('a text');
});

test('a folder that cannot be written, or leads elsewhere, is left as it is', async () => {
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await symlink(elsewhere, inside);
  openCache(reports).write(NAME, 'text');
  expect(await readdir(elsewhere)).toEqual([]);

  await rm(inside);
  await writeFile(inside, 'a file');
  openCache(reports).write(NAME, 'text');
  expect(openCache(reports).read(NAME)).toBeUndefined();
  expect(await readFile(inside, 'utf8')).toBe('a file');
});

test('keeps the newest entries, drops what a killed process left, and leaves files of others alone', async () => {
  const cache = openCache(reports);
  await mkdir(inside);
  await writeFile(join(inside, 'notes.txt'), 'mine');
  const part = join(inside, `${NAME}.0c9f8a52-5d0e-4b8e-9a55-3f1c70a3a001.part`);
  await writeFile(part, 'half');
  await utimes(part, 1, 1);
  const names = Array.from({ length: 20 }, (_, at) => sha256(`${at}`));
  for (const [at, name] of names.entries()) {
    cache.write(name, `${at}`);
    await utimes(join(inside, `${name}.json`), 1000 + at, 1000 + at);
  }

  expect(names.map((name) => cache.read(name) !== undefined)).toEqual(
    names.map((_, at) => at >= 4),
  );
  expect((await readdir(inside)).filter((name) => !name.endsWith('.json'))).toEqual(['notes.txt']);
});
