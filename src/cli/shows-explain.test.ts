import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startMock } from '../mock/server.ts';
import {
  COMMITTED,
  KEY,
  KEY_NAME,
  type WorkFolder,
  aWorkFolder,
  liveTarget,
  behind,
} from './desk.fixture.ts';
import { aServer } from './pages.fixture.ts';

const NOW = '2026-04-14';
const bash = promisify(execFile);

/** The curl commands among what `assay explain` says, with the key set for them, run one after the other. */
async function repeat(explained: string): Promise<readonly string[]> {
  const commands = [...explained.matchAll(/^ {2}curl (?:.*\\\n)*.*$/gm)].map(([text]) => text);
  const said: string[] = [];
  for (const command of commands) {
    const env = { PATH: process.env['PATH'], [KEY_NAME]: KEY };
    said.push((await bash('bash', ['-c', command.replace('curl', 'curl -sS')], { env })).stdout);
  }
  return said;
}

let work: WorkFolder;
beforeAll(async () => {
  work = await aWorkFolder();
});
afterAll(() => work.close());

describe('what explain says of a claim', () => {
  test('is what it says, where it is documented, how it stands, and evidence that can be repeated', async () => {
    const mock = await startMock({ world: '2026-03-30' });
    onTestFinished(mock.close);
    const target = liveTarget(behind(mock));
    const targets = { local: target, production: target };
    const args = [
      'nano-banana-2/refs.over-limit',
      '--now',
      NOW,
      '--ledger',
      join(work.folder, 'over'),
    ];
    await work.assay(targets, 'run', ...args, '--target', 'local');
    const { code, stdout } = await work.assay(targets, 'explain', ...args);

    expect(code).toBe(0);
    const plain = stdout.replaceAll(/\s+/g, ' ');
    expect(plain).toContain('says 15 or more are rejected, and the message names the limit');
    expect(plain).toContain('documented holds, Multi-Image Limit, asserted 2026-03-30');
    expect(plain).toMatch(/written \S+nano-banana-2\.yaml:\d+:\d+/);
    expect(plain).toMatch(
      /stands holds on local because nano-banana-2\/refs\.over-limit\/refs=15 on local: r2026/,
    );
    expect(plain).toMatch(/r20260414-\S+ 2026-04-14T\S+Z refs=15 on local: pass/);
    expect(plain).toContain('answered by a mock (2026-03-30), allowed by the target');
    expect(plain).toMatch(
      /host 127\.0\.0\.1:\d+, gateway v\S+, request id \w{20,}, trial 1, 1 attempt/,
    );
    expect(stdout).not.toContain(KEY);

    const before = mock.log();
    const answers = await repeat(stdout);
    expect(answers).toHaveLength(3);
    for (const answer of answers)
      expect(answer).toContain('at most 14 reference images are currently supported');
    expect(mock.log().slice(before.length)).toEqual(before.slice(-3));
  });

  test('is a command that sends the same again, whatever signs are in it', async () => {
    const server = await aServer();
    onTestFinished(server.close);
    const suites = join(work.folder, 'signs');
    await mkdir(suites);
    const prompt = `it's "quoted" \\ $HOME \`id\` !! 图像\n%s`;
    const json = JSON.stringify({ prompt, list: [1, null, true] });
    await writeFile(
      join(suites, 'signs.yaml'),
      `suite: signs
requests:
  bearer: { path: "/v1/it's", query: { q: "a b&c" }, headers: { x-note: "it's $HOME" }, json: ${json} }
  query: { like: bearer, auth: query-key }
  google: { like: bearer, auth: google-key }
claims:
  - { id: bearer, says: a, expect: [ { status: 200 } ] }
  - { id: query, says: b, request: query, expect: [ { status: 200 } ] }
  - { id: google, says: c, request: google, expect: [ { status: 201 } ] }
`,
    );
    const options = ['--suites', suites, '--ledger', join(work.folder, 'signed')];
    const targets = { local: server.target };
    const said = await work.assay(targets, 'run', '--target', 'local', '--now', NOW, ...options);
    expect(said.code).toBe(1);
    const sent = [...server.met];
    // The claim that fails is tried twice.
    expect(sent).toHaveLength(4);

    for (const claim of ['bearer', 'query', 'google']) {
      const { stdout } = await work.assay(
        targets,
        'explain',
        `signs/${claim}`,
        '--now',
        NOW,
        ...options,
      );
      if (claim === 'google') {
        expect(stdout).toMatch(/signs\.yaml:9:\d+ {2}status\n +expected {2}201\n +actual {4}200/);
        expect(stdout).toContain('stands      broken on local');
      }
      await repeat(stdout);
    }
    const again = server.met.slice(sent.length);
    const shown = ['authorization', 'x-goog-api-key', 'content-type', 'accept-language', 'x-note'];
    const essence = ({ method, url, headers, body }: (typeof again)[number]) =>
      JSON.stringify([method, url, shown.map((name) => headers[name]), body]);
    expect(again.map(essence).toSorted()).toEqual(sent.map(essence).toSorted());
    expect(sent.map(({ url }) => url).filter((url) => url?.includes(KEY))).toHaveLength(1);
  });
});

test('the stored exchanges give the same verdicts again, with nobody listening', async () => {
  const mock = await startMock({ world: '2026-03-30' });
  const target = liveTarget(behind(mock));
  const targets = { local: target, production: target };
  const args = ['nano-banana-2', '--ledger', join(work.folder, 'judged')];
  expect((await work.assay(targets, 'run', ...args, '--target', 'local', '--now', NOW)).code).toBe(
    0,
  );
  await mock.close();

  const { code, stdout } = await work.assay(targets, 'judge', ...args, '--format', 'json');
  const { schema, cases } = JSON.parse(stdout) as {
    readonly schema: string;
    readonly cases: readonly { readonly was: object; readonly verdict: object }[];
  };
  expect(schema).toBe('assay.judge.v1');
  expect(cases.length).toBeGreaterThan(40);
  expect(cases.map(({ verdict }) => verdict)).toEqual(cases.map(({ was }) => was));
  expect(code).toBe(0);

  const edited = join(work.folder, 'edited');
  await cp(COMMITTED, edited, { recursive: true });
  const file = join(edited, 'nano-banana-2.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('message: at most 14', 'message: at most 15'));
  const again = await work.assay(
    targets,
    'judge',
    'nano-banana-2/refs.over-limit',
    ...args.slice(1),
    '--suites',
    edited,
  );
  expect(again.stdout.match(/^fail \(was pass\)/gm)).toHaveLength(3);
  expect(again.code).toBe(1);
});
