import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCsv } from '../report/csv.fixture.ts';
import { type Desk, aDesk } from './desk.fixture.ts';
import { aServer, putPages } from './pages.fixture.ts';

const SUITE = `
suite: small
page: { en: en.md, cn: cn.md }
documented: { as: open }
requests: { get: { method: GET, path: /bad } }
claims:
  - { id: bad, says: It works, expect: [ { json: { at: $.ok, equals: true } } ] }
  - { id: all, says: All works, of: bad }
tables:
  - under: Status
    key: Feature
    owns: State
    from: [local]
    words: { holds: Verified, broken: Failing, else: Beta }
    rows:
      - row: edits
        needs: [all]
        override:
          word: { en: Preview, cn: 预览 }
          by: Ada Lovelace
          on: 2026-04-01
          until: 2026-04-30
          why: the fix is on its way
          link: https://example.com/issues/12
      - { row: plain, needs: [bad] }
  - under: Prices
    key: Feature
    owns: State
    from: [local]
    words: { else: Beta }
    rows:
      - { row: price, override: { word: on request, by: Ada, on: 2026-04-01, until: 2026-04-30, why: contract } }
`;

const PAGE = `# Small

## Status

| Feature | State |
| --- | --- |
| edits | Verified |
| plain | Verified |

## Prices

| Feature | State |
| --- | --- |
| price | free |
`;

const WHY =
  'override by Ada Lovelace until 2026-04-30: the fix is on its way (https://example.com/issues/12)';
const [BEFORE, DURING, AFTER] = ['2026-03-31', '2026-04-20', '2026-05-01'];

let server: Awaited<ReturnType<typeof aServer>>;
let desk: Desk;
beforeAll(async () => {
  server = await aServer();
  desk = await aDesk({ suites: { 'small.yaml': SUITE }, target: server.target });
  await putPages(desk.folder, { 'en.md': PAGE, 'cn.md': PAGE });
  const ran = await desk.assay(['run', '--target', 'local', '--now', BEFORE]);
  expect(ran.code).toBe(0);
});
afterAll(async () => {
  await desk.close();
  await server.close();
});

/** The word of each row in the English page. */
async function wordsAt(now: string): Promise<unknown> {
  const { stdout } = await desk.assay(['status', '--format', 'json', '--now', now]);
  const { tables } = JSON.parse(stdout) as {
    readonly tables: readonly {
      readonly locale: string;
      readonly rows: readonly { readonly key: string; readonly word: string }[];
    }[];
  };
  const english = tables.filter(({ locale }) => locale === 'en').flatMap(({ rows }) => rows);
  return Object.fromEntries(english.map(({ key, word }) => [key, word]));
}

