import { readFileSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assay } from './cli.fixture.ts';
import { type Desk, aDesk } from './desk.fixture.ts';
import { STORIES, tell } from './gate.fixture.ts';
import { SUITE, aServer } from './pages.fixture.ts';

const names = readdirSync(STORIES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'base')
  .map(({ name }) => name)
  .toSorted();

const ends: string[] = [];

describe('a gate says what its golden file has, and exits as it says there', () => {
  test.each(names)('%s', async (name) => {
    const { said, code } = await tell(name);
    const expected = readFileSync(join(STORIES, name, 'expected.txt'), 'utf8');
    expect(`${said.trimEnd()}\n\nexit ${code}\n`).toBe(expected);
    const kinds =
      said
        .match(/^[a-z-]+(?=: )/gm)
        ?.filter((word) => !['missing', 'warning', 'see'].includes(word)) ?? [];
    ends.push(`${name.padEnd(29)} ${code}  ${kinds.join(', ')}`);
  });

  test('and all of them together are the table of how a gate ends', () => {
    const table = readFileSync(join(STORIES, 'table.txt'), 'utf8');
    expect(`${ends.join('\n')}\n`).toBe(table);
  });
});

describe('what is asked or written wrongly is said, and exits 2', () => {
  let desk: Desk;
  const entry = (claim: string, until: string) =>
    `{ claim: ${claim}, owner: Ada, reason: Later, link: "https://example.com/7", until: ${until} }`;

  beforeAll(async () => {
    desk = await aDesk({
      suites: { 'small.yaml': SUITE.replace('as: open', 'as: holds') },
      target: { baseUrl: 'http://127.0.0.1:9' },
    });
  });
  afterAll(() => desk.close());

  const list = async (text: string) =>
    await writeFile(join(desk.folder, 'suites', 'known.yaml'), text);

  test.each<[string, readonly string[], string]>([
    ['no target', [], 'gate needs --target NAME'],
    ['one that is not there', ['--target', 'locl'], 'did you mean "local"?'],
    ['the same twice', ['--target', 'local', '--against', 'local'], 'the same target'],
    ['a world of a live one', ['--target', 'local@2026-03-30'], 'only a rehearsal has a world'],
    ['an unknown claim', ['small/god', '--target', 'local'], 'did you mean "good"?'],
    ['a list that is not there', ['--target', 'local', '--known', 'k.yaml'], 'cannot read k.yaml'],
    ['pages that are not there', ['--target', 'local', '--pages', 'docs'], 'en/p.mdx'],
    ['pruning after a rehearsal', ['--target', 'mock', '--prune'], 'only a live target can verify'],
  ])('%s', async (_, args, message) => {
    await writeFile(
      join(desk.folder, 'suites', 'small.yaml'),
      SUITE.replace('says: It works,', 'says: It works, documented: { quote: works },'),
    );
    const { code, stderr, stdout } = await desk.assay(['gate', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('a list that names no claim of the suites, by gate and lint alike', async () => {
    await list(`known:\n  - ${entry('small/god', '2026-12-31')}\n`);
    for (const verb of ['gate --target local', 'lint']) {
      const { code, stderr } = await desk.assay(verb.split(' '));
      expect(code).toBe(2);
      expect(stderr).toContain('known.yaml:2:14');
      expect(stderr).toContain('did you mean "good"?');
    }
  });

  test('an entry whose time is over is a warning of lint', async () => {
    const written = SUITE.replace('as: open', 'as: holds');
    await writeFile(join(desk.folder, 'suites', 'small.yaml'), written);
    await list(`known:\n  - ${entry('small/good', '2026-03-31')}\n`);
    const { code, stderr } = await desk.assay(['lint', '--now', '2026-04-01']);
    expect(code).toBe(0);
    expect(stderr).toContain('the entry of small/good by Ada has expired on 2026-03-31');
    expect((await desk.assay(['lint', '--now', '2026-03-31'])).stderr).not.toContain('expired');
  });
});

describe('a gate in other forms', () => {
  let server: Awaited<ReturnType<typeof aServer>>;
  let desk: Desk;

  beforeAll(async () => {
    server = await aServer();
    const suites = { 'small.yaml': SUITE.replace('as: open', 'as: holds') };
    desk = await aDesk({ suites, target: server.target });
    await desk.run();
  });
  afterAll(async () => {
    await desk.close();
    await server.close();
  });

  test('as JSON, one document with every reason, its evidence and what to do', async () => {
    const { code, stdout } = await desk.assay([
      'gate',
      '--target',
      'production',
      '--format',
      'json',
    ]);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect([code, document['schema'], document['state']]).toEqual([1, 'assay.gate.v1', 'shut']);
    expect(document).toMatchObject({
      target: 'production',
      against: null,
      rehearsal: false,
      reasons: [{ kind: 'fails', claim: 'small/bad', cases: [''], entry: null }],
      news: [],
      coverage: { bound: 3, decided: 3 },
      missing: { selectors: [], run: null },
      pruned: [],
    });
    const [{ evidence, todo }] = document['reasons'] as [{ evidence: string[]; todo: string }];
    expect([evidence.length, todo]).toEqual([2, 'mend it, correct the docs, or list it']);
  });

  test('misses no suite of another folder that shares the ledger, and one of its own', async () => {
    const ask = async (suites: string) => {
      const at = ['--suites', suites, '--targets', join(desk.folder, 'targets.yaml')];
      return await assay(['gate', '--target', 'production', ...at, '--ledger', desk.ledger], {
        cwd: desk.folder,
      });
    };
    const others = join(desk.folder, 'others');
    await mkdir(others);
    await writeFile(join(others, 'other.yaml'), SUITE.replace('suite: small', 'suite: other'));
    expect((await ask(others)).stdout).not.toContain('there is no suite small any more');
    const own = join(desk.folder, 'suites');
    await rename(join(own, 'small.yaml'), join(desk.folder, 'small.yaml'));
    await copyFile(join(others, 'other.yaml'), join(own, 'other.yaml'));
    const { code, stdout } = await ask(own);
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('there is no suite small any more');
    await rm(join(own, 'other.yaml'));
    await rename(join(desk.folder, 'small.yaml'), join(own, 'small.yaml'));
  });

  test('as Markdown, a table for a pull request', async () => {
    const args = ['gate', '--target', 'production', '--format', 'markdown'];
    const { stdout } = await desk.assay(args);
    expect(stdout).toContain('## Gate shut: production\n\n3 of 3 bound claims decided.\n');
    expect(stdout).toContain('| fails | small/bad: It fails | documented as holding, and fails: ');
  });

  test('and it is not to be told where the ledger cannot be trusted', async () => {
    const [file = ''] = (await readdir(desk.ledger, { recursive: true })).filter((name) =>
      name.endsWith('.jsonl'),
    );
    const path = join(desk.ledger, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"pass"', '"fail"'));
    const { code, stdout } = await desk.assay(['gate', '--target', 'production']);
    expect([code, stdout]).toEqual([3, '']);
  });

  test('nothing was sent by any of them', () => {
    expect(server.met).toHaveLength(4);
  });
});
