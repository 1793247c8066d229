import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type WorkFolder, aWorkFolder } from './desk.fixture.ts';
import { SUITE, aServer, pageIn, putPages, readPages } from './pages.fixture.ts';

const NOW = '2026-04-14';
const RIGHT = { 'en/p.mdx': pageIn('en'), 'cn/p.mdx': pageIn('cn') };

let server: Awaited<ReturnType<typeof aServer>>;
let work: WorkFolder;
let suites: string;
let pages: string;

/** Runs `assay docs` with a changed suite, or the suite as it is. */
async function docs(args: readonly string[], suite = SUITE) {
  await writeFile(join(suites, 'small.yaml'), suite);
  const targets = { local: server.target };
  return work.assay(targets, 'docs', '--pages', pages, '--now', NOW, '--suites', suites, ...args);
}

beforeAll(async () => {
  server = await aServer();
  work = await aWorkFolder();
  suites = join(work.folder, 'suites');
  pages = join(work.folder, 'pages');
  await mkdir(suites);
  await writeFile(join(suites, 'small.yaml'), SUITE);
  const args = ['small/good', 'small/bad', '--target', 'local', '--now', NOW];
  const said = await work.assay({ local: server.target }, 'run', ...args, '--suites', suites);
  expect(said.stderr).not.toContain('error');
  expect(said.code).toBe(0);
});

afterAll(async () => {
  await Promise.all([server.close(), work.close()]);
});

beforeEach(() => putPages(pages, RIGHT));

describe('a page whose words were changed by hand', () => {
  const forms: readonly (readonly [string, (text: string) => string])[] = [
    ['as it is', (text) => text],
    ['with CRLF line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (text) => `\uFEFF${text}`],
    ['without a final newline', (text) => text.trimEnd()],
    ['with all of that', (text) => `\uFEFF${text.trimEnd().replaceAll('\n', '\r\n')}`],
  ];
  const changes: readonly (readonly [string, string])[] = [
    ['| `Verified` | a cell', '| `Beta` | a cell'],
    ['| 已验证 | a cell', '| 未知 \\| 🟢 | a cell'],
    ['|   `no \\| never`   |', '|   yes   |'],
    ['|`Beta`|', '|已验证|'],
    ['| `no \\| never` | |', '|  | |'],
    ['| Beta | works |', '| Beta | no |'],
    ['| works | fails |', '| works | works |'],
  ];
  const rows = 6;

  test.each(forms)('is shown cell by cell, and restored byte for byte, %s', async (_, form) => {
    const right = mapped(form);
    const wrong = mapped((text) => form(changed(text, changes)));
    await putPages(pages, right);
    expect(await docs(['--check'])).toMatchObject({ code: 0, stderr: '' });

    await putPages(pages, wrong);
    const { code, stdout } = await docs(['--check']);
    expect(code).toBe(1);
    expect(stdout.match(/because: /g)).toHaveLength(2 * rows);
    expect(await readPages(pages)).toEqual(wrong);

    const written = await docs(['--write']);
    expect(written).toMatchObject({ code: 0, stderr: `${2 * rows} cells written in 2 pages\n` });
    // An emptied cell gets its word between two blanks, as it stood.
    expect(await readPages(pages)).toEqual(right);
    expect((await docs(['--check'])).code).toBe(0);
  });

  test('is shown with its place, heading, row, both words and why', async () => {
    const [verified = ['', '']] = changes;
    await putPages(pages, { 'en/p.mdx': changed(RIGHT['en/p.mdx'], [verified]) });
    const { stdout } = await docs(['--check']);
    const line =
      RIGHT['en/p.mdx'].split('\n').findIndex((one) => one.startsWith('| plain text')) + 1;
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `${join(pages, 'en/p.mdx')}:${line}:16  Status  ›  plain text`,
      '  - `Beta`',
      '  + `Verified`',
    ]);
    expect(stdout).toMatch(/because: holds: small\/good on local: r20260414-\S+ \(2026-04-14\)/);
    expect(stdout.split('\n').every((one) => one.length <= 80 || one.includes(pages))).toBe(true);
    const { diffs } = JSON.parse((await docs(['--check', '--format', 'json'])).stdout) as {
      readonly diffs: readonly object[];
    };
    expect(diffs).toEqual([
      {
        page: join(pages, 'en/p.mdx'),
        line,
        column: 16,
        under: 'Status',
        row: 'plain text',
        was: '`Beta`',
        word: '`Verified`',
        because: expect.stringMatching(/^holds: small\/good on local/) as string,
      },
    ]);
  });

  test('is replaced at once, keeps its mode, and leaves nothing beside it', async () => {
    const file = join(pages, 'en/p.mdx');
    const wrong = changed(RIGHT['en/p.mdx'], changes);
    await writeFile(file, wrong, { mode: 0o640 });
    const before = await stat(file);
    const state = { isWriting: true };
    const writing = docs(['--write']).finally(() => (state.isWriting = false));
    const seen = new Set<string>();
    while (state.isWriting) seen.add(await readFile(file, 'utf8'));
    expect((await writing).code).toBe(0);

    const after = await stat(file);
    expect([...seen].filter((text) => text !== wrong && text !== RIGHT['en/p.mdx'])).toEqual([]);
    expect(after.ino).not.toBe(before.ino);
    expect(after.mode).toBe(before.mode);
    expect(await readdir(join(pages, 'en'))).toEqual(['p.mdx']);
  });
});