describe('an override', () => {
  test('gives its row a word from its first day through its last, and then the evidence rules again', async () => {
    expect(await wordsAt(BEFORE)).toEqual({ edits: 'Failing', plain: 'Failing', price: 'Beta' });
    expect(await wordsAt(DURING)).toEqual({
      edits: 'Preview',
      plain: 'Failing',
      price: 'on request',
    });
    expect(await wordsAt(AFTER)).toEqual({ edits: 'Failing', plain: 'Failing', price: 'Beta' });
  });

  test('is shown as such in every format, with what the evidence says beside it', async () => {
    const status = async (...args: readonly string[]) => {
      const said = await desk.assay(['status', '--now', DURING, ...args]);
      expect(said).toMatchObject({ code: 0, stderr: '' });
      return said.stdout;
    };
    const terminal = (await status()).replaceAll(/\s+/g, ' ');
    expect(terminal).toContain(`edits Preview ${WHY} the evidence says broken: small/bad on local`);

    expect(await status('--format', 'markdown')).toContain(
      `| edits | 预览 | ${WHY}; the evidence says broken: small/bad on local`,
    );
    expect(JSON.parse(await status('--format', 'json'))).toMatchObject({
      tables: [
        {
          rows: [
            {
              key: 'edits',
              word: 'Preview',
              standing: 'broken',
              because: expect.stringContaining(WHY) as string,
              override: {
                by: 'Ada Lovelace',
                on: '2026-04-01',
                until: '2026-04-30',
                why: 'the fix is on its way',
                link: 'https://example.com/issues/12',
              },
            },
            { key: 'plain', override: null },
          ],
        },
        { rows: [{ key: 'price', standing: 'unproven' }] },
        {},
        {},
      ],
    });
    const [header = [], first = []] = parseCsv((await status('--format', 'csv')).trimEnd());
    const cells = Object.fromEntries(header.map((column, at) => [column, first[at]]));
    expect(cells).toMatchObject({ word: 'Preview', standing: 'broken' });
    expect(cells['because']).toContain(WHY);
  });

  test('is told with each claim that its row rests on, whether it counts or not', async () => {
    const explain = async (claim: string, now: string) => {
      const { stdout } = await desk.assay(['explain', claim, '--now', now]);
      return stdout.replaceAll(/\s+/g, ' ');
    };
    expect(await explain('small/bad', DURING)).toContain(
      `overridden en.md · Status › edits: ${WHY}`,
    );
    expect(await explain('small/all', AFTER)).toContain(`edits, expired: ${WHY}`);
    expect(await explain('small/all', BEFORE)).toContain(`edits, from 2026-04-01: ${WHY}`);
    expect(await explain('small/bad', DURING)).not.toContain('price');
  });

  test.each([['lint'], ['status'], ['docs', '--pages', '.', '--check']])(
    'whose time is over is a warning of %s, and none before',
    async (...args) => {
      const after = await desk.assay([...args, '--now', AFTER]);
      const said = after.stderr.replaceAll(/\s+/g, ' ');
      expect(said).toContain(
        'warning: the override of en.md · Status › edits by Ada Lovelace has expired on 2026-04-30: the evidence rules again',
      );
      expect(said).toMatch(/small\.yaml:\d+:9 take it out, or decide anew/);
      expect((await desk.assay([...args, '--now', DURING])).stderr).not.toContain('override of');
    },
  );

  test('stands in the page while it counts, also in a table of which nothing is proven', async () => {
    const docs = (...args: readonly string[]) =>
      desk.assay(['docs', '--pages', desk.folder, ...args]);
    const check = await docs('--check', '--now', DURING);
    expect(check.code).toBe(1);
    expect(check.stdout.replaceAll(/\s+/g, ' ')).toContain(
      `+ Preview because: ${WHY}; the evidence`,
    );
    expect(check.stderr).toContain('left as it is, but for its overrides: en.md · Prices');
    expect((await docs('--write', '--now', DURING)).code).toBe(3);
    const page = await readFile(join(desk.folder, 'cn.md'), 'utf8');
    expect(page).toBe(
      PAGE.replace('| edits | Verified', '| edits | 预览')
        .replace('| plain | Verified', '| plain | Failing')
        .replace('| price | free', '| price | on request'),
    );
    expect((await docs('--write', '--now', AFTER)).code).toBe(3);
    expect(await readFile(join(desk.folder, 'cn.md'), 'utf8')).toBe(
      page.replace('| edits | 预览', '| edits | Failing').replace('on request', 'Beta'),
    );
  });
});

test('an override whose word cannot stand in a cell is a problem before anything is written', async () => {
  const suites = { 'small.yaml': SUITE.replace('{ en: Preview, cn: 预览 }', '"a | b"') };
  const other = await aDesk({ suites, target: server.target });
  try {
    await putPages(other.folder, { 'en.md': PAGE, 'cn.md': PAGE });
    const write = ['docs', '--pages', other.folder, '--write', '--now', DURING];
    const { code, stderr } = await other.assay(write);
    expect(code).toBe(2);
    expect(stderr).toContain('a bare | would split the row');
    expect(await readFile(join(other.folder, 'en.md'), 'utf8')).toBe(PAGE);
  } finally {
    await other.close();
  }
});
