import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startMock } from '../mock/server.ts';
import { type Said, assay } from './cli.fixture.ts';
import { FIRST_CODES, FIRST_ENV, walkFirst } from './first.fixture.ts';

const FILES = [
  '.github/workflows/assay-gate.yml',
  '.github/workflows/assay-nightly.yml',
  '.gitignore',
  'docs/first.md',
  'suites/README.md',
  'suites/first.yaml',
  'suites/suite.schema.json',
  'suites/targets.yaml',
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-init-'));
});
afterEach(() => rm(folder, { recursive: true }));

const here = (...args: readonly string[]): Promise<Said> =>
  assay(args, { cwd: folder, env: FIRST_ENV });
const textAt = (name: string) => readFile(join(folder, name), 'utf8');

async function filesIn(): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((one) => !one.isDirectory())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .toSorted();
}

describe('init', () => {
  test('writes a first suite whose own README leads from green, over a fault that is found, to a word in the page', async () => {
    const begun = await here('init');
    expect(begun).toMatchObject({ code: 0, stderr: '' });
    expect(await filesIn()).toEqual(FILES);
    for (const name of FILES) expect(begun.stdout).toContain(`wrote ${name}\n`);

    const page = await textAt('docs/first.md');
    const mock = await startMock({ world: '2026-03-30' });
    try {
      const walked = await walkFirst(folder, mock, (args) => here(...args));
      expect(walked.map(({ command, said }) => [command, said.code])).toEqual(FIRST_CODES);
      const [, green, , broken, , , check] = walked;
      expect(green?.said.stdout).toContain('5 pass · 0 fail · 0 inconclusive');
      expect(broken?.said.stdout).toContain('first/refs.over-limit\n');
      expect(check?.said.stdout).toContain('Sizes');
    } finally {
      await mock.close();
    }
    expect(await textAt('docs/first.md')).toBe(
      page.replace('| Sizes | Beta |', '| Sizes | Verified |'),
    );
  });

  test('names next commands that work, and none but those of its README', async () => {
    const { stdout } = await here('init');
    const next = [...stdout.matchAll(/^ {2}npx assay (.+?)(?: {2,}.*)?$/gm)].map(
      ([, command]) => command,
    );
    expect(next).toEqual(['run', 'status --rehearsal', 'run --with refs.limit=20']);
    const known = FIRST_CODES.map(([command]) => command);
    expect(next.filter((command) => !known.includes(command ?? ''))).toEqual([]);
  });

  test.each([
    ['the 14 of the message', 'at most 14 reference', 'at most 15 reference', 'refs.over-limit'],
    ['a number of references', 'refs: 14 }', 'refs: 15 }', 'refs.within-limit'],
    ['a size', 'size: "${resolution}"', 'size: 4K', 'size/resolution=1K'],
  ])('finds a suite that is wrong about %s', async (_, right, wrong, found) => {
    await here('init');
    const suite = await textAt('suites/first.yaml');
    expect(suite).toContain(right);
    await writeFile(join(folder, 'suites/first.yaml'), suite.replace(right, wrong));
    const { code, stdout } = await here('run');
    expect(code).toBe(1);
    expect(stdout).toContain(`first/${found}\n`);
  });

  test('writes into a folder that it makes, with the address that it is given', async () => {
    const said = await here('init', 'new/claims', '--url', 'https://gateway.example.org/v9');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain('Next, in new/claims:');
    const targets = parse(await textAt('new/claims/suites/targets.yaml')) as {
      readonly targets: Readonly<Record<string, { readonly baseUrl?: string }>>;
    };
    expect(targets.targets['production']?.baseUrl).toBe('https://gateway.example.org/v9');
    expect((await here('lint', '--suites', 'new/claims/suites')).code).toBe(0);
  });

  test('writes nothing where a file is in the way, and names each', async () => {
    await mkdir(join(folder, 'docs'));
    await mkdir(join(folder, 'suites'));
    await writeFile(join(folder, 'docs/first.md'), 'mine');
    await symlink('nowhere', join(folder, 'suites/first.yaml'));
    const before = await filesIn();
    const { code, stdout, stderr } = await here('init');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('docs/first.md is there already');
    expect(stderr).toContain('suites/first.yaml is there already');
    expect(stderr).toContain('nothing was written');
    expect(await filesIn()).toEqual(before);
    expect(await textAt('docs/first.md')).toBe('mine');
  });

  test('adds to a .gitignore that is there, and has nothing to do a second time', async () => {
    await writeFile(join(folder, '.gitignore'), '*.log\r\n/node_modules');
    expect((await here('init')).code).toBe(0);
    const ignored = await textAt('.gitignore');
    const own = 'reports/rehearsals/\nreports/.cache/\nreports/images/\n';
    expect(ignored).toBe(`*.log\r\n/node_modules\n${own}`);
    const again = await here('init');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('everything is there already');
    expect(await textAt('.gitignore')).toBe(ignored);
  });

  test.each([
    [['init', 'a', 'b'], 'init takes one folder'],
    [['init', '--url', 'ftp://example.org'], '--url: a baseUrl is http or https'],
    [['init', '--url', 'https://user:hunter2@example.org'], '--url: a baseUrl is http or https'],
    [['init', 'file/below'], 'cannot write: ENOTDIR'],
  ])('refuses %j', async (args, problem) => {
    await writeFile(join(folder, 'file'), '');
    const { code, stdout, stderr } = await here(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain('hunter2');
    expect(await filesIn()).toEqual(['file']);
  });

  test('writes a schema that takes the suite beside it', async () => {
    await here('init');
    const schema = JSON.parse(await textAt('suites/suite.schema.json')) as object;
    const suite: unknown = parse(await textAt('suites/first.yaml'));
    expect(new Ajv2020({ strict: false }).compile(schema)(suite)).toBe(true);
  });

  test('writes the workflows that `assay workflow` prints, which need no more than its README says', async () => {
    await here('init');
    const readme = await textAt('suites/README.md');
    for (const name of ['github-gate', 'github-nightly']) {
      const path = `.github/workflows/${name.replace('github', 'assay')}.yml`;
      const text = await textAt(path);
      expect((await here('workflow', name)).stdout).toBe(text);
      expect(readme).toContain(path);
      const secrets = [...text.matchAll(/secrets\.(\w+)/g)].map(([, secret = '']) => secret);
      for (const secret of secrets) expect(readme).toContain(secret);
      expect(text).toContain('  TARGET: production\n');
    }
  });
});
