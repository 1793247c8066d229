import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { type Said, assayInClone as assay } from './cli.fixture.ts';
import {
  billingCommands,
  comparingCommands,
  commands,
  ENDS,
  files,
  gateCommands,
  knownList,
  PAGE,
  runningCommands,
  reportingCommands,
  searchingCommands,
  tellingCommands,
  varyingCommands,
  walkThrough,
} from './readme.fixture.ts';
import { verbs } from './verbs.ts';

let folder: string;
let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ world: '2026-03-30' });
  folder = await mkdtemp(join(tmpdir(), 'assay-readme-'));
  await symlink(join(import.meta.dirname, '../../suites'), join(folder, 'suites'));
});

afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true });
});

describe('the first suite of the README', () => {
  test('has its three files and its commands', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'first/targets.yaml',
      'first/banana.yaml',
      'first/pages/banana.md',
    ]);
    expect(commands).toHaveLength(11);
  });

  test('runs as it stands, and ends with the right word in the page', async () => {
    expect(await walkThrough(folder, mock, assay)).toEqual({ codes: ENDS, page: PAGE });
  });
});

test('the commands of the README ask a gate that is open, that a stale entry shuts, and that opens once it is pruned', async () => {
  const ends: Said['code'][] = [];
  const list = join(folder, 'first/known.yaml');
  for (const [at, command] of gateCommands.entries()) {
    if (at === 2) await writeFile(list, knownList.replace(/until: \S+/, 'until: 2099-12-31'));
    ends.push((await assay(command.split(/\s+/), { cwd: folder })).code);
  }
  expect(ends).toEqual([0, 0, 1, 0]);
  expect(await readFile(list, 'utf8')).toBe('known:\n');
});

test('the commands of the README show on the mock what is charged, and how that is seen to be wrong', async () => {
  const ends: [string, Said['code']][] = [];
  const texts: string[] = [];
  for (const command of billingCommands) {
    const { code, stdout } = await assay(command.split(/\s+/), { cwd: folder });
    ends.push([command, code]);
    texts.push(stdout);
  }
  expect(ends).toEqual([
    ['plan nano-banana-2-native', 0],
    ['run nano-banana-2-native', 0],
    ['run nano-banana-2-native --with billing.times=2', 1],
    ['explain nano-banana-2-native/native.charged', 0],
  ]);
  expect(texts[2]).toContain('charged twice');
  expect(texts[3]).toContain('charged twice');
});

test('the commands of the README try a claim until its interval decides, and forgive no shape that is not allowed', async () => {
  const said: Said[] = [];
  for (const command of varyingCommands)
    said.push(await assay(command.split(/\s+/), { cwd: folder }));
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 0]); // the page promises nothing
  const texts = said.map(({ stdout }) => stdout.replaceAll(/\s+/g, ' '));
  expect(texts[0]).toContain('28 to 40 trials');
  expect(texts[1]).toContain('28 of 28 passed: at least 0.9, at confidence 0.9');
  expect(texts[2]).toMatch(/\d+ of \d+ passed: less than 0\.9/);
  expect(texts[3]).toContain('one answer outside of what may be observed');
});

test('the commands of the README find a limit on the mock where it is, and say where its edge is not sharp', async () => {
  const codes: Said['code'][] = [];
  const texts: string[] = [];
  for (const command of searchingCommands) {
    const { code, stdout } = await assay(command.split(/\s+/), { cwd: folder });
    codes.push(code);
    texts.push(stdout.replaceAll(/\s+/g, ' '));
  }
  expect(codes).toEqual([0, 1, 1]);
  expect(texts[0]).toContain('refs=14 is accepted, refs=15 rejected. The edge is sharp');
  expect(texts[1]).toMatch(/the limit is 17, not 14\. The edge is sharp as far as 9 probes/);
  expect(texts[2]).toContain('the edge is not sharp');
});

test('the commands of the README write reports, tell the newest run again, and give gauges', async () => {
  const said: Said[] = [];
  for (const command of reportingCommands)
    said.push(await assay(command.split(/\s+/), { cwd: folder }));
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const [junit, ctrf] = await Promise.all(
    ['out/assay.xml', 'out/assay.json'].map((file) => readFile(join(folder, file), 'utf8')),
  );
  expect([junit?.includes('<testsuites'), ctrf?.includes('"CTRF"')]).toEqual([true, true]);
  expect(said[1]?.stdout.trim().split('\n')).toEqual(said[0]?.stdout.trim().split('\n').slice(-2));
  expect(said[2]?.stdout).toMatch(/^# Assay: nothing contradicts the docs/);
  expect(said[3]?.stdout).toContain('assay_claim_standing{');
});

test('the commands of the README tell two worlds of the mock apart, at once and by the evidence alone', async () => {
  const [worlds = '', , , runs = ''] = comparingCommands;
  const args = [...worlds.split(/\s+/), '--format', 'json'];
  const { code, stdout } = await assay(args, { cwd: folder });
  const { left, right } = JSON.parse(stdout) as Record<'left' | 'right', { readonly run: string }>;
  const ids = [left.run, right.run];
  const named = runs.replaceAll(/r\d{8}-\S+/g, () => ids.shift() ?? '');
  const said = await assay(named.split(/\s+/), { cwd: folder });
  expect([code, said.code]).toEqual([1, 1]);
  expect(said.stdout).toContain('world: 2026-03-30 → 2026-04-14');
});

test('the commands of the README that tell of changed words take all as known the first time, and send nothing', async () => {
  const env = { SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0001/B0001/secretOfTheReadme' };
  const said: Said[] = [];
  for (const command of tellingCommands)
    said.push(await assay(command.split(/\s+/), { cwd: folder, env }));
  expect(said.map(({ code, stdout }) => [code, /words? (.+); from/.exec(stdout)?.[1]])).toEqual([
    [0, 'would be taken as known'],
    [0, 'are taken as known'],
  ]);
});

test('the commands of the README list the workflows, and print one', async () => {
  const said: Said[] = [];
  for (const command of runningCommands) said.push(await assay(command.split(/\s+/)));
  expect(said.map(({ code }) => code)).toEqual([0, 0]);
  expect(said.map(({ stdout }) => stdout)).toEqual([
    expect.stringContaining('.github/workflows/assay-docs.yml'),
    expect.stringContaining('\nname: assay docs\n'),
  ]);
});

describe('the help', () => {
  test.each(Object.entries(verbs))(
    'of %s has an example that names only its own options',
    async (name, verb) => {
      const { stdout, code } = await assay([name, '--help']);
      expect([code, stdout.includes(verb.example)]).toEqual([0, true]);
      const named = [...verb.example.matchAll(/--([a-z-]+)/g)].map(([, option]) => option);
      expect(named.filter((option) => !Object.hasOwn(verb.options, option ?? ''))).toEqual([]);
      expect(verb.example.startsWith(`assay ${name}`)).toBe(true);
    },
  );

  test.each(['run', 'plan', 'status', 'docs', 'notify', 'gate', 'explain', 'judge', 'lint'])(
    'of %s has the options that are the same everywhere',
    (name) => {
      const shared = ['suites', 'targets', 'ledger', 'now'];
      expect(Object.keys(verbs[name]?.options ?? {})).toEqual(expect.arrayContaining(shared));
    },
  );

  test('names every verb on one screen of 80 columns', async () => {
    const { stdout } = await assay(['--help']);
    for (const name of Object.keys(verbs)) expect(stdout).toContain(`  ${name}`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
