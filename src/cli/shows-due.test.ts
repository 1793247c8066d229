import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { type Desk, aDesk, behind, liveTarget, remembered } from './desk.fixture.ts';

/** A table needs `shown`; `dear` costs as much as all others together; two claims share an exchange. */
const SUITE = `
suite: s
page: page.md
cost: { usd: 0.1 }
let: { prompt: none }
requests:
  made: { path: /v1/images/generations, json: { model: nano-banana-2, prompt: "\${prompt}" } }
claims:
  - { id: shown, says: shown works, let: { prompt: shown }, expect: [ { image: any } ] }
  - { id: aside, says: aside works, let: { prompt: aside }, expect: [ { image: any } ] }
  - { id: dear, says: dear works, let: { prompt: dear }, expect: [ { image: any } ], cost: { usd: 0.3 } }
  - { id: daily, says: daily works, fresh: 1d, let: { prompt: daily }, expect: [ { image: any } ] }
  - { id: with-daily, says: daily answers, let: { prompt: daily }, expect: [ { status: 200 } ] }
tables:
  - under: Status
    key: Capability
    owns: State
    from: [production]
    words: { holds: Verified, else: Beta }
    rows: [ { row: Shown, needs: [shown] } ]
`;

interface PlanDocument {
  readonly exchanges: readonly {
    readonly cases: readonly {
      readonly claim: string;
      readonly due: readonly { readonly kind: string; readonly because: string }[];
    }[];
  }[];
  readonly leftOut: readonly {
    readonly claim: string;
    readonly reason: string;
    readonly turn?: number;
  }[];
  readonly notDue: readonly { readonly claim: string; readonly reason: string }[];
}

const mocks: Mock[] = [];
const desks: Desk[] = [];

afterEach(async () => {
  await Promise.all([
    ...mocks.splice(0).map((mock) => mock.close()),
    ...desks.splice(0).map((desk) => desk.close()),
  ]);
});

async function gatewayWith(...faults: readonly string[]): Promise<Mock> {
  const mock = await startMock({ world: '2026-03-30', faults });
  mocks.push(mock);
  return mock;
}

async function deskFor(mock: Mock, target: object = {}, suite = SUITE): Promise<Desk> {
  const desk = await aDesk({ suites: { 's.yaml': suite }, target: { ...behind(mock), ...target } });
  desks.push(desk);
  return desk;
}

async function planned(desk: Desk, ...args: readonly string[]) {
  const asked = ['plan', '--target', 'production', '--due', '--format', 'json', ...args];
  const { stdout, code, stderr } = await desk.assay(asked);
  const document = JSON.parse(stdout) as PlanDocument;
  return {
    code,
    stderr,
    document,
    due: document.exchanges.map(({ cases }) => cases.map(({ claim }) => claim.slice(2)).join()),
    reasons: document.exchanges.map(({ cases }) =>
      cases[0]?.due.map(({ because }) => because).join(),
    ),
  };
}

const on = (day: string) => ['--now', `2026-05-${day}T02:00:00Z`];

describe('what is due', () => {
  test('comes in the order of what tables gain per dollar, and not again in the same night', async () => {
    const desk = await deskFor(await gatewayWith());
    const first = await planned(desk, ...on('01'));
    expect(first.code).toBe(0);
    expect(first.due[0]).toBe('shown');
    expect(first.due.at(-1)).toBe('dear');
    expect(new Set(first.reasons)).toEqual(new Set(['never decided']));
    expect((await desk.run('--due', ...on('01'))).document.summary).toMatchObject({ pass: 5 });

    const again = await desk.run('--due', ...on('01'));
    expect([again.code, again.document.summary['requests']]).toEqual([0, 0]);
    expect(again.stderr).toContain('nothing is due: 5 cases need no evidence now');
    const quiet = await planned(desk, ...on('01'));
    expect([quiet.code, quiet.due]).toEqual([0, []]);
    expect(quiet.document.notDue).toContainEqual(
      expect.objectContaining({
        claim: 's/shown',
        reason: 'fresh until 2026-05-31 02:00',
        until: expect.stringMatching(/^2026-05-31T02:00:/),
        due: [],
      }),
    );
    const one = await desk.run('--due', ...on('01'), 's/shown');
    expect(one.stderr).toContain('nothing is due: 1 case needs no evidence now');
  });

  test('takes along what is judged on the same exchange for nothing, and says when the next comes up', async () => {
    const desk = await deskFor(await gatewayWith());
    await desk.run('--due', ...on('01'));
    const next = await planned(desk, ...on('02'));
    expect(next.due).toEqual(['daily,with-daily']);
    const ahead = await planned(desk, ...on('02'), '--within', '1h');
    expect(ahead.due).toEqual(['daily,with-daily']);
    const soon = await planned(desk, ...on('30'), '--within', '30h');
    expect(soon.due).toContain('shown');
    expect(soon.reasons[soon.due.indexOf('shown')]).toBe('stale from 2026-05-31 02:00');
    expect((await planned(desk, ...on('30'), '--within', '1h')).due).not.toContain('shown');
  });

  test('is what selectors name of it', async () => {
    const desk = await deskFor(await gatewayWith());
    expect((await planned(desk, 's/aside', ...on('01'))).due).toEqual(['aside']);
  });
});

