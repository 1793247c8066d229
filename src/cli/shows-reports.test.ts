import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CTRFReport, validate } from 'ctrf';
import { parseCsv } from '../report/csv.fixture.ts';
import { readExposition } from '../report/exposition.fixture.ts';
import { allCalled, junitErrors, readXml } from '../report/junit.fixture.ts';
import { type Said, TELLING_LOADS, assayInClone } from './cli.fixture.ts';
import type { RunDocument } from './desk.fixture.ts';
import { type FaultyFolder, aFaultyFolder } from './reports.fixture.ts';

const FILES = {
  json: 'a.json',
  csv: 'a.csv',
  markdown: 'a.md',
  junit: 'a.xml',
  ctrf: 'a.ctrf.json',
  github: 'a.github.md',
  prometheus: 'a.prom',
};

/** A run with a report of every format, and the same told again from its ledger. */
let desk: FaultyFolder;
let ran: Said;
let again: Said;
beforeAll(async () => {
  desk = await aFaultyFolder();
  const files = (folder: string) =>
    Object.entries(FILES)
      .map(([format, file]) => `${format}=${folder}/${file}`)
      .join(',');
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
    for (const [format, file] of Object.entries(FILES)) {
      if (format === 'json' || format === 'csv') continue;
      expect(await desk.read(`out/again/${file}`)).toBe(await desk.read(`out/run/${file}`));
    }
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

describe('every reporter, on that run', () => {
  const outcomes = [
    ['both', 'other'],
    ['cheerful', 'failed'],
    ['gloomy', 'passed'],
    ['limit', 'failed'],
    ['open', 'other'],
    ['size/resolution=1K', 'passed'],
    ['size/resolution=2K', 'passed'],
    ['untold', 'other'],
    ['dear', 'skipped'],
  ];

  test('CTRF is valid by its own schema, and fails what contradicts', async () => {
    const document = JSON.parse(await desk.read('out/run/a.ctrf.json')) as CTRFReport;
    expect(validate(document)).toMatchObject({ valid: true });
    expect(
      document.results.tests.map(({ testId, status }) => [testId?.replace('faulty/', ''), status]),
    ).toEqual(outcomes);
  });

  test('CSV has a line for each case and each that was left out', async () => {
    const [, ...lines] = parseCsv(await desk.read('out/run/a.csv'));
    expect(lines.filter(([claim]) => claim?.startsWith('faulty/'))).toHaveLength(9);
  });

  test('Markdown and the summary for GitHub have what contradicts first, and its findings', async () => {
    const text = await desk.read('out/run/a.md');
    expect(text).toContain('# Assay: 2 contradict the docs');
    expect(text).toContain('`An edit \\| comes back in <b>the size</b> that was asked for ]]>`');
    expect(text).toContain('at `suites/faulty.yaml:25:17`: `rejected`\n  - expected');
    expect(await desk.read('out/run/a.github.md')).toBe(text);
  });

  test('Prometheus has its figures, and those of the status', async () => {
    const metrics = readExposition(await desk.read('out/run/a.prom'));
    const cases = metrics.get('assay_run_cases')?.samples;
    expect(cases?.map(({ value }) => value)).toEqual([3, 4, 1]);
    const { stdout, code } = await desk.assay(['status', '--rehearsal', '--format', 'prometheus']);
    expect(code).toBe(0);
    const states = readExposition(stdout).get('assay_claim_standing')?.samples ?? [];
    const limit = states.filter(({ labels }) => labels['claim'] === 'faulty/limit');
    expect(limit.map(({ labels, value }) => [labels['standing'], value])).toContainEqual([
      'broken',
      1,
    ]);
    expect(limit.reduce((sum, { value }) => sum + value, 0)).toBe(1);
  });

  test('GitHub reads commands for the lines of the suite, and none that a message holds', async () => {
    const commands = ran.stdout.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(commands.map((line) => /^::(\w+) (.*?)::/.exec(line)?.slice(1))).toEqual([
      ['error', 'file=suites/faulty.yaml,line=44,col=9,title=faulty/cheerful'],
      ['error', 'file=suites/faulty.yaml,line=25,col=17,title=faulty/limit'],
      ['warning', 'file=suites/faulty.yaml,line=54,col=9,title=faulty/untold'],
      ['notice', 'file=suites/faulty.yaml,line=59,col=9,title=faulty/both'],
      ['notice', 'file=suites/faulty.yaml,line=53,col=17,title=faulty/open'],
    ]);
  });
});

describe('--report github in a step of GitHub', () => {
  test('appends to its summary, and leaves the one document on stdout alone', async () => {
    const summary = join(desk.folder, 'summary.md');
    await writeFile(summary, 'before\n');
    const env = {
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: desk.folder,
    };
    const args = ['report', '--format', 'json', '--report', 'github'];
    const { code, stdout, stderr } = await desk.assay(args, env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'assay.run.v1' });
    expect(stderr.match(/^::\w+ /gm)).toHaveLength(5);
    expect(await desk.read('summary.md')).toBe(`before\n${await desk.read('out/run/a.github.md')}`);
  });

  test('warns where there is no such step, and lets nothing that is printed be a command', async () => {
    const suite = await desk.read('suites/faulty.yaml');
    const says = 'says: "::stop-commands::x ##[error]y"';
    await writeFile(
      join(desk.folder, 'suites/faulty.yaml'),
      suite.replace('says: 2 references are rejected', says),
    );
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '' };
    const { code, stdout, stderr } = await desk.assay(['report', '--report', 'github'], env);
    await writeFile(join(desk.folder, 'suites/faulty.yaml'), suite);
    expect(code).toBe(0);
    expect(stderr).toContain('GITHUB_STEP_SUMMARY is not set');
    expect(stdout).toContain('\\u0023#[error]y');
    const commands = stdout.split('\n').filter((line) => line.trimStart().startsWith('::'));
    expect(commands).toHaveLength(5);
  });
});

