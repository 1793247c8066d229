import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { program, type RunAssay, TELLING_LOADS } from './cli.fixture.ts';
import { COMMITTED } from './desk.fixture.ts';
import { FIRST_CODES, FIRST_ENV, walkFirst } from './first.fixture.ts';
import { installPacked, olderNode, type Packed } from './packed.fixture.ts';
import { ENDS, inTypeScript, PAGE, walkThrough } from './readme.fixture.ts';
import { version } from './version.ts';
import { gatedIn, VITEST } from './vitest.fixture.ts';
import { WORKFLOWS, workflowText } from './workflows.ts';

/** What only some verbs need, by a name that it has in the bundle. */
const HEAVY = {
  'the HTTP client': /\bUND_ERR_CONNECT_TIMEOUT\b/,
  'the YAML library': /\bYAMLParseError\b/,
  'the schema library': /\$ZodType\b/,
  'the Markdown library': /\bfromMarkdown\b/,
  'the mock': /function startMock\b/,
  'the reference': /function verbManual\b/,
  completions: /COMP_WORDBREAKS/,
  'the HTML report': /default-src 'none'/,
  'other reports': /function inNameOrder\b|assay_run_cases/,
};

let packed: Packed;
let mock: Mock;
const old = await olderNode();

beforeAll(async () => {
  mock = await startMock({ world: '2026-03-30' });
  packed = await installPacked();
  await cp(COMMITTED, join(packed.folder, 'suites'), { recursive: true });
}, 120_000);

afterAll(async () => {
  await mock.close();
  await packed.close();
});

/** The errors that the compiler finds in some files. */
async function compiled(cwd: string, files: readonly string[]): Promise<readonly string[]> {
  const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--types', ''];
  const said = await program(process.execPath, [tsc, ...options, ...files], { cwd });
  return said.stdout.split('\n').filter((line) => line.includes('error TS'));
}