describe('a budget', () => {
  test('goes to the best first, and says what it leaves out and when that has its turn; nobody starves', async () => {
    const desk = await deskFor(await gatewayWith(), { budget: { usd: 0.3 } });
    const first = await planned(desk, ...on('01'));
    expect(first.due).toHaveLength(3);
    expect(first.document.leftOut).toEqual([
      expect.objectContaining({
        claim: 's/dear',
        turn: 1,
        reason: 'budget: $0.30, its turn comes in 1 run, if nothing else comes up',
      }),
    ]);
    const night = await desk.run('--due', ...on('01'));
    expect([night.code, night.document.leftOut]).toEqual([0, first.document.leftOut]);
    expect((await planned(desk, '--within', '1h', ...on('01'))).due).toEqual(['dear']);
  });

  test('that pays for nothing of it is no quiet night', async () => {
    const desk = await deskFor(await gatewayWith(), { budget: { usd: 0.05 } });
    const night = await desk.run('--due', ...on('01'));
    expect([night.code, night.document.summary['cases']]).toEqual([3, 0]);
    const { document } = await planned(desk, ...on('01'));
    expect(document.leftOut[0]?.reason).toMatch(/^budget: \$0\.10, no run in sight can pay it$/);
    const { stdout } = await desk.assay(['run', '--target', 'production', '--due', ...on('01')]);
    expect(stdout).toMatch(/ {2}budget: \$0\.10, no run in sight can pay it:\n {6}s\//);
  });
});

describe('a trigger', () => {
  test('is another version of the gateway, which is asked for without a key', async () => {
    const desk = await deskFor(await gatewayWith());
    await desk.run('--due', ...on('01'));
    const newer = await gatewayWith('gateway.version=v0.12.0');
    const moved = await moveTo(desk, newer);
    const { due, reasons } = await planned(moved, ...on('01'));
    expect(due).toHaveLength(4);
    expect(reasons).toContain('gateway v0.11.4 → v0.12.0');
    await moved.run('--due', ...on('02'));
    expect((await planned(moved, ...on('02'))).due).toEqual([]);
  });

  test('cannot be told where the gateway does not say its version, and that is said', async () => {
    const desk = await deskFor(await gatewayWith());
    await desk.run('--due', ...on('01'));
    const moved = await aDeskLike(desk, { baseUrl: 'http://127.0.0.1:9' });
    const { due, stderr } = await planned(moved, ...on('01'));
    expect(due).toEqual([]);
    expect(stderr).toContain('what production says of itself cannot be read: /api/status');
  });

  test('is another price, for claims about what was charged', async () => {
    const charged = `${SUITE.split('tables:')[0]}
  - { id: charged, says: it is charged, let: { prompt: shown }, given: [ { image: any } ], expect: [ { charged: aligned } ] }
`;
    const desk = await deskFor(await gatewayWith(), {}, charged);
    await desk.run('--due', ...on('01'));
    const dearer = await aDeskLike(desk, behind(await gatewayWith('price=0.5')), charged);
    const { due, document } = await planned(dearer, ...on('01'));
    expect(due).toEqual(['charged,shown']);
    const [first, second] = document.exchanges[0]?.cases ?? [];
    expect(first?.due[0]?.because).toMatch(/^price of nano-banana-2: .*model_price/);
    expect(first?.due[0]?.kind).toBe('price');
    expect(second?.due).toEqual([]);
  });

  test('is another sentence in the docs', async () => {
    const desk = await deskFor(await gatewayWith());
    await desk.run('--due', ...on('01'));
    const said = SUITE.replace('says: aside works', 'says: aside always works');
    const edited = await aDeskLike(desk, behind(mocks[0] as Mock), said);
    const { due, reasons } = await planned(edited, ...on('01'));
    expect([due, reasons]).toEqual([['aside'], ['the docs say something else']]);
  });

  /** The same desk before another gateway. */
  async function moveTo(desk: Desk, mock: Mock): Promise<Desk> {
    return await aDeskLike(desk, behind(mock));
  }

  async function aDeskLike(desk: Desk, target: object, suite = SUITE): Promise<Desk> {
    const next = await aDesk({ suites: { 's.yaml': suite }, target: liveTarget(target) });
    desks.push(next);
    await rm(next.ledger, { recursive: true, force: true });
    const { cp } = await import('node:fs/promises');
    await cp(desk.ledger, next.ledger, { recursive: true });
    return next;
  }
});

test('a run of what is due that was cut short goes on with that, and with its shard', async () => {
  const mock = await gatewayWith();
  const desk = await deskFor(mock, { budget: { usd: 0.9 } });
  await mock.close();
  const shard = ['--due', '--shard', '1/2', ...on('01')];
  const { due } = await planned(desk, ...shard.slice(1));
  const cut = await desk.run(...shard);
  expect([cut.code, cut.document.end.kind]).toEqual([3, 'outage']);
  const { port, host } = new URL(mock.url);
  mocks.push(await startMock({ world: '2026-03-30', port: Number(port) }));
  expect(host).toContain(port);
  const resumed = await desk.run('--resume');
  expect(resumed.code).toBe(0);
  const named = resumed.document.cases.map(({ claim }) => claim.slice(2));
  expect(named.toSorted()).toEqual(due.flatMap((ids) => ids.split(',')).toSorted());
  expect(named.length).toBeLessThan(5);
});

describe('a shard', () => {
  test('takes its part of the claims and of the budget, and all of them together are the whole', async () => {
    const desk = await deskFor(await gatewayWith(), { budget: { usd: 0.9, requests: 30 } });
    const parts = await Promise.all(
      ['1/2', '2/2'].map((shard) => planned(desk, '--shard', shard, ...on('01'))),
    );
    const all = (await planned(desk, ...on('01'))).due;
    expect(parts.flatMap(({ due }) => due).toSorted()).toEqual(all.toSorted());
    expect(parts.every(({ due }) => due.length > 0)).toBe(true);
    const [, second] = parts;
    expect(second?.stderr).toContain(
      'production: shard 2/2, with $0.45 and 15 requests of the budget',
    );
    expect(second?.document).toMatchObject({ shard: '2/2', budget: { usd: 0.45, requests: 15 } });
    for (const shard of ['2/2', '1/2']) {
      const { document, stderr: told } = await desk.run('--due', '--shard', shard, ...on('01'));
      expect(told).toContain(`shard ${shard}, with $0.45`);
      expect(document.summary['usd']).toBeLessThanOrEqual(0.45);
    }
    expect((await planned(desk, ...on('01'))).due).toEqual([]);
    expect((await remembered(desk.ledger)).evidence).toHaveLength(5);
  });
});

describe('what is asked wrongly', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await aDesk({ suites: { 's.yaml': SUITE }, target: { baseUrl: 'http://127.0.0.1:9' } });
  });
  afterAll(() => desk.close());

  test.each([
    [['plan', '--shard', '4/3'], '--shard takes a part, as in 1/3'],
    [['plan', '--due', '--within', 'soon'], '--within takes a duration, as in 24h'],
    [['plan', '--within', '24h'], '--within is for what is due'],
    [['run', '--resume', '--due'], '--due is as it was when the run began'],
  ])('%j is a problem', async (args, message) => {
    const { code, stderr } = await desk.assay(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
