import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { existsSync } from 'node:fs';
import { DESK_ENV, type Desk, aDesk } from './desk.fixture.ts';
import { aServer } from './pages.fixture.ts';
import { type OnTerminal, hasTerminal, onTerminal } from './terminal.fixture.ts';

/** Two requests of $0.50 each, which with every retry and a second trial come to $6.00 at worst; and one that costs little. */
const SUITE = `
suite: paid
rehearse: 2026-03-30
documented: { as: open }
let: { path: dear }
cost: { usd: 0.5 }
requests: { get: { method: GET, path: "/\${path}" } }
claims:
  - { id: dear, says: It costs, vary: { path: [dear, dearer] }, expect: [ { json: { at: $.ok, equals: true } } ] }
  - { id: cheap, says: It costs little, let: { path: cheap }, cost: { usd: 0.01 }, expect: [ { json: { at: $.ok, equals: true } } ] }
`;

let server: Awaited<ReturnType<typeof aServer>>;
let asked = 0;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await aServer();
});
afterAll(() => server.close());
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  asked = server.met.length;
});

async function desk(target: object = {}): Promise<Desk> {
  const one = await aDesk({
    suites: { 'paid.yaml': SUITE },
    target: { ...server.target, ...target },
  });
  closing.push(one.close);
  return one;
}

/** How many requests the gateway has met since the test began. */
const sent = () => server.met.slice(asked).filter(({ url }) => url !== '/api/status').length;

describe('where nobody can be asked', () => {
  test('a run says how much before it starts, and goes on above the stated sum', async () => {
    const one = await desk({ budget: { usd: 8 } });
    const { code, stderr } = await one.assay(['run', '--target', 'production']);
    expect([code, sent()]).toEqual([0, 3]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'production: at most $6.06 of $8.00, 18 requests',
      '$6.06 is more than $1.00, and nobody is there to be asked: it begins (--yes says so beforehand)',
    ]);
  });

  test.each([
    ['--yes was given', ['--yes'], {}],
    ['it is less than the target lets pass', ['paid/cheap'], {}],
    ['the target lets more pass', [], { confirmAboveUsd: 7 }],
  ])('nothing is said of asking where %s', async (_, args, target) => {
    const one = await desk(target);
    const { code, stderr } = await one.assay(['run', '--target', 'production', ...args]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^production: at most \$\d+\.\d\d, \d+ requests$/m);
    expect(stderr).not.toContain('more than');
  });

  test('a rehearsal costs nothing, and says nothing of it', async () => {
    const one = await desk();
    const { stderr } = await one.assay(['run']);
    expect(stderr).not.toMatch(/more than|mock: at most/);
  });

  test('two sides cost what both do together', async () => {
    const one = await desk({ confirmAboveUsd: 0.1 });
    const both = ['run', '--compare', 'production', 'local', 'paid/cheap'];
    const { stderr } = await one.assay(both);
    expect(stderr).toContain('$0.12 is more than $0.10, and nobody is there');
  });
});

describe.skipIf(!hasTerminal)('on a terminal', () => {
  const starts = async (
    target: object,
    ...args: readonly string[]
  ): Promise<[Desk, OnTerminal]> => {
    const one = await desk(target);
    const all = ['run', '--target', 'production', ...one.optionsOf('run'), ...args];
    return [one, onTerminal(all, { cwd: one.folder, env: DESK_ENV })];
  };

  test.each([
    ['Enter alone', '\r'],
    ['no', 'n\r'],
    ['anything else', 'yesterday\r'],
    ['Ctrl-C', '\u0003'],
    ['the end of the input', '\u0004'],
  ])('%s is no: nothing is sent, no ledger is made, exit 130', async (_, keys) => {
    const [one, terminal] = await starts({});
    await terminal.until('$6.06 is more than $1.00. Begin? [y/N] ');
    terminal.type(keys);
    const { code } = await terminal.ended;
    expect([code, sent(), existsSync(one.ledger)]).toEqual([130, 0, false]);
    expect(terminal.shown()).toContain('not begun: nothing was sent');
  });

  test('yes begins', async () => {
    const [, terminal] = await starts({});
    await terminal.until('[y/N] ');
    terminal.type('y\r');
    expect([(await terminal.ended).code, sent()]).toEqual([0, 3]);
  });

  test('nobody is asked below the stated sum, with --yes, or where CI says that nobody is there', async () => {
    for (const [target, ...args] of [
      [{ confirmAboveUsd: 6.06 }],
      [{}, '--yes'],
      [{}, 'paid/cheap'],
    ] as const) {
      const [, terminal] = await starts(target, ...args);
      expect((await terminal.ended).code).toBe(0);
      expect(terminal.shown()).not.toContain('[y/N]');
    }
  });

  test('a target that wants to be asked always is, whatever it costs', async () => {
    const [, terminal] = await starts({ confirmAboveUsd: 0 }, 'paid/cheap');
    await terminal.until('at most $0.06. Begin? [y/N] ');
    terminal.type('\r');
    expect((await terminal.ended).code).toBe(130);
  });
});
