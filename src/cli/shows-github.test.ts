import { appendFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Started, readWorkflow, workThrough } from './actions.fixture.ts';
import { PRODUCTION_KEY, type Shared, aSharedProject, writeProgram } from './clone.fixture.ts';
import { EVIDENCE, type Worked, results, sees, textOf } from './worked.fixture.ts';

const secrets = { ASSAY_PRODUCTION_KEY: PRODUCTION_KEY };
/** Steps before which something happens. */
const TAKING = 'Take the evidence into the ledger, once its hash chain holds';
const KEEPING = 'Keep it, tell which words have changed, and keep what was told';

/** A workflow is a dozen processes, and a busy machine takes its time. */
vi.setConfig({ testTimeout: 180_000 });

let shared: Shared;
afterEach(() => shared.close());

async function work(name: string, started: Started = { secrets }): Promise<readonly Worked[]> {
  return await workThrough(readWorkflow(await textOf(name)), shared, started);
}

describe('the nightly workflow of GitHub', () => {
  test('keeps the evidence of a night and nothing else; the next one finds nothing due, and is green as well', async () => {
    shared = await aSharedProject();
    const [retest, keep] = await work('github-nightly');
    expect(retest?.said).toContain('4 cases in 4 exchanges');
    expect([retest?.result, keep?.result]).toEqual(['success', 'success']);
    const [newest, ...before] = await shared.commits();
    expect(before).toHaveLength(1);
    expect(newest?.[0]).toMatch(/^Evidence of \d{4}-\d{2}-\d{2}$/);
    expect(newest?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    expect(retest?.summary).toContain('first/');
    expect(keep?.reports).toEqual([expect.stringMatching(/^<!doctype html>/i)]);
    const all = await shared.git(join(shared.folder, 'remote.git'), 'log', '--patch', '--all');
    expect(all).not.toContain(PRODUCTION_KEY);
    const next = await work('github-nightly');
    expect(results(next)).toEqual({ retest: 'success', keep: 'success' });
    expect(next[0]?.said).toContain('nothing is due');
  });

  test('gives the key to the job that cannot push, and what can push to the one without key', async () => {
    shared = await aSharedProject();
    const text = (await textOf('github-nightly')).replace(
      'mkdir -p "$RUNNER_TEMP/evidence"',
      'git -c user.name=x -c user.email=x commit --quiet --allow-empty -m x\n          git push origin HEAD:main || echo "refused: $?"\n          $&',
    );
    const worked = await workThrough(readWorkflow(text), shared, { secrets });
    expect(worked[0]?.said).toContain('no write access');
    expect(worked[0]?.said).toContain('refused: 1');
    expect((await shared.commits())[0]?.[0]).toMatch(/^Evidence of/);
    expect(worked.map(sees)).toEqual([
      ['retest', 'the key'],
      ['keep', 'what can push'],
    ]);
  });

  test('is red where a claim contradicts the docs, and keeps the evidence all the same', async () => {
    shared = await aSharedProject('refs.limit=20');
    const worked = await work('github-nightly');
    expect(results(worked)).toEqual({ retest: 'failure', keep: 'success' });
    expect(worked[0]?.said).toContain('Judge what is due: 1\n');
    expect(worked[0]?.said).toMatch(/^::error file=suites\/first\.yaml,line=\d+,col=\d+/m);
    const [newest] = await shared.commits();
    expect(newest?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
  });

  test('is red, and keeps nothing, without a key', async () => {
    shared = await aSharedProject();
    const worked = await work('github-nightly', {});
    expect(worked[0]?.result).toBe('failure');
    expect(await shared.commits()).toHaveLength(1);
  });

  test('tries again where somebody else pushes in the same moment', async () => {
    shared = await aSharedProject();
    const meanwhile = async (workspace: string) => {
      const other = await shared.clone();
      await appendFile(join(other, 'docs/first.md'), '\nMore.\n');
      await shared.git(other, 'commit', '--quiet', '--all', '--message', 'Meanwhile');
      const push = `git -C "${other}" push --quiet origin HEAD:main`;
      await writeProgram(join(workspace, '.git/hooks/pre-push'), `rm "$0"\n${push}\n`);
    };
    const worked = await work('github-nightly', { secrets, before: { [KEEPING]: meanwhile } });
    expect(results(worked)).toEqual({ retest: 'success', keep: 'success' });
    expect((await shared.commits()).map(([subject]) => subject)).toEqual([
      expect.stringMatching(/^Evidence of/),
      'Meanwhile',
      'What assay init writes',
    ]);
    expect(await shared.calls('sleep')).toEqual(['5']);
  });

  test('gives up after five tries, and is red', async () => {
    shared = await aSharedProject();
    await writeFile(join(shared.env['CALLS'] ?? '', 'closed'), '');
    const worked = await work('github-nightly');
    expect(results(worked)).toEqual({ retest: 'success', keep: 'failure' });
    expect(await shared.calls('sleep')).toEqual(['5', '10', '15', '20', '25']);
  });

  test('goes on three machines, whose evidence is one commit', async () => {
    shared = await aSharedProject();
    const text = (await textOf('github-nightly')).replace('["1/1"]', '["1/3", "2/3", "3/3"]');
    const worked = await workThrough(readWorkflow(text), shared, { secrets });
    expect(worked.map(({ job }) => job)).toEqual(['retest', 'retest', 'retest', 'keep']);
    expect(worked.at(-1)?.result).toBe('success');
    const [newest] = await shared.commits();
    expect(newest?.[1]).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(EVIDENCE)));
  });

  test('tells which words have changed, and keeps what was told', async () => {
    shared = await aSharedProject();
    const webhook = 'https://hooks.slack.com/services/T0001/B0001/secretOfTheNight';
    const worked = await work('github-nightly', {
      secrets: { ...secrets, SLACK_WEBHOOK: webhook },
    });
    expect(results(worked)).toEqual({ retest: 'success', keep: 'success' });
    const [told, evidence] = await shared.commits();
    expect(told?.[0]).toMatch(/^What was told on/);
    expect(told?.[1]).toEqual([expect.stringMatching(/^reports\/told\//)]);
    expect(evidence?.[0]).toMatch(/^Evidence of/);
  });

  test.each([
    ['whose hash chain does not hold', ': 3\n', (text: string) => text.replace('"pass"', '"fail"')],
    [
      'that would change what is there',
      'would change evidence that is there',
      (text: string) => text.replace(/.+\n$/, ''),
    ],
  ])('keeps nothing of evidence %s', async (_, why, falsified) => {
    shared = await aSharedProject();
    await work('github-nightly');
    const kept = await shared.commits();
    const sent = async (workspace: string, temp: string) => {
      const below = join(workspace, 'reports/ledger');
      const files = await readdir(below, { recursive: true });
      for (const file of files.filter((one) => one.endsWith('.jsonl'))) {
        const into = join(temp, 'evidence/reports/ledger', file);
        await mkdir(dirname(into), { recursive: true });
        await writeFile(into, falsified(await readFile(join(below, file), 'utf8')));
      }
    };
    const worked = await work('github-nightly', { secrets, before: { [TAKING]: sent } });
    expect(results(worked)).toEqual({ retest: 'success', keep: 'failure' });
    expect(worked[1]?.said).toContain(why);
    expect(await shared.commits()).toEqual(kept);
  });
});

describe('the gate of GitHub', () => {
  test('cannot tell before the first night, opens behind it, and is shut by a claim that was edited', async () => {
    shared = await aSharedProject();
    const pull = { head: 'main', base: 'main' };
    const before = await work('github-gate', { pull });
    expect(results(before)).toEqual({ rehearsal: 'success', gate: 'failure' });
    expect(before[1]?.said).toContain(': 3\n');
    expect(before[0]?.reports).toEqual([expect.stringContaining('<testsuites')]);
    await work('github-nightly');
    const behind = await work('github-gate', { pull, only: ['gate'] });
    expect(results(behind)).toEqual({ gate: 'success' });
    expect(behind[0]?.summary).toContain('open');
    await shared.edit('suites/first.yaml', (text) => text.replace('Place the subject', 'Put it'));
    const edited = await work('github-gate', { pull, only: ['gate'] });
    expect(results(edited)).toEqual({ gate: 'failure' });
    expect(edited[0]?.summary).toContain('edited');
  });

  test('has a rehearsal that is red where the suite is wrong, and hands out no secret', async () => {
    shared = await aSharedProject();
    await shared.edit('suites/first.yaml', (text) =>
      text.replace('at most 14 ref', 'at most 15 ref'),
    );
    const worked = await work('github-gate', { pull: { head: 'main', base: 'main' }, secrets });
    expect(worked[0]?.result).toBe('failure');
    expect(worked[0]?.reports).toEqual([expect.stringContaining('<failure')]);
    expect(worked[0]?.said).toMatch(/^::error file=suites\/first\.yaml,line=\d+,col=\d+/m);
    expect(worked.map(sees)).toEqual([['rehearsal'], ['gate']]);
  });

  test('believes no evidence that a fork brings', async () => {
    shared = await aSharedProject();
    const fork = await shared.clone();
    await shared.git(fork, 'switch', '--quiet', '--create', 'fork');
    await shared.git(fork, 'push', '--quiet', 'origin', 'fork');
    await work('github-nightly', { secrets, branch: 'fork' });
    const base = (await shared.git(fork, 'rev-parse', 'origin/main')).trim();
    const asked = { pull: { head: 'fork', base }, only: ['gate'] };
    const [ofOurs] = await work('github-gate', { ...asked, isOurs: true });
    const [ofFork] = await work('github-gate', asked);
    expect([ofOurs?.result, ofFork?.result]).toEqual(['success', 'failure']);
    expect(ofFork?.said).toContain(': 3\n');
  });
});

describe('the docs workflow of GitHub', () => {
  test('opens a pull request with the cells that differ, brings it up to date, and closes it where none does any more', async () => {
    shared = await aSharedProject();
    const first = await work('github-docs');
    expect(results(first)).toEqual({ retest: 'success', pages: 'success' });
    expect(first.map(sees)).toEqual([
      ['retest', 'the key'],
      ['pages', 'what can push'],
    ]);
    const [pages, evidence] = await shared.commits('assay/docs');
    expect(pages).toEqual(['Status tables as the evidence has them', ['docs/first.md']]);
    expect(evidence?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    expect((await shared.commits())[0]).toEqual(evidence);
    const page = await shared.git(
      join(shared.folder, 'remote.git'),
      'show',
      'assay/docs:docs/first.md',
    );
    expect(page).toContain('| Sizes | Verified |');
    const body = await readFile(join(shared.env['CALLS'] ?? '', 'body'), 'utf8');
    expect(body).toMatch(/^ {4}.*Sizes/m);

    expect(results(await work('github-docs'))).toEqual({ retest: 'success', pages: 'success' });
    await shared.edit('docs/first.md', (text) =>
      text.replace('| Sizes | Beta |', '| Sizes | Verified |'),
    );
    expect(results(await work('github-docs'))).toEqual({ retest: 'success', pages: 'success' });
    const calls = await shared.calls('gh');
    expect(calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'auth setup-git',
      'auth setup-git',
      'pr create',
      'auth setup-git',
      'auth setup-git',
      'pr create',
      'pr edit',
      'auth setup-git',
      'pr close',
    ]);
  });

  test('writes the word of a claim that contradicts the docs, and is red', async () => {
    shared = await aSharedProject('refs.limit=20');
    const worked = await work('github-docs');
    expect(results(worked)).toEqual({ retest: 'failure', pages: 'success' });
    const [pages] = await shared.commits('assay/docs');
    expect(pages?.[1]).toEqual(['docs/first.md']);
  });
});
