import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, aDesk } from './desk.fixture.ts';
import { SUITE, aServer } from './pages.fixture.ts';

interface Changes {
  readonly words: readonly { readonly row: string; readonly from: string; readonly to: string }[];
  readonly standings: readonly {
    readonly claim: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly cases: readonly {
    readonly claim: string;
    readonly suspects: readonly { readonly what: string }[];
  }[];
}

const WHO = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];

describe('two revisions of a ledger and its suites', () => {
  let desk: Desk;
  let server: Awaited<ReturnType<typeof aServer>>;

  function git(...args: readonly string[]): void {
    execFileSync('git', [...WHO, ...args], { cwd: desk.folder, stdio: 'ignore' });
  }

  async function commitRun(): Promise<void> {
    await desk.assay(['run', '--target', 'local']);
    git('add', 'suites', 'ledger', 'targets.yaml');
    git('commit', '-m', 'a run');
  }

  beforeAll(async () => {
    server = await aServer();
    desk = await aDesk({ suites: { 'small.yaml': SUITE }, target: server.target });
    git('init');
    await commitRun();
    const file = join(desk.folder, 'suites/small.yaml');
    const edited = (await readFile(file, 'utf8')).replace(
      'says: It works, ',
      'says: It works, let: { path: bad }, ',
    );
    await writeFile(file, edited);
    await commitRun();
    // What is not committed is no part of a revision.
    await writeFile(file, SUITE);
  });

  afterAll(async () => {
    await server.close();
    await desk.close();
  });

  test('say which word changed, and that the suite was edited between', async () => {
    const { code, stdout, stderr } = await desk.assay([
      'diff',
      'HEAD~1',
      'HEAD',
      '--format',
      'json',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { words, standings, cases } = JSON.parse(stdout) as Changes;
    expect(words.map(({ row, from, to }) => [row, from, to])).toEqual([
      ['plain text', '`Verified`', '`no \\| never`'],
      ['good', 'works', 'fails'],
      ['纯文本', '已验证', '`no \\| never`'],
      ['good', 'works', 'fails'],
    ]);
    expect(standings).toMatchObject([{ claim: 'small/good', from: 'holds', to: 'broken' }]);
    expect(cases.map(({ suspects }) => suspects.map(({ what }) => what))).toEqual([['suite edit']]);
  });

  test('are the same where they are one', async () => {
    const { code } = await desk.assay(['diff', 'HEAD', 'rev:HEAD']);
    expect(code).toBe(0);
  });

  test('of which one is not there are a problem', async () => {
    const { code, stderr } = await desk.assay(['diff', 'HEAD~9', 'HEAD']);
    expect(stderr).toContain('no revision is called "HEAD~9"');
    expect(code).toBe(2);
  });

  test('cannot be set beside a day', async () => {
    const { code, stderr } = await desk.assay(['diff', 'HEAD', '2026-03-30']);
    expect(stderr).toContain('"HEAD" is a revision, and "2026-03-30" a day');
    expect(code).toBe(2);
  });
});
