import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { startAssay } from './cli.fixture.ts';
import { type Desk, KEY, KEY_NAME, aDesk, behind } from './desk.fixture.ts';

const SUITE = `suite: small
rehearse: 2026-03-30
requests:
  image: { path: /v1/images/generations, json: { model: nano-banana-2, prompt: a banana } }
claims:
  - id: t2i
    says: An image comes back
    expect: [ { image: any } ]
`;
const MIB = 1 << 20;
const RUN = ['run', '--target', 'production'];

let mock: Mock;
let desk: Desk;

beforeAll(async () => {
  mock = await startMock({ world: '2026-03-30' });
  desk = await aDesk({ suites: { 'small.yaml': SUITE }, target: behind(mock) });
});
afterAll(async () => {
  await Promise.all([mock.close(), desk.close()]);
});

/** Each is one clear problem: exit 2, no stack, nothing on stdout, nothing sent. */
function expectRefused(
  { code, stdout, stderr }: Awaited<ReturnType<Desk['assay']>>,
  said: RegExp,
): void {
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(stderr).toMatch(said);
  expect(mock.log()).toEqual([]);
}

test('without a problem the same desk runs', async () => {
  const own = await startMock({ world: '2026-03-30' });
  const fine = await aDesk({ suites: { 'small.yaml': SUITE }, target: behind(own) });
  expect((await fine.assay(RUN)).code).toBe(0);
  expect(own.log()).toHaveLength(1);
  await Promise.all([own.close(), fine.close()]);
});

/** Ten aliases of ten aliases of … come to ten thousand million texts. */
const BOMB = Array.from({ length: 10 }, (_, level) =>
  level === 0
    ? 'a0: &a0 [ x ]'
    : `a${level}: &a${level} [ ${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')} ]`,
).join('\n');

describe('a suite that', () => {
  test.each<readonly [string, string | Uint8Array, RegExp]>([
    [
      'is a bomb of aliases',
      `suite: bomb\nlet:\n  ${BOMB.replaceAll('\n', '\n  ')}\n`,
      /alias[\s\S]*wrong\.yaml:\d+:\d+/,
    ],
    ['has a key twice', `${SUITE}suite: again\n`, /"suite"[\s\S]*wrong\.yaml:9:1/],
    [
      'has a member __proto__',
      SUITE.replace('prompt: a banana', '__proto__: { polluted: true }'),
      /__proto__[\s\S]*wrong\.yaml:4:/,
    ],
    [
      'is not UTF-8',
      Buffer.concat([Buffer.from(SUITE), Buffer.from([0x23, 0xff, 0xfe])]),
      /this byte is not UTF-8[\s\S]*wrong\.yaml:9:2/,
    ],
    [
      'has a key that nobody knows',
      SUITE.replace('says:', 'say:'),
      /wrong\.yaml:7:5[\s\S]*did you mean "says"\?/,
    ],
    [
      'has an expectation that nobody knows',
      SUITE.replace('image: any', 'imag: any'),
      /unknown expectation "imag"[\s\S]*wrong\.yaml:8:17/,
    ],
    ['is empty', '', /wrong\.yaml/],
    ['is no YAML', 'suite: [', /wrong\.yaml:\d+:\d+/],
    ['is binary', Buffer.alloc(4096), /wrong\.yaml:\d+:\d+/],
  ])('%s is refused at its line, and nothing is sent', async (_, bytes, said) => {
    const path = join(desk.folder, 'suites/wrong.yaml');
    await writeFile(path, bytes);
    const refused = await desk.assay(RUN);
    await rm(path);
    expectRefused(refused, said);
  });

  test('has 50 MB is refused without being read', async () => {
    const path = join(desk.folder, 'suites/wrong.yaml');
    const file = await open(path, 'w');
    await file.truncate(50 * MIB);
    await file.close();
    const refused = await desk.assay(RUN);
    await rm(path);
    expectRefused(refused, /wrong\.yaml: it has 52428800 bytes, and at most 1 MiB is read/);
  });

  test('is a folder is refused', async () => {
    const path = join(desk.folder, 'suites/wrong.yaml');
    await mkdir(path);
    const refused = await desk.assay(RUN);
    await rm(path, { recursive: true });
    expectRefused(refused, /wrong\.yaml: it is a folder/);
  });
});