describe('a search of a limit', () => {
  test('is reported as a run in which only what the suites have can contradict', async () => {
    const ledger = ['--ledger', 'search/ledger'];
    const args = ['discover', 'faulty/within', '--with', 'refs.limit=17', ...ledger];
    const { code } = await desk.assay([...args, '--report', 'junit=search/a.xml']);
    expect(code).toBe(1);
    await desk.assay(['report', ...ledger, '--report', 'junit=search/b.xml']);
    const xml = await desk.read('search/a.xml');
    expect(await desk.read('search/b.xml')).toBe(xml);
    const failing = allCalled('testcase', await readXml(xml))
      .filter(({ children }) => children[0]?.name === 'failure')
      .map(({ attributes }) => attributes['name']);
    expect(failing).toEqual(['refs=15: 15 or more are rejected']);
  });
});

describe('a run that was killed', () => {
  test('is told as one that is not whole, and never as a good one', async () => {
    const [file = ''] = (
      await readdir(join(desk.folder, 'reports/rehearsals'), { recursive: true })
    )
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(desk.folder, 'reports/rehearsals', name));
    const lines = (await readFile(file, 'utf8')).split('\n');
    const killed = join(desk.folder, 'killed', basename(dirname(file)), basename(file));
    await mkdir(dirname(killed), { recursive: true });
    await writeFile(killed, `${lines.slice(0, 3).join('\n')}\n`);
    const args = ['report', '--ledger', 'killed', '--report', 'junit=killed.xml'];
    const { code, stderr } = await desk.assay(args);
    expect(code).toBe(0);
    expect(stderr).toContain('has no end: it was killed');
    const xml = await desk.read('killed.xml');
    expect(await junitErrors(xml)).toEqual([]);
    const [end] = allCalled('error', await readXml(xml));
    expect(end?.attributes['type']).toBe('incomplete');
  });
});

describe('a run of two sides', () => {
  test('writes the reports of both, each under the name of its side', async () => {
    const sides = ['mock@2026-03-30', 'mock@2026-04-14'];
    const args = [
      'run',
      '--compare',
      ...sides,
      'faulty/size',
      '--report',
      'junit=two/a.xml,json=two/a.json',
      '--ledger',
      'two/ledger',
    ];
    const { code } = await desk.assay(args);
    expect(code).toBe(1);
    expect((await readdir(join(desk.folder, 'two'))).toSorted()).toEqual(
      [...sides.flatMap((side) => [`a.${side}.json`, `a.${side}.xml`]), 'ledger'].toSorted(),
    );
    const [left, right] = await Promise.all(sides.map((side) => desk.read(`two/a.${side}.xml`)));
    expect([left, right].map((xml) => /failures="(\d+)"/.exec(xml ?? '')?.[1])).toEqual(['0', '2']);
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
      [
        'unknown report "pdf"',
        'there are json, csv, markdown, junit, ctrf, github, prometheus, html',
      ],
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

test.each([['--version'], ['status', '--rehearsal'], ['run', 'faulty/size']])(
  'nothing that only reports need is loaded by %j',
  async (...args) => {
    const env = { NODE_OPTIONS: `--import=${TELLING_LOADS}` };
    const own = args[0] === 'run' ? ['--ledger', 'quiet/ledger'] : [];
    // In a clone, modules have names.
    const { code, stderr } = await assayInClone([...args, ...own], { cwd: desk.folder, env });
    expect(code).toBe(0);
    const loaded = stderr.match(/src\/[\w/-]+\.ts/g) ?? [];
    expect(loaded).toContain('src/cli/main.ts');
    const ofReports =
      /(cli\/(reports|recalled|html)|report\/(junit|xml|ctrf|github|markdown|marked|prometheus|exposition|outcome|csv|html\/.*)|adapters\/reportFile)\.ts$/;
    expect(loaded.filter((file) => ofReports.test(file))).toEqual([]);
  },
);
