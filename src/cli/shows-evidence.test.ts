import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { assay } from './cli.fixture.ts';
import { COMMITTED, type WorkFolder, aWorkFolder, liveTarget, behind } from './desk.fixture.ts';
import { pageIn, putPages, readPages } from './pages.fixture.ts';

const NOW = '2026-04-14';

let work: WorkFolder;
let mock: Mock;
let both: { readonly local: object; readonly production: object };
beforeAll(async () => {
  [work, mock] = await Promise.all([aWorkFolder(), startMock({ world: '2026-04-14' })]);
  const live = liveTarget(behind(mock));
  both = { local: live, production: live };
});
afterAll(async () => {
  await Promise.all([work.close(), mock.close()]);
});

describe('once the tables have their words', () => {
  const status = async (targets: object) => {
    const args = ['nano-banana', '--now', NOW, '--format', 'json'];
    const { stdout } = await work.assay(targets, 'status', ...args);
    return JSON.parse(stdout) as {
      readonly tables: readonly { readonly rows: readonly object[] }[];
    };
  };
  const run = (targets: object, target: string, ...args: readonly string[]) =>
    work.assay(targets, 'run', 'nano-banana', '--target', target, '--now', NOW, ...args);

  beforeAll(async () => {
    for (const target of ['local', 'production']) expect((await run(both, target)).code).toBe(0);
  });

  test('a wrong key and a gateway that is down change none of them', async () => {
    const before = await status(both);
    expect(before.tables[0]?.rows[1]).toMatchObject({ word: 'returns output' });
    const refusing = await startMock({ world: '2026-04-14', faults: ['key=refused'] });
    const target = liveTarget(behind(refusing));
    const refused = await run({ ...both, production: target }, 'production');
    await refusing.close();
    expect(refused.code).toBe(3);
    expect(await status(both)).toEqual(before);
    // Nobody listens any more where that gateway was.
    const down = await run({ ...both, production: target }, 'production');
    expect(down.stdout).toContain('target unreachable');
    expect(down.code).toBe(3);
    expect(await status(both)).toEqual(before);
  });

  test('a mock that says so behind a live target that does not allow it changes none of them', async () => {
    const disguised = { ...both.local, mock: undefined };
    const targets = { local: disguised, production: disguised };
    const other = { ledger: join(work.folder, 'disguised') };
    const args = ['--ledger', other.ledger];
    await run(targets, 'production', ...args);

    const said = await work.assay(
      targets,
      'status',
      'nano-banana',
      '--now',
      NOW,
      '--format',
      'json',
      ...args,
    );
    const { tables } = JSON.parse(said.stdout) as Awaited<ReturnType<typeof status>>;
    const words = tables[0]?.rows.map((row) => ('word' in row ? row.word : undefined));
    expect(words).toEqual(['not retested', 'not retested', 'not retested', 'not retested']);

    const page = `## Current Status\n\n| Item | Status |\n|---|---|\n| Alias mapping | changed |\n| Native Gemini generateContent | x |\n| Native-path billing | x |\n| OpenAI Images POST /v1/images/generations | x |\n`;
    const cn = page
      .replace('Current Status', '当前状态')
      .replace('Item | Status', '项目 | 当前状态')
      .replace('Alias mapping', '别名映射')
      .replace('Native Gemini generateContent', 'Gemini 原生 generateContent')
      .replace('Native-path billing', '原生链路计费');
    const pages = join(work.folder, 'disguised-pages');
    await putPages(pages, { 'en/images/nano-banana.mdx': page, 'cn/images/nano-banana.mdx': cn });
    const docs = await work.assay(
      targets,
      'docs',
      'nano-banana',
      '--write',
      '--pages',
      pages,
      '--now',
      NOW,
      ...args,
    );
    expect(docs.stderr).toContain('left as it is: en/images/nano-banana.mdx · Current Status');
    expect(docs.code).toBe(3);
    expect(await readFile(join(pages, 'en/images/nano-banana.mdx'), 'utf8')).toBe(page);

    const explained = await work.assay(
      targets,
      'explain',
      'nano-banana/native',
      '--now',
      NOW,
      ...args,
    );
    expect(explained.stdout).toContain('answered by a mock (2026-04-14): does not count');
    expect(explained.stdout).toMatch(/stands {6}unproven/);
  });
});

test('a rehearsal in a checkout leaves nothing for git to see', async () => {
  const folder = join(work.folder, 'checkout');
  await mkdir(folder);
  await cp(COMMITTED, join(folder, 'suites'), { recursive: true });
  await cp(join(COMMITTED, '../.gitignore'), join(folder, '.gitignore'));
  await putPages(folder, { 'en/p.mdx': pageIn('en'), 'cn/p.mdx': pageIn('cn') });
  const pages = await readPages(folder);
  const git = async (...words: readonly string[]) =>
    (
      await promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
        cwd: folder,
      })
    ).stdout;
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-qm', 'The suites');

  const said = await assay(['run'], { cwd: folder });
  expect(said.stdout).toContain('Only a live target can verify');
  expect(said.code).toBe(0);
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('status', '--porcelain', '--ignored')).toContain('reports/');
  expect(await readPages(folder)).toEqual(pages);
  const status = await assay(['status', 'nano-banana', '--rehearsal'], { cwd: folder });
  expect(status.stdout).toMatch(/^Rehearsal: /);
  expect(status.stdout).toContain('returns output');
});