test('a target that only tables of other suites name is missed when they are asked for', async () => {
  const other = `suite: other\npage: p.md\nrequests: { ask: { path: / } }\nclaims: [ { id: a, says: x, expect: [ { status: 200 } ] } ]\ntables: [ { under: A, key: B, owns: C, from: [elsewhere], words: { else: D }, rows: [ { row: E, needs: [a] } ] } ]\n`;
  const suites = { 'small.yaml': SUITE, 'other.yaml': other };
  const both = await aDesk({ suites, target: behind(mock) });
  const plan = (...words: readonly string[]) =>
    both.assay(['plan', '--target', 'production', ...words]);
  expect((await plan('small/t2i')).code).toBe(0);
  for (const said of [await plan(), await plan('other')])
    expectRefused(said, /no target is called "elsewhere"/);
  await both.close();
});

describe('a question that', () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    [
      'names an unknown target',
      ['run', '--target', 'producton'],
      /no target is called "producton"[\s\S]*production/,
    ],
    ['names an unknown suite', [...RUN, 'smal'], /"smal"[\s\S]*small/],
    ['names an unknown claim', [...RUN, 'small/t2j'], /t2j[\s\S]*t2i/],
    ['names an unknown case', [...RUN, 'small/t2i/refs=3'], /refs/],
    [
      'has an unknown option',
      [...RUN, '--tolerate-undecidd', '10%'],
      /unknown option --tolerate-undecidd[\s\S]*--tolerate-undecided/,
    ],
    ['has an option without its value', ['run', '--target'], /--target/],
    ['has an empty value', ['run', '--target='], /--target needs a value/],
    [
      'tolerates what is no share',
      [...RUN, '--tolerate-undecided', 'some'],
      /takes a share, as in 10%/,
    ],
    [
      'wants an unknown format',
      [...RUN, '--format', 'xml'],
      /--format takes terminal, json or csv/,
    ],
    ['listens where no port is', ['mock', '--port', '65536'], /--port takes a number/],
    ['sets a clock that is none', [...RUN, '--now', 'yesterday'], /--now takes a day/],
    ['makes a live target misbehave', [...RUN, '--with', 'fail=500'], /--with is for rehearsals/],
    ['has an unknown fault', ['run', '--with', 'refs.limt=13'], /refs\.limt[\s\S]*refs\.limit/],
    ['has an unknown world', ['run', '--world', '2026-01-01'], /2026-01-01[\s\S]*2026-03-30/],
    ['has an unknown verb', ['rnu'], /unknown verb "rnu"[\s\S]*run/],
  ])('%s is refused with what would be right', async (_, args, said) => {
    // An option at the end that wants a value would take the next one for it.
    const at =
      args.at(-1) === '--target'
        ? []
        : ['rnu', 'mock'].includes(args[0] ?? '')
          ? []
          : desk.optionsOf('run');
    const { said: refused } = startAssay([...args, ...at], { env: { [KEY_NAME]: KEY } });
    expectRefused(await refused, said);
  });

  test('needs a key whose variable is not set is refused with the name of the variable', async () => {
    expectRefused(await desk.assay(RUN, { [KEY_NAME]: '' }), /DESK_KEY, which is not set/);
  });

  test.each([
    ['suites', '--suites'],
    ['targets', '--targets'],
  ])('names %s that are not there is refused', async (_, option) => {
    const options = desk
      .optionsOf('run')
      .map((one, at, all) => (all[at - 1] === option ? join(desk.folder, 'nowhere') : one));
    const { said } = startAssay([...RUN, ...options], { env: { [KEY_NAME]: KEY } });
    expectRefused(await said, /cannot read .*nowhere: there is no such file or folder/);
  });
});

describe('a target that', () => {
  test.each([
    [
      'has a key that nobody knows',
      { bugdet: { usd: 1 } },
      /bugdet[\s\S]*targets\.yaml:1:\d+[\s\S]*"budget"/,
    ],
    [
      'has its key in the file',
      { key: 'sk-written-where-its-name-belongs' },
      /targets\.yaml:1:\d+/,
    ],
    ['has no address', { baseUrl: 'file:///etc/passwd' }, /a baseUrl is http or https/],
  ])('%s is refused at its line, without the key', async (_, wrong, said) => {
    const other = await aDesk({
      suites: { 'small.yaml': SUITE },
      target: { ...behind(mock), ...wrong },
    });
    const refused = await other.assay(RUN);
    await other.close();
    expectRefused(refused, said);
    expect(refused.stderr).not.toContain('written-where');
  });
});
