import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCalled, junitErrors, readXml } from '../report/junit.fixture.ts';
import type { Said } from './cli.fixture.ts';
import type { RunDocument } from './desk.fixture.ts';
import { type FaultyFolder, aFaultyFolder } from './reports.fixture.ts';

/** A run with a report of every format, and the same told again from its ledger. */
let desk: FaultyFolder;
let ran: Said;
let again: Said;
beforeAll(async () => {
  desk = await aFaultyFolder();
  const files = (folder: string) =>
    ['junit=R/a.xml', 'json=R/a.json', 'csv=R/a.csv'].join(',').replaceAll('R/', `${folder}/`);
  ran = await desk.run('--report', files('out/run'));
  again = await desk.assay(['report', '--report', files('out/again')]);
});
afterAll(() => desk.close());

/** The order in which a run was planned is not in its ledger. */
function inOrder<One extends { readonly claim: string; readonly case: string }>(
  all: readonly One[],
) {
  return all.toSorted((a, b) => (`${a.claim} ${a.case}` < `${b.claim} ${b.case}` ? -1 : 1));
}

describe('a run and what is made of it again from the ledger alone', () => {
  test('say the same, word for word', async () => {
    expect([ran.code, again.code]).toEqual([1, 0]);
    expect(await desk.read('out/again/a.xml')).toBe(await desk.read('out/run/a.xml'));
    const [then, now] = (await Promise.all(
      ['out/run/a.json', 'out/again/a.json'].map(async (file) => JSON.parse(await desk.read(file))),
    )) as [RunDocument, RunDocument];
    expect({ ...now, cases: inOrder(now.cases) }).toEqual({ ...then, cases: inOrder(then.cases) });
    expect(then.summary).toMatchObject({ pass: 3, fail: 4, inconclusive: 1, leftOut: 1 });
    const lines = async (file: string) => (await desk.read(file)).split('\n').toSorted();
    expect(await lines('out/again/a.csv')).toEqual(await lines('out/run/a.csv'));
    expect(again.stdout.trim().split('\n').at(-1)).toBe(ran.stdout.trim().split('\n').at(-1));
  });

  test('are valid JUnit XML, in which nothing that could not be told has passed', async () => {
    const xml = await desk.read('out/run/a.xml');
    expect(await junitErrors(xml)).toEqual([]);
    const tests = allCalled('testcase', await readXml(xml)).map(({ attributes, children }) => [
      attributes['classname']?.replace('faulty/', ''),
      children[0]?.name ?? 'passed',
    ]);
    expect(tests).toEqual([
      ['both', 'skipped'],
      ['cheerful', 'failure'],
      ['gloomy', 'system-out'],
      ['limit', 'failure'],
      ['open', 'skipped'],
      ['size', 'passed'],
      ['size', 'passed'],
      ['untold', 'error'],
      ['dear', 'skipped'],
    ]);
  });
});

describe('what --report asks for', () => {
  test.each([
    [
      ['--report', 'junt=x.xml'],
      ['unknown report "junt"', 'did you mean "junit"?'],
    ],
    [
      ['--report', 'junit'],
      ['--report junit needs a file', 'write: --report junit=FILE'],
    ],
    [['--report', 'json=x,junit=./x'], ['json and junit are to be written into one file: ./x']],
    [
      ['--report', 'pdf=x'],
      ['unknown report "pdf"', 'there are json, csv, junit'],
    ],
  ])('is a problem before anything is sent: %j', async (args, said) => {
    const before = await readdir(join(desk.folder, 'reports/rehearsals'), { recursive: true });
    for (const verb of ['run', 'report']) {
      const { code, stdout, stderr } = await desk.assay([verb, ...args]);
      expect([code, stdout]).toEqual([2, '']);
      for (const text of said) expect(stderr).toContain(text);
    }
    const after = await readdir(join(desk.folder, 'reports/rehearsals'), { recursive: true });
    expect(after).toEqual(before);
  });

  test('is 3 where it cannot be written, says so, and leaves all else as it was', async () => {
    await mkdir(join(desk.folder, 'a-folder'));
    await writeFile(join(desk.folder, 'a-file'), 'as it was');
    const args = ['--report', 'junit=a-folder,json=a-file/x.json,csv=fine.csv'];
    const { code, stderr } = await desk.assay(['report', ...args]);
    expect(code).toBe(3);
    expect(stderr).toContain('cannot write the junit report to a-folder: it is a folder');
    expect(stderr).toContain('to a-file/x.json: a part of its path is no folder');
    expect(await desk.read('a-file')).toBe('as it was');
    expect(await desk.read('fine.csv')).toBe(await desk.read('out/again/a.csv'));
  });

  test('replaces a file whole, keeps its mode, and leaves nothing beside it', async () => {
    const file = join(desk.folder, 'kept/a.json');
    await mkdir(join(desk.folder, 'kept'));
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await desk.assay(['report', '--report', 'json=kept/a.json']);
    expect(JSON.parse(await desk.read('kept/a.json'))).toMatchObject({ schema: 'assay.run.v1' });
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(join(desk.folder, 'kept'))).toEqual(['a.json']);
  });
});

describe('the run that is told', () => {
  test('is the one that is named by a beginning that no other has', async () => {
    const [file = ''] = (
      await readdir(join(desk.folder, 'reports/rehearsals'), { recursive: true })
    ).filter((name) => name.endsWith('.jsonl'));
    const id = file.replace(/^.*\/|\.jsonl$/g, '');
    const named = await desk.assay(['report', id.slice(0, -2), '--format', 'json']);
    expect(JSON.parse(named.stdout)).toMatchObject({ run: id });
    const unknown = await desk.assay(['report', 'r1999']);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no run in reports/ledger or reports/rehearsals begins with "r1999"'),
    ]);
    expect((await desk.assay(['report', id, id])).code).toBe(2);
  });

  test('is told with the evidence of claims that no suite has any more, which contradict nothing', async () => {
    const suite = await desk.read('suites/faulty.yaml');
    const without = suite.replace(/ {2}- id: (cheerful|gloomy)\n(?: {4}.*\n)*/g, '');
    await writeFile(join(desk.folder, 'suites/faulty.yaml'), without);
    const said = await desk.assay(['report', '--format', 'json']);
    await writeFile(join(desk.folder, 'suites/faulty.yaml'), suite);
    expect(said.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'the suites say something else since, or nothing, of faulty/cheerful, faulty/gloomy',
    );
    const { cases } = JSON.parse(said.stdout) as RunDocument;
    expect(cases.find(({ claim }) => claim === 'faulty/cheerful')).toMatchObject({
      verdict: 'pass',
      documented: 'open',
      agrees: null,
    });
  });
});
