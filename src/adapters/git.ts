import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Problem } from '../domain/problem.ts';
import type { WrittenFile } from './files.ts';

/** A folder as it was committed. */
export interface CommittedFolder {
  /** When, in ISO 8601, by the clock of who committed. */
  readonly at: string;
  /** Its files, those of its folders included, each named by its path from the folder; none where it was not there. */
  readonly files: readonly WrittenFile[];
}

/** More than that of one folder at one revision is not read. */
const MOST_BYTES = 1 << 29;

/** What it lists is far shorter than what it names. */
const MOST_LISTED = 1 << 26;

/**
 * Reads the files of a folder whose names match, as they were at a revision of the repository that the folder is in. That there is no such
 * repository or revision, or no git, is a problem; nothing is checked out, and nothing but what is here already is fetched.
 */
export async function committedFolder(
  folder: string,
  revision: string,
  matching: RegExp,
): Promise<CommittedFolder | { readonly problem: Problem }> {
  // As an option it could do anything.
  if (!/^[^-\s][^\0]*$/.test(revision)) return refused(`"${revision}" is no name of a revision`);
  const base = nearestFolder(resolve(folder));
  const git = (args: readonly string[], input = '', most = MOST_LISTED) =>
    runGit(base, args, input, most);
  const commit = await git(['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`]);
  if (typeof commit === 'string') return await noCommit(base, folder, revision, commit);
  const id = commit.toString('utf8').trim();
  const below = relative(base, resolve(folder));
  const [date, tree] = await Promise.all([
    git(['show', '--no-patch', '--format=%cI', id]),
    git(['ls-tree', '-r', '-z', '--long', id, '--', below === '' ? '.' : below]),
  ]);
  if (typeof date === 'string') return refused(date);
  if (typeof tree === 'string') return refused(tree);
  const listed = tree.toString('utf8').split('\0').flatMap(listedFile);
  const chosen = listed
    .map((one) => ({ ...one, name: relative(below, one.path) }))
    .filter(({ name }) => matching.test(name));
  const bytes = chosen.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES)
    return refused(`${folder} has ${bytes} bytes at ${revision}, which is too much to read`);
  const asked = chosen.map(({ object }) => `${object}\n`).join('');
  const held = await git(['cat-file', '--batch'], asked, bytes + chosen.length * MOST_HEADER);
  if (typeof held === 'string') return refused(held);
  return { at: date.toString('utf8').trim(), files: filesIn(held, chosen) };
}

/** The line before each object that `cat-file` gives, and the one that ends it. */
const MOST_HEADER = 128;

interface Listed {
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/** Regular files alone: a link leads elsewhere, and a submodule is another repository. */
function listedFile(line: string): readonly Listed[] {
  const [, object = '', size = '', path = ''] =
    /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
  return object === '' ? [] : [{ object, size: Number(size), path }];
}

function filesIn(
  held: Buffer,
  listed: readonly (Listed & { readonly name: string })[],
): readonly WrittenFile[] {
  let at = 0;
  return listed.map(({ name, size }) => {
    const start = held.indexOf('\n', at) + 1;
    at = start + size + 1;
    return { name, bytes: held.subarray(start, start + size) };
  });
}

async function noCommit(
  base: string,
  folder: string,
  revision: string,
  said: string,
): Promise<{ readonly problem: Problem }> {
  const inside = await runGit(base, ['rev-parse', '--is-shallow-repository'], '', MOST_LISTED);
  if (typeof inside !== 'string') {
    const isShallow = inside.toString('utf8').trim() === 'true';
    const hint = isShallow ? SHALLOW : 'a branch, a tag, a commit, or HEAD~1';
    return refused(`no revision is called "${revision}"`, hint);
  }
  if (said.startsWith(NO_GIT)) return refused(said);
  return refused(
    `${folder} is in no git repository`,
    'two days or two runs can be told apart without one',
  );
}

/** So does a job that builds a pull request clone, unless it is told otherwise. */
const SHALLOW = 'this clone is shallow: git fetch --unshallow brings what was before';

const NO_GIT = 'git cannot be run';

/** What git writes, or the reason that it gives for writing nothing. */
async function runGit(
  folder: string,
  args: readonly string[],
  input: string,
  most: number,
): Promise<Buffer | string> {
  const child = spawn('git', ['-C', folder, ...args], { env: surroundings(), stdio: 'pipe' });
  const { promise, resolve: settle } = Promise.withResolvers<Buffer | string>();
  const chunks: Buffer[] = [];
  let length = 0;
  let said = '';
  child.on('error', ({ message }) => settle(`${NO_GIT}: ${message}`));
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) child.kill();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(0, 2000);
  });
  child.stdin.on('error', () => {}); // it has ended early, and says why
  child.stdin.end(input);
  child.on('close', (code) => {
    if (length > most) settle(`git ${args[0]} writes more than ${most} bytes`);
    else settle(code === 0 ? Buffer.concat(chunks) : said.trim() || `git ${args[0]} failed`);
  });
  return await promise;
}

/** Nothing of ours: a hook of git names its own repository there, and keys are no business of git's. */
function surroundings(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'SystemRoot', 'TMPDIR'];
  const own = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const fixed = {
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
  return { ...Object.fromEntries(own), ...fixed };
}

/** A folder that was committed may be gone since. */
function nearestFolder(path: string): string {
  let here = path;
  while (!existsSync(here) || !statSync(here).isDirectory()) here = dirname(here);
  return here;
}

function refused(message: string, hint?: string): { readonly problem: Problem } {
  return { problem: { severity: 'error', message, ...(hint !== undefined && { hint }) } };
}
