import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startMock } from '../mock/server.ts';
import { startAssay } from './cli.fixture.ts';
import { COMMITTED, type Desk, KEY, KEY_NAME, aDesk, behind } from './desk.fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function deskBefore(...faults: readonly string[]): Promise<Desk> {
  const mock = await startMock({ world: '2026-03-30', faults });
  const desk = await aDesk({ suites: COMMITTED, target: behind(mock) });
  closing.push(mock.close, desk.close);
  return desk;
}

const CLAIM = 'nano-banana-2/edit.at-1k';

describe('the exit code of a run', () => {
  // 130 is shown where runs are interrupted.
  test.each<readonly [number, string, readonly string[], readonly string[]]>([
    [0, 'every case is decided, and nothing contradicts the docs', [], [CLAIM]],
    [0, 'what fails is promised by nobody', ['size.2K=1K'], ['nano-banana-2/refs.at-2k']],
    [1, 'a claim contradicts the docs', ['archive.body=html'], [CLAIM]],
    [
      1,
      'something contradicts, and something else stays undecided',
      ['size=512', 'status.refs=402'],
      [CLAIM, 'nano-banana-2/refs.over-limit'],
    ],
    [2, 'what was asked is wrong', [], ['nano-banana-2/edit.at-1K']],
    [3, 'a case stays undecided', ['fail=402'], [CLAIM]],
    [3, 'no case was sent', [], ['nano-banana-2/words.defined']],
  ])('is %i where %s', async (code, _, faults, args) => {
    const desk = await deskBefore(...faults);
    expect((await desk.assay(['run', '--target', 'production', ...args])).code).toBe(code);
  });
});

test('what a run says fits into 80 columns, with the line that sums it up', async () => {
  const desk = await deskBefore('archive.body=html');
  const { stdout } = await desk.assay(['run', '--target', 'production', CLAIM]);
  expect(stdout).toMatch(/1 case in 2 exchanges[^]*at most \$0\.10\n$/);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

describe('the exit code where nobody can read what is said', () => {
  test('is that of the run, for a reader that has gone', async () => {
    const desk = await deskBefore('archive.body=html');
    const args = ['run', '--target', 'production', CLAIM, ...desk.optionsOf('run')];
    const { child, said } = startAssay(args, { cwd: desk.folder, env: { [KEY_NAME]: KEY } });
    child.stdout.destroy();
    const { code, stderr } = await said;
    expect({ code, stack: stderr.includes('    at ') }).toEqual({ code: 1, stack: false });
  });

  test.skipIf(!existsSync('/dev/full'))('is 3 on a full disk, with its reason', async () => {
    const desk = await deskBefore();
    const full = openSync('/dev/full', 'w');
    const args = [join(import.meta.dirname, 'assay.js'), 'status', ...desk.optionsOf('status')];
    const said = spawnSync(process.execPath, args, {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(said.status).toBe(3);
    expect(said.stderr).toMatch(/^error: cannot write what is to be said: ENOSPC.*\n$/);
  });
});

describe('a document on stdout', () => {
  test('of a run has the fields that others build on, and nothing stands beside it', async () => {
    const desk = await deskBefore('archive.body=html');
    const args = [CLAIM, 'nano-banana-2/t2i', 'nano-banana-2/refs.over-limit/refs=15'];
    const { code, stdout } = await desk.assay([
      'run',
      '--target',
      'production',
      '--format',
      'json',
      ...args,
    ]);
    const document = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    const text = expect.any(String) as string;
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    const count = expect.any(Number) as number;

    expect(code).toBe(1);
    expect(stdout.startsWith('{') && stdout.endsWith('}\n')).toBe(true);
    expect(document).toMatchObject({
      schema: 'assay.run.v1',
      run: expect.stringMatching(/^r\d{8}-0001-[0-9a-f]{4}$/) as string,
      target: { name: 'production', grade: 'live' },
      startedAt: time,
      endedAt: time,
      summary: {
        cases: 3,
        exchanges: 5,
        pass: 1,
        fail: 2,
        inconclusive: 0,
        leftOut: 0,
        contradictions: 1,
        requests: 5,
        usd: 0.25,
      },
      leftOut: [],
    });
    const cases = document['cases'] as readonly { readonly claim: string }[];
    expect(cases.find(({ claim }) => claim === CLAIM)).toMatchObject({
      claim: CLAIM,
      case: '',
      verdict: 'fail',
      cause: null,
      documented: 'holds',
      agrees: false,
      trials: 2,
      attempts: 2,
      exchange: text,
      ms: count,
      evidence: [text, text],
      findings: [
        {
          expectation: expect.stringMatching(/^image/) as string,
          at: expect.stringMatching(/nano-banana-2\.yaml:\d+:\d+$/) as string,
          expected: text,
          actual: expect.stringContaining('text/html') as string,
        },
      ],
    });
    expect(cases.find(({ claim }) => claim === 'nano-banana-2/t2i')).toMatchObject({
      documented: 'open',
      agrees: null,
    });
    expect(cases.find(({ claim }) => claim === 'nano-banana-2/refs.over-limit')).toMatchObject({
      case: 'refs=15',
      verdict: 'pass',
      agrees: true,
      findings: [],
    });
  });

  test('names what is left out with its reason, and what is undecided with its cause', async () => {
    const mock = await startMock({ world: '2026-03-30', faults: ['fail=402'] });
    const { references: _, ...without } = behind(mock) as { readonly references: unknown };
    const desk = await aDesk({ suites: COMMITTED, target: without });
    closing.push(mock.close, desk.close);
    const { document } = await desk.run(CLAIM, 'nano-banana-2/t2i');

    expect(document.leftOut).toEqual([
      { claim: CLAIM, case: '', reason: 'target offers 0 of 1 webp' },
    ]);
    expect(document.cases).toMatchObject([
      { claim: 'nano-banana-2/t2i', verdict: 'inconclusive', cause: 'unpaid', agrees: null },
    ]);
  });

  test.each([
    ['plan', ['plan', CLAIM, '--target', 'production'], 'assay.plan.v1'],
    ['status', ['status', 'nano-banana-2'], 'assay.status.v1'],
    ['judge', ['judge', CLAIM], 'assay.judge.v1'],
  ])('of %s is the only thing there', async (_, args, schema) => {
    const desk = await deskBefore();
    await desk.run(CLAIM);
    const { code, stdout } = await desk.assay([...args, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ schema });
    expect(code).toBe(0);
  });
});

const old = oldNode();

describe('a Node that is too old', () => {
  test.skipIf(old === undefined)(
    `${old === undefined ? '(skipped: there is none on this machine) ' : ''}gets one line that says what to do, and exit code 2`,
    () => {
      const assay = join(import.meta.dirname, 'assay.js');
      const { status, stdout, stderr } = spawnSync(old ?? '', [assay, 'run'], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^assay needs Node 24 or newer, and this is \d+\.\d+\.\d+\..*\n$/);
    },
  );
});

/** The first Node on the path, outside of this package, that is older than 24. */
function oldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .find((path) => {
      const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
      return Number(/^v(\d+)/.exec(stdout)?.[1] ?? 24) < 24;
    });
}
