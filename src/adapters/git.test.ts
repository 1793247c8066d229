import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { committedFolder } from './git.ts';

const ALL = /./;
const WHO = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];

let folder: string;
let outside: string;

function git(...args: readonly string[]): void {
  execFileSync('git', [...WHO, ...args], { cwd: folder, stdio: 'ignore' });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-git-'));
  outside = await mkdtemp(join(tmpdir(), 'assay-no-git-'));
  git('init', '--initial-branch=main');
  await mkdir(join(folder, 'kept/2026-03'), { recursive: true });
  await writeFile(join(folder, 'kept/2026-03/a b.txt'), 'first\n');
  await writeFile(join(folder, 'kept/表.bin'), new Uint8Array([0, 10, 255, 10]));
  await writeFile(join(folder, 'beside.txt'), 'beside');
  git('add', '.');
  git('commit', '-m', 'one');
  await writeFile(join(folder, 'kept/2026-03/a b.txt'), '');
  await symlink('/etc/hostname', join(folder, 'kept/link.txt'));
  git('add', '.');
  git('commit', '-m', 'two');
  git('rm', '-r', 'kept');
  git('commit', '-m', 'three');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(outside, { recursive: true, force: true });
});

async function textsAt(revision: string, matching = ALL, of = 'kept') {
  const found = await committedFolder(join(folder, of), revision, matching);
  if ('problem' in found) return found.problem.message;
  return found.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('latin1')]);
}

test('a folder is read as it was at a revision, byte for byte, also where it is gone since', async () => {
  expect(await textsAt('HEAD~2')).toEqual([
    ['2026-03/a b.txt', 'first\n'],
    ['表.bin', '\0\n\u00FF\n'],
  ]);
  expect(await textsAt('main')).toEqual([]);
});

test('an empty file is one, and a link is none', async () => {
  expect(await textsAt('HEAD~1', /\.txt$/)).toEqual([['2026-03/a b.txt', '']]);
});

test('the folder of the repository itself is read as well', async () => {
  expect(await textsAt('HEAD', ALL, '.')).toEqual([['beside.txt', 'beside']]);
});

test('it is said when it was committed', async () => {
  const found = await committedFolder(folder, 'HEAD', ALL);
  expect('at' in found && Number.isNaN(Date.parse(found.at))).toBe(false);
});

test('a revision that is not there, or could be taken for an option, is a problem', async () => {
  expect(await textsAt('v9')).toBe('no revision is called "v9"');
  expect(await textsAt('--output=/tmp/x')).toBe('"--output=/tmp/x" is no name of a revision');
  expect(await textsAt('HEAD:beside.txt')).toBe('no revision is called "HEAD:beside.txt"');
});

test('in a clone that is shallow, it is said how to bring what was before', async () => {
  const shallow = join(outside, 'shallow');
  git('clone', '--depth', '1', `file://${folder}`, shallow);
  const found = await committedFolder(shallow, 'HEAD~1', ALL);
  expect('problem' in found && found.problem).toMatchObject({
    message: 'no revision is called "HEAD~1"',
    hint: expect.stringContaining('git fetch --unshallow'),
  });
});

test('a folder in no repository is a problem with a hint', async () => {
  const found = await committedFolder(outside, 'HEAD', ALL);
  expect(found).toMatchObject({
    problem: { message: `${outside} is in no git repository`, hint: expect.any(String) as string },
  });
});
