import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { type WorkFolder, aWorkFolder, liveTarget, behind } from './desk.fixture.ts';

const corpus = process.env['ASSAY_CORPUS'];
if (corpus === undefined)
  console.warn(
    'SKIPPED: the real pages are not tried, because ASSAY_CORPUS names no folder of them',
  );

/** The tables of `assay status --format json` (design.md, "Command line"). */
interface StatusDocument {
  readonly tables: readonly {
    readonly suite: string;
    readonly page: string;
    readonly under: string;
    readonly rows: readonly { readonly key: string; readonly word: string | null }[];
  }[];
}

interface Retest {
  /** The world that the gateway lives in, and the day on which it is asked. */
  readonly world: string;
  readonly suite: string;
  readonly pages: string;
  readonly page: string;
  readonly targets: readonly string[];
  readonly selectors: readonly string[];
  /** A word in the English page that is changed by hand, and what is put in its place. */
  readonly change: readonly [row: string, from: string, to: string];
}

const retests: readonly Retest[] = [
  {
    world: '2026-03-30',
    suite: 'nano-banana-2',
    pages: '2026-04-11',
    page: 'images/nano-banana-2.mdx',
    targets: ['local'],
    // What the page calls validated, and nothing else: one of four PNG sources is not "whatever its source".
    selectors: [
      'nano-banana-2/edit.at-1k',
      'nano-banana-2/edit.at-2k-wide',
      'nano-banana-2/refs.webp',
      'nano-banana-2/refs.within-limit',
      'nano-banana-2/refs.over-limit',
      'nano-banana-2/refs.png/source=0',
      'nano-banana-2/answer.shape',
    ],
    change: ['| `Reference + 2K` |', '`Beta`', '`Verified`'],
  },
  {
    world: '2026-04-14',
    suite: 'nano-banana',
    pages: '2026-04-14',
    page: 'images/nano-banana.mdx',
    targets: ['local', 'production'],
    selectors: ['nano-banana'],
    change: ['| Native Gemini `generateContent` |', 'returns output', 'recommended'],
  },
  {
    world: '2026-04-14',
    suite: 'nano-banana-2-native',
    pages: '2026-04-14',
    page: 'images/nano-banana-2.mdx',
    targets: ['local', 'production'],
    selectors: ['nano-banana-2-native'],
    change: ['| Native-path billing |', 'currently normal', 'risky'],
  },
];