test('a page that cannot be replaced stays as it was, and is named', async () => {
  // The file that takes its place for a moment needs a longer name than any file may have.
  const name = `en/${'long'.repeat(60)}.mdx`;
  const wrong = changed(RIGHT['en/p.mdx'], [['| works | fails |', '| works | ? |']]);
  await putPages(pages, { [name]: wrong });
  const { code, stderr } = await docs(['--write'], SUITE.replace('en/p.mdx', name));
  expect(stderr).toContain(`cannot write ${join(pages, name)}: `);
  expect(code).toBe(2);
  expect(await readFile(join(pages, name), 'utf8')).toBe(wrong);
});

describe('what is wrong between suites and pages', () => {
  const at = (file: string, line = String.raw`\d+`) =>
    new RegExp(`--> \\S*${file.replaceAll('.', String.raw`\.`)}:${line}:\\d+\n`);
  const problems: readonly (readonly [
    what: string,
    change: (text: string) => string,
    said: readonly (string | RegExp)[],
  ])[] = [
    [
      'a heading that was renamed, with the nearest one',
      (text) => text.replace('## Status', '## Statuses'),
      ['no heading "Status"', at('en/p.mdx'), 'Statuses'],
    ],
    [
      'a table whose owned column is gone, with the columns that are there',
      (text) => text.replace('|  Status |', '|  State |'),
      ['no table under "Status" has the columns "Feature", "Status"', at('en/p.mdx')],
    ],
    [
      'a row that is gone, with the nearest one',
      (text) => text.replace('| plain text |', '| plain texts |'),
      ['no row "plain text"', at('en/p.mdx'), 'did you mean "plain texts"?'],
    ],
    [
      'a row that no suite names, at its own line',
      (text) => text.replace('| price |', '| brand new | Verified | |\n| price |'),
      ['no suite claims the row "brand new"', at('en/p.mdx', '15'), '| brand new | Verified | |'],
    ],
    [
      'a page that is not MDX',
      (text) => `${text}\n{ open\n`,
      ['the page is not MDX', at('en/p.mdx')],
    ],
  ];

  test.each(problems)('%s is said with its place', async (_, change, said) => {
    const wrong = change(RIGHT['en/p.mdx']);
    expect(wrong).not.toBe(RIGHT['en/p.mdx']);
    await putPages(pages, {
      'en/p.mdx': wrong,
      'cn/p.mdx': changed(RIGHT['cn/p.mdx'], [['| works | fails |', '| works | ? |']]),
    });
    const before = await readPages(pages);
    for (const option of ['--check', '--write']) {
      const { code, stderr } = await docs([option]);
      for (const one of said) expect(stderr).toMatch(one);
      expect(code).toBe(2);
    }
    expect(await readPages(pages)).toEqual(before);
  });

  test('a page that is missing is said at the table that needs it', async () => {
    const { code, stderr } = await docs(['--check'], SUITE.replace('en/p.mdx', 'en/gone.mdx'));
    expect(stderr).toContain(`cannot read ${join(pages, 'en/gone.mdx')}: there is no such file`);
    expect(stderr).toMatch(at('small.yaml', '13'));
    expect(code).toBe(2);
  });

  test('a problem is said also where no live run has decided anything', async () => {
    await putPages(pages, { 'en/p.mdx': RIGHT['en/p.mdx'].replace('| price |', '| prize |') });
    const { code, stderr } = await docs(['--check', '--ledger', join(work.folder, 'nothing')]);
    expect(stderr).toContain('no suite claims the row "prize"');
    expect(code).toBe(2);
  });

  test('where nothing is proven, nothing is said to be right', async () => {
    await putPages(pages, RIGHT);
    const none = await docs(['--check', '--ledger', join(work.folder, 'nothing')]);
    expect(none.stdout).toBe('no table is proven, so no cell was held against anything\n');
    expect(none.code).toBe(3);
  });

  test('a rehearsal whose evidence a table would count is refused where it is named', async () => {
    const { code, stderr } = await docs(
      ['--check'],
      SUITE.replace('from: [local]', 'from: [mock]'),
    );
    expect(stderr).toContain('"mock" is a rehearsal, and only a live target can verify');
    expect(stderr).toMatch(at('small.yaml', '16'));
    expect(code).toBe(2);
  });

  test('a word that would break its row is refused, and no page is touched', async () => {
    const wrong = mapped((text) => changed(text, [['| works | fails |', '| works | ? |']]));
    await putPages(pages, wrong);
    const suite = SUITE.replace('cn: 已验证 }', 'cn: "已 | 验证" }');
    expect(suite).not.toBe(SUITE);
    const { code, stderr } = await docs(['--write'], suite);
    expect(stderr).toContain('a bare | would split the row');
    expect(code).toBe(2);
    expect(await readPages(pages)).toEqual(wrong);
  });

  test('the tables of a superseded suite are looked for only when it is named', async () => {
    const suite = `${SUITE}superseded: { on: 2026-05-01, by: another, why: The page was written again }\n`;
    await putPages(pages, { 'en/p.mdx': '# Another page\n', 'cn/p.mdx': '# Another page\n' });
    const unnamed = await docs(['--check'], suite);
    expect(unnamed.stderr).not.toContain('no heading');
    const named = await docs(['small', '--check'], suite);
    expect(named.stderr).toContain('no heading "Status"');
    expect(named.code).toBe(2);
  });
});

function mapped(change: (text: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(RIGHT).map(([name, text]) => [name, change(text)]));
}

function changed(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((so, [from, to]) => so.replace(from, () => to), text);
}
