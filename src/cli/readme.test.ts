import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { assay } from './cli.fixture.ts';
import { verbs } from './verbs.ts';

const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
const section = readme.slice(
  readme.indexOf('## Your first suite'),
  readme.indexOf('## The path of a claim'),
);

/** The files that the README has a new user write, each named in the sentence before it. */
const files = [...section.matchAll(/^`(first\/[\w./]+)` [^\n]*\n\n```\w+\n([\s\S]*?)```/gm)].map(
  ([, name = '', text = '']) => ({ name, text }),
);

/** The commands in the order in which the README has them run, without comments. */
const commands = [...section.matchAll(/^npm run -s assay -- ([^#\n]+)/gm)].map(([, words = '']) =>
  words.trim(),
);

let folder: string;
let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ world: '2026-03-30' });
  folder = await mkdtemp(join(tmpdir(), 'assay-readme-'));
  for (const { name, text } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const here = text
      .replaceAll('http://127.0.0.1:4000', mock.url)
      .replaceAll('http://127.0.0.1:4010', mock.hostingUrl);
    await writeFile(join(folder, name), here);
  }
});

afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true });
});

describe('the first suite of the README', () => {
  test('has its three files and its commands', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'first/targets.yaml',
      'first/banana.yaml',
      'first/pages/banana.md',
    ]);
    expect(commands).toHaveLength(11);
  });

  test('runs as it stands, and ends with the right word in the page', async () => {
    const codes: [string, number | null][] = [];
    for (const command of commands) {
      // The mock of the README stands on a fixed port; here it stands already.
      if (command.startsWith('mock --world')) continue;
      const { code } = await assay(command.split(/\s+/), {
        cwd: folder,
        env: { LOCAL_KEY: 'sk-anything' },
      });
      codes.push([command.split(' --suites first').join(''), code]);
    }
    expect(codes).toEqual([
      ['lint', 0],
      ['plan', 0],
      ['run', 0],
      ['run --with refs.limit=20', 1],
      ['mock --list', 0],
      ['run --target local --ledger first/ledger', 0],
      ['status --ledger first/ledger', 0],
      ['docs --ledger first/ledger --pages first/pages --check', 1],
      ['docs --ledger first/ledger --pages first/pages --write', 0],
      ['explain --ledger first/ledger banana/refs.limit', 0],
    ]);
    const page = await readFile(join(folder, 'first/pages/banana.md'), 'utf8');
    const written = files[2]?.text.replace('| Sizes | Beta |', '| Sizes | Verified |');
    expect(page).toBe(written);
  });
});

describe('the help', () => {
  test.each(Object.entries(verbs))(
    'of %s has an example that names only its own options',
    async (name, verb) => {
      const { stdout, code } = await assay([name, '--help']);
      expect([code, stdout.includes(verb.example)]).toEqual([0, true]);
      const named = [...verb.example.matchAll(/--([a-z-]+)/g)].map(([, option]) => option);
      expect(named.filter((option) => !Object.hasOwn(verb.options, option ?? ''))).toEqual([]);
      expect(verb.example.startsWith(`assay ${name}`)).toBe(true);
    },
  );

  test('names every verb on one screen of 80 columns', async () => {
    const { stdout } = await assay(['--help']);
    for (const name of Object.keys(verbs)) expect(stdout).toContain(`  ${name}`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