describe.skipIf(corpus === undefined).each(retests)(
  'the page of $suite, retested on $world',
  ({ world, suite, pages, page, targets, selectors, change }) => {
    const now = `${world}T15:00:00Z`;
    let mock: Mock;
    let work: WorkFolder;
    let folder: string;
    let original: ReadonlyMap<string, Buffer>;
    const files = ['en', 'cn'].map((locale) => `${locale}/${page}`);

    async function read(): Promise<ReadonlyMap<string, Buffer>> {
      const each = files.map(async (file) => [file, await readFile(join(folder, file))] as const);
      return new Map(await Promise.all(each));
    }

    const both = () => {
      const live = liveTarget(behind(mock));
      return { local: live, production: live };
    };
    const docs = (...args: readonly string[]) =>
      work.assay(both(), 'docs', suite, '--pages', folder, '--now', now, ...args);
    const status = async (...args: readonly string[]) => {
      const said = await work.assay(
        both(),
        'status',
        suite,
        '--now',
        now,
        '--format',
        'json',
        ...args,
      );
      expect(said.code).toBe(0);
      return JSON.parse(said.stdout) as StatusDocument;
    };

    beforeAll(async () => {
      [mock, work] = await Promise.all([startMock({ world }), aWorkFolder()]);
      folder = join(work.folder, 'pages');
      await cp(join(corpus ?? '', pages), folder, { recursive: true });
      original = await read();
    });

    afterAll(async () => {
      await Promise.all([mock.close(), work.close()]);
    });

    test('a rehearsal changes no page, and says why', async () => {
      const said = await work.assay(both(), 'run', ...selectors, '--now', now);
      expect(said.code).toBe(0);
      expect(said.stdout).toContain('Only a live target can verify');

      for (const option of ['--check', '--write']) {
        const { code, stdout, stderr } = await docs(option);
        expect(stdout).not.toContain('because:');
        expect(stderr).toContain('a rehearsal never reaches a page');
        expect(code).toBe(3);
      }
      expect(await read()).toEqual(original);
    });

    test('a rehearsal shows what the tables would say, and marks it', async () => {
      const rehearsed = await status('--rehearsal');
      expect(rehearsed).toHaveProperty('rehearsal', true);
      expect(holding(rehearsed)).toBeGreaterThan(0);
      expect(holding(await status())).toBe(0);
      const said = await work.assay(both(), 'status', suite, '--rehearsal', '--now', now);
      expect(said.stdout).toMatch(/^Rehearsal: /);
    });

    test('a run against live targets gives every row the word that the page has', async () => {
      for (const target of targets) {
        const said = await work.assay(
          both(),
          'run',
          ...selectors,
          '--target',
          target,
          '--now',
          now,
        );
        expect(said.stderr).not.toContain('error');
        expect(said.code).toBe(0);
      }
      const { tables } = await status();
      for (const file of files) {
        const text = original.get(file)?.toString('utf8') ?? '';
        const here = tables.filter((table) => table.page === file);
        expect(here.length).toBeGreaterThan(0);
        for (const { under, rows } of here) {
          const words = wordsUnder(text, under);
          expect([...words.keys()]).toEqual(rows.map(({ key }) => key));
          for (const { key, word } of rows) expect([key, word]).toEqual([key, words.get(key)]);
        }
      }
    });

    test('the pages are found as they should be, and no byte of them changes', async () => {
      for (const option of ['--check', '--write']) {
        const { code, stdout, stderr } = await docs(option);
        expect(stdout).toContain('every owned cell');
        expect(stderr).not.toContain('left as it is');
        expect(code).toBe(0);
      }
      expect(await read()).toEqual(original);
    });

    test('a status cell that was changed by hand is shown with its word and because, and restored', async () => {
      const [row, from, to] = change;
      const [file = ''] = files;
      const text = original.get(file)?.toString('utf8') ?? '';
      const lines = text.split('\n');
      const line = lines.findIndex((one) => one.startsWith(row));
      lines[line] = (lines[line] ?? '').replace(from, to);
      expect(lines.join('\n')).not.toBe(text);
      await writeFile(join(folder, file), lines.join('\n'));

      const { code, stdout } = await docs('--check');
      expect(code).toBe(1);
      const [place = '', was, word, ...because] = stdout.trimEnd().split('\n');
      expect(place).toContain(`${file}:${line + 1}:${row.length + 2}`);
      expect([was, word]).toEqual([`  - ${to}`, `  + ${from}`]);
      expect(because.join('\n')).toMatch(new RegExp(`^ {4}because: (holds|unproven): ${suite}/`));
      expect(stdout.match(/because:/g)).toHaveLength(1);

      expect((await docs('--write')).code).toBe(0);
      expect(await read()).toEqual(original);
    });

    test('a month later the words that held are stale, and the page differs', async () => {
      const args = [suite, '--pages', folder, '--now', '2026-06-01', '--check'];
      const { code, stdout } = await work.assay(both(), 'docs', ...args);
      expect(code).toBe(1);
      expect(stdout).toContain('because: stale: ');
    });
  },
);

function holding({ tables }: StatusDocument): number {
  const words = ['`Verified`', 'verified', 'confirmed', 'returns output'];
  return tables.flatMap(({ rows }) => rows).filter(({ word }) => words.includes(word ?? '')).length;
}

/** The second column of the table below a heading, by the first without its backticks: read by eye, not by our own parser. */
function wordsUnder(text: string, heading: string): ReadonlyMap<string, string> {
  const [, below = ''] = text.split(`## ${heading}\n`);
  const [table = ''] = below.trimStart().split('\n\n');
  const rows = table.split('\n').slice(2);
  return new Map(
    rows.map((row) => {
      const [, key = '', word = ''] = row.split('|').map((cell) => cell.trim());
      return [key.replaceAll('`', ''), word];
    }),
  );
}
