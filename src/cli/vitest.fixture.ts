import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { type Said, type Started, startProgram } from './cli.fixture.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The project that gates in vitest. */
const EXAMPLE = join(ROOT, 'fixtures/vitest');

/** Vitest, as this checkout has it. */
export const VITEST = join(ROOT, 'node_modules/vitest');

/** A test as vitest's JSON reporter tells it. */
interface ToldTest {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The stack of each error. */
  readonly failureMessages: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What vitest tells of a whole project. */
export interface Told extends Said {
  readonly tests: readonly ToldTest[];
  /** What was wrong with files as a whole. */
  readonly messages: readonly string[];
}

/** A copy of the example, which can be changed and run. */
export interface Gated {
  readonly folder: string;
  /** Puts other options into its test file. */
  readonly claims: (options: string) => Promise<void>;
  readonly vitest: (args?: readonly string[]) => Promise<Told>;
  /** Starts vitest without a reporter of ours. */
  readonly start: (args: readonly string[]) => Started;
  /** Starts a program that drives vitest. */
  readonly started: (program: string) => Started;
}

/** A folder whose `node_modules` has vitest, and what `assay/vitest` is today. */
export interface Installed {
  readonly folder: string;
  readonly close: () => Promise<void>;
}

/** Builds `assay/vitest` alone into a new folder; the whole package is for packed.test.ts. */
export async function installedForVitest(): Promise<Installed> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'assay-vitest-')));
  const own = join(folder, 'node_modules/assay');
  await mkdir(own, { recursive: true });
  await symlink(VITEST, join(folder, 'node_modules/vitest'));
  await cp(join(ROOT, 'package.json'), join(own, 'package.json'));
  await build({
    input: { vitest: join(ROOT, 'src/cli/vitest/claims.ts') },
    platform: 'node',
    external: ['vitest'],
    output: { dir: join(own, 'dist'), format: 'esm' },
  });
  return { folder, close: () => rm(folder, { recursive: true }) };
}

/** Copies the example into a new folder, below one whose `node_modules` has both Assay and vitest. */
export async function gatedIn(folder: string): Promise<Gated> {
  await cp(EXAMPLE, folder, { recursive: true });
  const file = join(folder, 'gateway.test.ts');
  const written = await readFile(file, 'utf8');
  const node = (args: readonly string[]) =>
    startProgram(process.execPath, args, { cwd: folder, env: QUIET });
  const start = (args: readonly string[]) => node([join(VITEST, 'vitest.mjs'), ...args]);
  return {
    folder,
    claims: (options) => writeFile(file, written.replace(/claims\(.*\)/s, `claims(${options})`)),
    vitest: async (args = ['run']) => {
      const report = join(folder, 'told.json');
      await rm(report, { force: true });
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const said = await start([...args, ...reporters]).said;
      return { ...said, ...toldIn(await readFile(report, 'utf8')) };
    },
    start,
    started: (program) => node(['--input-type=module', '--eval', program]),
  };
}

/** What this process has from the vitest that runs it is none of another one's business. */
const QUIET = { VITEST: '', VITEST_WORKER_ID: '', VITEST_POOL_ID: '', NODE_ENV: '' };

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly ToldTest[];
  }[];
}

function toldIn(text: string): Pick<Told, 'tests' | 'messages'> {
  const { testResults } = JSON.parse(text) as Report;
  return {
    tests: testResults.flatMap(({ assertionResults }) => assertionResults),
    messages: testResults.map(({ message }) => message).filter((message) => message !== ''),
  };
}