describe('the package, installed into an empty folder', () => {
  test('brings no other package along', async () => {
    const names = await readdir(join(packed.folder, 'node_modules'));
    expect(names.filter((name) => !name.startsWith('.'))).toEqual(['assay']);
  });

  test('has its bundle, its types, its notices, its licence and its workflows, and neither source nor tests', async () => {
    const root = join(packed.folder, 'node_modules/assay');
    const files = await readdir(root, { recursive: true });
    const chunks = files.filter((file) => /^dist\/chunks\/[\w-]+\.js$/.test(file));
    expect(chunks.length).toBeGreaterThan(10);
    expect(files.filter((file) => !chunks.includes(file)).toSorted()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist',
        'dist/THIRD-PARTY-NOTICES.txt',
        'dist/chunks',
        'dist/index.d.ts',
        'dist/index.js',
        'dist/main.js',
        'dist/vitest.d.ts',
        'dist/vitest.js',
        'package.json',
        'src',
        'src/cli',
        'src/cli/assay.js',
        'src/cli/workflows',
        ...Object.values(WORKFLOWS).map(({ file }) => `src/cli/workflows/${file}`),
      ].toSorted(),
    );
    const notices = await readFile(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['undici', 'yaml', 'zod']) {
      expect(notices).toMatch(new RegExp(`^${name} [\\d.]+ \\((MIT|ISC)\\)\\n[^-]*Copyright`, 'm'));
    }
  });

  test('tells its version and its verbs', async () => {
    const told = await packed.assay(['--version']);
    expect(told).toEqual({ code: 0, stdout: `${version()}\n`, stderr: '' });
    const { code, stdout } = await packed.assay(['--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('assay VERB --help')]);
  });

  test.each(['--version', '--help'])('loads no library for %s', async (option) => {
    const env = { NODE_OPTIONS: `--import=${TELLING_LOADS}` };
    const { stderr } = await packed.assay([option], { env });
    const files = stderr
      .trim()
      .split('\n')
      .map((url) => fileURLToPath(url));
    expect(files.some((file) => file.endsWith('dist/main.js'))).toBe(true);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(30_000);
  });

  test('lints, prints its schema and rehearses the committed suites', async () => {
    const lint = await packed.assay(['lint']);
    expect([lint.code, lint.stdout]).toEqual([0, expect.stringContaining('no errors')]);
    const schema = await packed.assay(['schema']);
    expect(schema.stdout).toBe(await readFile(join(COMMITTED, 'suite.schema.json'), 'utf8'));
    const run = await packed.assay(['run', 'nano-banana-2']);
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('at file:')]);
  });

  test('prints each workflow', async () => {
    for (const [name, workflow] of Object.entries(WORKFLOWS)) {
      const { code, stdout } = await packed.assay(['workflow', name]);
      expect([code, stdout]).toEqual([0, await workflowText(workflow)]);
    }
  });

  test('loads for status, whose suites are kept, nothing that sends, parses, mocks or helps', async () => {
    const env = { NODE_OPTIONS: `--import=${TELLING_LOADS}` };
    await mkdir(join(packed.folder, 'reports'), { recursive: true });
    await packed.assay(['status']); // keeps the suites
    const { code, stderr } = await packed.assay(['status'], { env });
    const files = stderr.split('\n').filter((line) => line.startsWith('file:'));
    expect([code, files.length > 5]).toEqual([0, true]);
    const texts = await Promise.all(files.map((url) => readFile(fileURLToPath(url), 'utf8')));
    const heavy = Object.entries(HEAVY).filter(([, sign]) => texts.some((text) => sign.test(text)));
    expect(heavy.map(([name]) => name)).toEqual([]);
  });

  test('knows the signs of what is heavy', async () => {
    const folder = join(packed.folder, 'node_modules/assay/dist/chunks');
    const names = await readdir(folder);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    for (const [name, sign] of Object.entries(HEAVY))
      expect([name, texts.some((text) => sign.test(text))]).toEqual([name, true]);
  });

  test("runs the README's first suite", async () => {
    const walked = await walkThrough(packed.folder, mock, packed.assay);
    expect(walked).toEqual({ codes: ENDS, page: PAGE });
  });

  test("goes the way of the first suite's own README, which init writes", async () => {
    const folder = join(packed.folder, 'fresh');
    const here: RunAssay = (args) => packed.assay(args, { cwd: folder, env: FIRST_ENV });
    await mkdir(folder);
    expect(await here(['init'])).toMatchObject({ code: 0, stderr: '' });
    const walked = await walkFirst(folder, mock, here);
    expect(walked.map(({ command, said }) => [command, said.code])).toEqual(FIRST_CODES);
  });

  test("runs the README's suite in TypeScript, and the compiler finds a misspelt key in it", async () => {
    const folder = join(packed.folder, 'typed');
    const targets = join(COMMITTED, 'targets.yaml');
    await mkdir(folder);
    await writeFile(join(folder, 'limits.suite.mts'), inTypeScript);
    await writeFile(join(folder, 'misspelt.mts'), inTypeScript.replace('says:', 'say:'));
    const run = await packed.assay(['run', '--suites', folder, '--targets', targets]);
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('arning')]);
    expect(run.stdout).toContain('2 pass · 0 fail · 0 inconclusive');
    const errors = await compiled(folder, ['limits.suite.mts', 'misspelt.mts']);
    expect(errors).toEqual([expect.stringMatching(/^misspelt\.mts\(/)]);
  });

  test('gates in vitest, and the compiler finds a misspelt option', async () => {
    await symlink(VITEST, join(packed.folder, 'node_modules/vitest'));
    const project = await gatedIn(join(packed.folder, 'gated'));
    await project.claims("{ select: ['banana/refs.limit'], with: ['refs.limit=20'] }");
    const told = await project.vitest();
    const [message] = told.tests.flatMap(({ failureMessages }) => failureMessages);
    expect([told.code, message]).toEqual([1, expect.stringContaining('suites/banana.yaml:33:9')]);
    await project.claims("{ suite: 'suites' }");
    const misspelt = await compiled(project.folder, ['gateway.test.ts']);
    expect(misspelt).toEqual([expect.stringMatching(/^gateway\.test\.ts\(3,.*'suite'/)]);
  });

  test.skipIf(old === undefined)(
    `says one clear line on an older Node (${old?.version ?? 'skipped: there is none on the PATH'})`,
    async () => {
      const said = await packed.assayOn(old?.path ?? '', ['run']);
      const line = `assay needs Node 24 or newer, and this is ${old?.version}.`;
      expect([said.code, said.stdout]).toEqual([2, '']);
      expect(said.stderr.startsWith(line) && said.stderr.trimEnd().split('\n').length).toBe(1);
    },
  );
});

describe('the tarball', () => {
  test('satisfies publint', async () => {
    const bytes = await readFile(packed.tarball);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).toEqual([]);
  });

  test('satisfies attw, as a package of ECMAScript modules', async () => {
    const root = join(import.meta.dirname, '../..');
    const said = await program('npm', ['run', '-s', 'attw', '--', packed.tarball], { cwd: root });
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining('🟢 (ESM)')]);
  });
});
