import { afterEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { type Desk, KEY, aDesk, behind } from './desk.fixture.ts';

const ACCESS_NAME = 'OWN_ACCESS_TOKEN';
const ACCESS = 'access-token-of-the-desk';

/** Two suites that share a request; each claim about a charge shares its request with one about the answer. */
const SHARED = `
requests:
  edit:
    path: /v1/images/generations
    json: { model: nano-banana-2, prompt: A plain background, image_input: { $references: { count: "\${refs}", format: webp } } }
rehearse: 2026-03-30
documented: { as: holds }
let: { refs: 1 }
cost: { usd: 0.5 }
`;
const ONE = `suite: one${SHARED}claims:
  - id: edit
    says: It works
    expect: [ { image: any } ]
  - id: edit.charged
    says: It is charged once, and counter and log agree
    given: [ { image: any } ]
    expect: [ { charged: aligned } ]
  - id: limit.charged
    says: What is rejected costs nothing
    let: { refs: 15 }
    given: [ { rejected: { message: at most 14 reference images } } ]
    expect: [ { charged: nothing } ]
`;
const TWO = `suite: two${SHARED}claims:
  - { id: edit, says: It works as well, expect: [ { image: any } ] }
  - { id: many, says: It works with many, let: { refs: 14 }, expect: [ { image: any } ] }
tables:
  - { under: Status, key: What, owns: Word, from: [local], words: { holds: works, else: open }, rows: [ { row: edit, needs: [edit] } ] }
`;
const SUITES = { 'one.yaml': ONE, 'two.yaml': `${TWO}page: page.md\n` };

const MANAGEMENT = { source: 'management', key: `env:${ACCESS_NAME}`, user: 1, within: '100ms' };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function aMock(...faults: readonly string[]): Promise<Mock> {
  const mock = await startMock({ world: '2026-03-30', faults, keys: [KEY], accessToken: ACCESS });
  closing.push(mock.close);
  return mock;
}

/** A desk whose live targets are this mock, and read what it charges like this. */
async function deskAt(mock: Mock, usage: object): Promise<Desk> {
  const desk = await aDesk({ suites: SUITES, target: { ...behind(mock), usage } });
  closing.push(desk.close);
  return desk;
}

const env = { [ACCESS_NAME]: ACCESS };
const run = ['run', '--target', 'local', '--format', 'json'];

describe('what a run cost', () => {
  test('is measured on the mock in this process without any setting', async () => {
    const desk = await deskAt(await aMock(), { source: 'none' });
    const { code, stdout, stderr } = await desk.assay(['run', 'one', '--format', 'json']);
    expect(code, stderr).toBe(0);
    const document = JSON.parse(stdout) as { cases: object[]; summary: { reads: number } };
    expect(document).toMatchObject({
      summary: { pass: 3, requests: 2, usd: 0.04, measuredUsd: 0.04 },
      costs: [{ suite: 'one', usd: 0.04, measuredUsd: 0.04 }],
    });
    const charged = { charged: 'aligned', measured: true };
    expect(document.cases).toMatchObject([
      { claim: 'one/edit', ...charged, usd: 0.04, measuredUsd: 0.04 },
      { claim: 'one/edit.charged', ...charged, usd: 0 },
      { claim: 'one/limit.charged', ...charged, usd: 0 },
    ]);
    expect(document.summary.reads).toBeGreaterThan(4);
  });

  test('is told for each suite and in all, and so is what it is expected to cost, and a retest', async () => {
    const desk = await deskAt(await aMock(), MANAGEMENT);
    const said = async (...args: readonly string[]) => (await desk.assay(args, env)).stdout;

    expect(await said('plan', '--target', 'local')).toContain('3 exchanges, $1.50; at worst');
    const ran = await desk.assay(['run', '--target', 'local'], env);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    expect(ran.stdout).toContain('  one  $0.04 measured\n  two  at most $0.50\n');
    expect(ran.stdout.replaceAll(/\s+/g, ' ')).toContain('at most $0.54, $0.04 of it measured');

    const planned = await said('plan', '--target', 'local');
    expect(planned).toContain('$0.54, $0.04 of it as measured last; at worst');
    expect(planned).toContain('what 2 exchanges are charged is read from management');
    expect(await said('status')).toContain(
      'a retest on local costs at most $0.54, $0.04 of it measured',
    );
    const status = JSON.parse(await said('status', '--format', 'json')) as object;
    expect(status).toMatchObject({
      retest: {
        usd: 0.54,
        measuredUsd: 0.04,
        suites: [
          { suite: 'one', target: 'local', usd: 0.04, measuredUsd: 0.04 },
          { suite: 'two', target: 'local', usd: 0.5, measuredUsd: 0 },
        ],
      },
    });
    expect(await said('status', '--format', 'markdown')).toContain(
      '| one | local | $0.04 | $0.04 |',
    );
  });
});

describe('a target', () => {
  test('without a usage source is said to have none, and only claims about charges stay undecided', async () => {
    const desk = await deskAt(await aMock(), { source: 'none' });
    const plan = await desk.assay(['plan', '--target', 'local']);
    expect(plan.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'read nowhere: target local names no usage source',
    );
    const { code, stdout } = await desk.assay(run);
    expect(code).toBe(3);
    expect(causes(stdout)).toEqual(['one/edit.charged unmeasured', 'one/limit.charged unmeasured']);
  });

  test('whose access token is not set is asked nothing, unless no claim is about a charge', async () => {
    const mock = await aMock();
    const desk = await deskAt(mock, MANAGEMENT);
    const without = await desk.assay(run);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(`is read from ${ACCESS_NAME}, which is not set`);
    expect(mock.counts().generations).toBe(0);
    expect((await desk.assay([...run, 'two'])).code).toBe(0);
  });

  test.each([
    ['a wrong access token', MANAGEMENT, 'wrong-access-token', [], 'forbidden'],
    [
      'a build without the endpoints',
      MANAGEMENT,
      ACCESS,
      ['usage.management=absent'],
      'unmeasured',
    ],
    [
      'a throttled dashboard',
      { source: 'dashboard' },
      ACCESS,
      ['usage.dashboard=throttled'],
      'throttled',
    ],
  ] as const)(
    'leaves claims about charges undecided, and no others, for %s',
    async (_, usage, accessToken, faults, cause) => {
      const desk = await deskAt(await aMock(...faults), usage);
      const { code, stdout } = await desk.assay(run, { [ACCESS_NAME]: accessToken });
      expect(code).toBe(3);
      expect(causes(stdout)).toEqual([`one/edit.charged ${cause}`, `one/limit.charged ${cause}`]);
    },
  );
});

/** The undecided cases of a run, with their causes. */
function causes(stdout: string): readonly string[] {
  const { cases } = JSON.parse(stdout) as { cases: { claim: string; cause: string | null }[] };
  return cases
    .flatMap(({ claim, cause }) => (cause === null ? [] : [`${claim} ${cause}`]))
    .toSorted();
}
