import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { program } from './cli.fixture.ts';
import { PRODUCTION_KEY, type Shared, WRITE_TOKEN, aSharedProject } from './clone.fixture.ts';
import { readPipeline, workThroughPipeline } from './pipeline.fixture.ts';
import { EVIDENCE, results, sees, textOf } from './worked.fixture.ts';

/** A night is a dozen processes, and a busy machine takes its time. */
vi.setConfig({ testTimeout: 180_000 });

const text = await textOf('gitlab');
const pipeline = readPipeline(text);
const scoped = {
  production: { ASSAY_PRODUCTION_KEY: PRODUCTION_KEY },
  evidence: { ASSAY_PUSH_TOKEN: WRITE_TOKEN },
};

describe('the pipeline of GitLab', () => {
  let shared: Shared;
  afterEach(() => shared.close());

  test('keeps the evidence of a night, and opens a merge request with the cells that differ; only one job has the key, and another pushes', async () => {
    shared = await aSharedProject();
    const worked = await workThroughPipeline(pipeline, shared, 'schedule', scoped);
    expect(results(worked), worked.map(({ said }) => said).join('\n')).toEqual({
      retest: 'success',
      keep: 'success',
    });
    expect(worked.map(sees)).toEqual([
      ['retest', 'the key'],
      ['keep', 'what can push'],
    ]);
    const [evidence, ...before] = await shared.commits();
    expect(before).toHaveLength(1);
    expect(evidence?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    const [pages] = await shared.commits('assay/docs');
    expect(pages).toEqual(['Status tables as the evidence has them', ['docs/first.md']]);
    expect(await shared.calls('push-options')).toEqual([
      'ci.skip',
      'merge_request.create',
      'merge_request.target=main',
      'merge_request.title=Status tables',
    ]);

    const merged = await workThroughPipeline(pipeline, shared, 'merge_request_event', scoped);
    expect(results(merged)).toEqual({ rehearsal: 'success', gate: 'success' });
    expect(merged.map(sees)).toEqual([['rehearsal'], ['gate']]);
    expect(merged[0]?.reports).toEqual([expect.stringContaining('<testsuites')]);
  });

  test('is red where a claim contradicts the docs, keeps the evidence all the same, and shuts the gate', async () => {
    shared = await aSharedProject('refs.limit=20');
    const worked = await workThroughPipeline(pipeline, shared, 'schedule', scoped);
    expect(results(worked)).toEqual({ retest: 'failure', keep: 'success' });
    expect(worked[0]?.reports).toEqual([expect.stringContaining('<failure')]);
    expect((await shared.commits())[0]?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    const merged = await workThroughPipeline(pipeline, shared, 'merge_request_event');
    expect(results(merged)).toEqual({ rehearsal: 'success', gate: 'failure' });
  });

  test('keeps nothing of evidence whose hash chain does not hold', async () => {
    shared = await aSharedProject();
    const falsify = async (job: string, clone: string) => {
      if (job !== 'keep') return;
      for (const file of await readdir(join(clone, 'evidence'), { recursive: true })) {
        if (!file.endsWith('.jsonl')) continue;
        const path = join(clone, 'evidence', file);
        await writeFile(path, (await readFile(path, 'utf8')).replace('"pass"', '"fail"'));
      }
    };
    const worked = await workThroughPipeline(pipeline, shared, 'schedule', scoped, falsify);
    expect(results(worked)).toEqual({ retest: 'success', keep: 'failure' });
    expect(worked[1]?.said).toContain(': 3\n');
    expect(await shared.commits()).toHaveLength(1);
  });

  test('has a remote that refuses a push without the token', async () => {
    shared = await aSharedProject();
    const { production } = scoped;
    const worked = await workThroughPipeline(pipeline, shared, 'schedule', { production });
    expect(results(worked)).toEqual({ retest: 'success', keep: 'failure' });
    expect(worked[1]?.said).toContain('no write access');
    expect(await shared.commits()).toHaveLength(1);
    expect(await shared.calls('sleep')).toHaveLength(5);
  });
});

/** It holds a pipeline against GitLab's own schema. */
const tool = located();

test.skipIf(tool === undefined)(
  `the pipeline of GitLab satisfies its schema, which finds a mistake that is planted${tool === undefined ? ' (skipped: npm ci brings gitlab-ci-local)' : ''}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-gitlab-'));
    try {
      await program('git', ['init', '--quiet', folder]);
      const origin = 'https://gitlab.example.com/example/claims.git';
      await program('git', ['remote', 'add', 'origin', origin], { cwd: folder });
      const check = async (written: string) => {
        await writeFile(join(folder, '.gitlab-ci.yml'), written);
        const env = { HOME: folder };
        const { code, stdout, stderr } = await program(
          process.execPath,
          [tool ?? '', '--list-all'],
          { cwd: folder, env },
        );
        return [code, `${stdout}${stderr}`];
      };
      expect(await check(text)).toEqual([0, expect.stringContaining('keep')]);
      expect(await check(text.replace('resource_group:', 'resource_grup:'))).toEqual([
        1,
        expect.stringContaining("'resource_grup' property is not expected"),
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

/** Where its command is; undefined where it is not installed. */
function located(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require.resolve('gitlab-ci-local');
  } catch {
    return undefined;
  }
}
