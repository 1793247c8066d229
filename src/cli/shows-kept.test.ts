import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLedgerFiles } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { type Ledger, isCutShort, readLedger } from '../ledger/read.ts';
import { type Mock, startMock } from '../mock/server.ts';
import { ASSAY, program, type Said } from './cli.fixture.ts';
import {
  ACCESS_TOKEN_NAME,
  DESK_ENV,
  type Desk,
  aDesk,
  behind,
  type RunDocument,
  verdicts,
} from './desk.fixture.ts';

const PRELOAD = join(import.meta.dirname, 'kill.fixture.ts');

/** What an image is said to cost at most, and what it costs on the mock, in US dollars. */
const DECLARED = 0.5;
const MEASURED = 0.04;

/** One image that is charged, which two claims share, and one that nobody measures. */
const SUITE = `
suite: s
cost: { usd: ${DECLARED} }
let: { what: lamp }
requests: { draw: { path: "/v1beta/models/nano-banana-2:generateContent", json: { contents: [ { parts: [ { text: "A \${what}" } ] } ], generationConfig: { responseModalities: [IMAGE] } } } }
claims:
  - { id: ordinary, says: It is drawn, let: { what: door }, expect: [ { image: any } ] }
  - { id: drawn, says: It is drawn, expect: [ { image: any } ] }
  - { id: drawn.charged, says: It is charged, given: [ { image: any } ], expect: [ { charged: aligned } ] }
`;

/** A desk before a mock of its own. */
interface Scene {
  readonly mock: Mock;
  readonly desk: Desk;
  /** Runs all claims; with `killAt`, up to that point (see kill.fixture.ts). */
  readonly run: (more?: readonly string[], killAt?: string) => Promise<Said>;
  readonly close: () => Promise<void>;
}

async function aScene(): Promise<Scene> {
  const mock = await startMock({ world: '2026-04-14' });
  const usage = {
    source: 'management',
    key: `env:${ACCESS_TOKEN_NAME}`,
    user: 1,
    within: '150ms',
    batch: '50ms',
  };
  const desk = await aDesk({
    suites: { 's.yaml': SUITE },
    target: { ...behind(mock), usage, concurrency: 1 },
  });
  const run = (more: readonly string[] = [], killAt?: string) =>
    program(
      process.execPath,
      [
        ...(killAt === undefined ? [] : ['--import', PRELOAD]),
        ASSAY,
        'run',
        '--target',
        'production',
        '--format',
        'json',
        ...desk.optionsOf('run'),
        ...more,
      ],
      {
        cwd: desk.folder,
        env: { ...DESK_ENV, ...(killAt !== undefined && { ASSAY_KILL_AT: killAt }) },
      },
    );
  const close = async () => {
    await desk.close();
    await mock.close();
  };
  return { mock, desk, run, close };
}

/** The whole ledger: at most its last line is cut. */
async function ledgerOf({ desk }: Scene): Promise<Ledger> {
  const read = readLedger(await readLedgerFiles(desk.ledger), sha256);
  expect(read.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return read;
}

describe('a run whose charges are measured, and that is killed', () => {
  test.concurrent.each([
    { left: 'half of the exchange', killAt: '3:0.5:0', unknown: 1, unsettled: 0 },
    { left: 'the exchange, while it settles', killAt: '3:1:0', unknown: 0, unsettled: 1 },
    { left: 'nearly all of its charge', killAt: '4:first:-1', unknown: 0, unsettled: 1 },
    { left: 'its charge', killAt: '4:first:0', unknown: 0, unsettled: 0 },
    { left: 'nearly all of the evidence', killAt: '4:1:-1', unknown: 0, unsettled: 0 },
    { left: 'all but its end', killAt: '4:1:0', unknown: 0, unsettled: 0 },
  ])(
    'with $left in its ledger asks anew only what it must, and knows what it spent',
    async (one) => {
      const { unknown, unsettled } = one;
      const scene = await aScene();
      expect((await scene.run([], one.killAt)).code).toBeNull();
      const cut = await ledgerOf(scene);
      expect(cut.runs.every(isCutShort)).toBe(true);
      expect(scene.mock.counts().generations - cut.exchanges.length).toBe(unknown);
      expect(cut.exchanges.slice(1).filter(({ usage }) => usage === undefined)).toHaveLength(
        unsettled,
      );

      const resumed = await scene.run(['--resume']);
      const document = JSON.parse(resumed.stdout) as RunDocument;
      expect(verdicts(document)).toEqual([
        's/drawn  pass',
        's/drawn.charged  pass',
        's/ordinary  pass',
      ]);
      expect(resumed.code).toBe(0);
      expect(scene.mock.counts().generations).toBe(2 + unknown + unsettled);
      const usd = DECLARED * (1 + unsettled) + MEASURED;
      const figures = { requests: 2 + unsettled, usd, measuredUsd: MEASURED };
      expect(document.summary).toMatchObject(figures);

      const { runs, evidence, exchanges } = await ledgerOf(scene);
      expect(evidence.map(({ claim }) => claim).toSorted()).toEqual([
        's/drawn',
        's/drawn.charged',
        's/ordinary',
      ]);
      expect(evidence.map(({ usd: paid }) => paid)).toEqual([DECLARED, MEASURED, 0]);
      expect(exchanges.at(-1)).toMatchObject({
        usage: { kind: 'measured', isSettled: true },
        answers: { usd: MEASURED },
      });
      expect(runs[0]?.close?.summary).toMatchObject(figures);
      await scene.close();
    },
  );

  test('only where it writes: it writes no more often than the points above reach, and its end', async () => {
    const scene = await aScene();
    expect((await scene.run([], '6:1:0')).code).toBe(0);
    // What stands in two lines is judged again as one exchange.
    const judged = await scene.desk.assay(['judge']);
    expect(judged.stderr).toContain('3 stored exchanges judged again · 0 verdicts changed');
    expect(judged.code).toBe(0);
    await scene.close();
  });
});
