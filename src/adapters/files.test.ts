import { mkdtempSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFolder, readIfThere, readWritten, replaceFile } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-files-'));
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  await mkdir(path('a.yaml'));
  await writeFile(path('b.yaml'), 'b: 1');
  await writeFile(path('c.yaml'), new Uint8Array([0xff, 0xfe]));
  await writeFile(path('most.yaml'), 'x'.repeat(1 << 20));
  await writeFile(path('huge.yaml'), '');
  await truncate(path('huge.yaml'), 50_000_000_000);
  await writeFile(path('d.txt'), '');
});
afterAll(() => rm(folder, { recursive: true }));

test('a written file comes as its bytes, whatever they are', async () => {
  expect(await readWritten(path('b.yaml'))).toEqual({
    file: { name: path('b.yaml'), bytes: Buffer.from('b: 1') },
  });
  expect(await readWritten(path('c.yaml'))).toMatchObject({
    file: { bytes: Buffer.from([0xff, 0xfe]) },
  });
  expect(await readWritten(path('most.yaml'))).toMatchObject({ file: { name: path('most.yaml') } });
});

test.each([
  ['none.yaml', 'there is no such file or folder'],
  ['a.yaml', 'it is a folder'],
  ['huge.yaml', 'it has 50000000000 bytes, and at most 1 MiB is read'],
  ['b.yaml/c', 'a part of its path is no folder'],
  ['n'.repeat(300), 'its name is too long'],
])('%s is a problem that says why', async (name, reason) => {
  expect(await readWritten(path(name))).toEqual({
    problem: { severity: 'error', message: `cannot read ${path(name)}: ${reason}` },
  });
});

test('a device is never read', async () => {
  expect(await readWritten('/dev/zero')).toMatchObject({
    problem: { message: 'cannot read /dev/zero: it is no regular file' },
  });
  expect(readIfThere('/dev/zero')).toBeUndefined();
});

test('a folder gives its files in order, those that cannot be read as problems, and leaves out what is not wanted', async () => {
  const { files, problems } = await readFolder(folder, /\.yaml$/, ['c.yaml']);
  expect(files.map(({ name }) => name)).toEqual([path('b.yaml'), path('most.yaml')]);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('a.yaml'),
    expect.stringContaining('huge.yaml'),
  ]);
  const nowhere = await readFolder(path('nowhere'), /\.yaml$/);
  expect(nowhere).toMatchObject({
    files: [],
    problems: [{ message: expect.stringContaining('nowhere') as string }],
  });
});

test('a file that may be missing is undefined then', () => {
  expect(readIfThere(path('b.yaml'))).toEqual(Buffer.from('b: 1'));
  expect(readIfThere(path('none.yaml'))).toBeUndefined();
  for (const name of ['a.yaml', 'huge.yaml']) expect(readIfThere(path(name))).toBeUndefined();
});

test('a replaced file has its new bytes and its old mode, and nothing is left beside it', async () => {
  const file = path('page.mdx');
  await writeFile(file, 'old');
  await chmod(file, 0o640);
  await replaceFile(file, Buffer.from('new'));
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  await expect(replaceFile(path('none.mdx'), Buffer.from(''))).rejects.toThrow('ENOENT');
  expect((await readdir(folder)).filter((name) => name.includes('mdx'))).toEqual(['page.mdx']);
});
