import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WorkFolder, aWorkFolder } from './desk.fixture.ts';
import { SUITE, aServer } from './pages.fixture.ts';

const NOW = '2026-04-14';

let work: WorkFolder;
beforeAll(async () => {
  work = await aWorkFolder();
});
afterAll(() => work.close());

describe('status', () => {
  let server: Awaited<ReturnType<typeof aServer>>;
  let args: readonly string[];
  beforeAll(async () => {
    server = await aServer();
    const suites = join(work.folder, 'small');
    await mkdir(suites);
    await writeFile(join(suites, 'small.yaml'), SUITE);
    args = ['--suites', suites, '--ledger', join(work.folder, 'small-ledger'), '--now', NOW];
    const selected = ['small/good', 'small/bad', '--target', 'local'];
    expect((await work.assay({ local: server.target }, 'run', ...selected, ...args)).code).toBe(0);
  });
  afterAll(() => server.close());

  test('in JSON is one document with every claim and table, and why', async () => {
    const said = await work.assay({ local: server.target }, 'status', '--format', 'json', ...args);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const document = JSON.parse(said.stdout) as {
      readonly claims: readonly object[];
      readonly tables: readonly { readonly rows: readonly object[] }[];
    };
    expect(document).toMatchObject({
      schema: 'assay.status.v1',
      at: '2026-04-14T12:00:00.000Z',
      rehearsal: false,
    });
    const text = expect.any(String) as string;
    const ids = [expect.stringMatching(/^r20260414-/) as string];
    expect(document.claims).toEqual([
      {
        claim: 'small/good',
        target: 'local',
        standing: 'holds',
        because: text,
        observedAt: text,
        evidence: ids,
      },
      {
        claim: 'small/bad',
        target: 'local',
        standing: 'broken',
        because: text,
        observedAt: text,
        evidence: [...ids, ...ids],
      },
      {
        claim: 'small/never',
        target: 'local',
        standing: 'unproven',
        because: 'small/never on local: no evidence',
        observedAt: null,
        evidence: [],
      },
    ]);
    expect(document.tables).toMatchObject([
      { suite: 'small', locale: 'en', page: 'en/p.mdx', under: 'Status' },
      { suite: 'small', locale: 'en', page: 'en/p.mdx', under: 'Status' },
      { suite: 'small', locale: 'cn', page: 'cn/p.mdx', under: '状态' },
      { suite: 'small', locale: 'cn', page: 'cn/p.mdx', under: '状态' },
    ]);
    const [first, , chinese] = document.tables;
    expect(first?.rows[0]).toEqual({
      key: 'plain text',
      word: '`Verified`',
      from: ['local'],
      standing: 'holds',
      because: text,
      override: null,
      needs: ['small/good'],
      better: [],
      observedAt: text,
      evidence: ids,
    });
    expect(chinese?.rows[0]).toMatchObject({ key: '纯文本', word: '已验证' });
    expect(first?.rows[4]).toMatchObject({
      key: 'price',
      word: null,
      standing: null,
      because: "It is a person's word",
    });
  });

  test('in Markdown is the tables of every page, pipes and all, that a page could show', async () => {
    const said = await work.assay(
      { local: server.target },
      'status',
      '--format',
      'markdown',
      ...args,
    );
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const lines = said.stdout.split('\n');
    expect(lines).toContain('## en/p.mdx · Status');
    expect(lines).toContain('## cn/p.mdx · 状态');
    expect(lines).toContain('| Feature | Status | Because |');
    expect(said.stdout).toMatch(
      /^\| plain text \| `Verified` \| small\/good on local: \S+ \(2026-04-14\) \|$/m,
    );
    expect(said.stdout).toMatch(/^\| a \\\| b \| `no \\\| never` \| small\/bad on local: /m);
    expect(lines).toContain("| price | (left as it is) | It is a person's word |");
  });

  test('on a terminal of 80 columns runs over none of them', async () => {
    const { stdout } = await work.assay({ local: server.target }, 'status', ...args);
    expect(stdout).toContain('plain text');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('says the same, byte for byte, however often it is asked', async () => {
    const ask = () => work.assay({ local: server.target }, 'status', '--format', 'json', ...args);
    expect(await ask()).toEqual(await ask());
  });

  test('has the claims of a superseded suite only when it is named', async () => {
    const targets = { local: server.target, production: server.target };
    const claims = async (...named: readonly string[]) => {
      const { stdout } = await work.assay(
        targets,
        'status',
        ...named,
        '--format',
        'json',
        '--now',
        NOW,
      );
      const document = JSON.parse(stdout) as {
        readonly claims: readonly { readonly claim: string }[];
      };
      return new Set(document.claims.map(({ claim }) => claim.split('/')[0]));
    };
    expect(await claims()).not.toContain('gemini-image-gen-2026-02');
    expect(await claims('gemini-image-gen-2026-02')).toEqual(new Set(['gemini-image-gen-2026-02']));
  });
});
