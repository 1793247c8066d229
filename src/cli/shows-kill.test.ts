import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLedgerFiles } from '../adapters/ledger.ts';
import { closeAll } from '../adapters/loopback.fixture.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { Summary } from '../domain/run.ts';
import { type Ledger, isCutShort, readLedger } from '../ledger/read.ts';
import { timeless, type Scene, type Stand, aStand } from './counted.fixture.ts';

/** How often a run of the stand's suite in one lane writes to its ledger: its first line, each trial, its end. */
const WRITES = 19;

/** Where a write is cut: whole, not begun, a byte from its ends, around the end of its first line, and between. */
const CUTS = [
  ['1', 0],
  ['0', 0],
  ['0', 1],
  ['1', -1],
  ['first', -1],
  ['first', 0],
  ['first', 1],
  ['0.25', 0],
  ['0.5', 0],
  ['0.75', 0],
  ['0.9', 0],
] as const;

/** What a run that nothing interrupts comes to. */
interface Whole {
  readonly known: readonly string[];
  readonly asked: readonly string[];
  /** Of each run: there is one. */
  readonly summaries: readonly (Summary | undefined)[];
}

const LANE = { concurrency: 1 };

let stand: Stand;
let whole: Whole;

beforeAll(async () => {
  stand = await aStand();
  const scene = await stand.scene('whole', LANE);
  await scene.run();
  whole = await outcome(scene);
});

afterAll(async () => {
  await stand.close();
  await closeAll();
});

describe('a run that is killed', () => {
  test.concurrent.each(CUTS)(
    'at any of its writes, %s of it and %i bytes, comes to the same once it is resumed',
    { timeout: 300_000 },
    async (base, offset) => {
      for (let write = 1; write <= WRITES; write += 1) {
        const scene = await stand.scene(`${base}.${offset}.${write}`, LANE);
        await killAndResume(scene, `${write}:${base}:${offset}`);
      }
    },
  );

  test('in three lanes comes to the same once it is resumed', { timeout: 300_000 }, async () => {
    for (let write = 1; write <= 6; write += 1) {
      const scene = await stand.scene(`lanes.${write}`, { concurrency: 3 });
      await killAndResume(scene, `${write}:0.75:0`);
    }
  });

  test('and killed again while it is resumed, loses nothing either', async () => {
    const scene = await stand.scene('again', LANE);
    expect((await scene.run([], '5:first:0')).code).toBeNull();
    expect((await scene.run(['--resume'], '4:0.5:0')).code).toBeNull();
    expect((await scene.run(['--resume'], '2:1:0')).code).toBeNull();
    await scene.run(['--resume']);

    const { known, summaries } = await outcome(scene);
    expect({ known, summaries }).toEqual({ known: whole.known, summaries: whole.summaries });
  });

  test('only where it writes: it writes no more often than the points above reach', async () => {
    const scene = await stand.scene('beyond', LANE);
    expect((await scene.run([], `${WRITES + 1}:1:0`)).code).toBe(1);
  });
});

/** Kills a run at a point, resumes it, and holds what came of both against a run that nothing interrupted. */
async function killAndResume(scene: Scene, killAt: string): Promise<void> {
  expect((await scene.run([], killAt)).code, killAt).toBeNull();
  const { runs, exchanges } = await ledgerOf(scene);
  const lost = without(scene.asked(), exchanges.map(askedIn));

  const resumed = await scene.run(['--resume']);
  const isCut = runs.some(isCutShort);
  expect(resumed.code, killAt).toBe(isCut ? 1 : 2);
  // Killed within its first line it had sent nothing, and there is nothing to go on with; after its last one, neither.
  if (!isCut && runs.length === 0) {
    expect(scene.asked(), killAt).toEqual([]);
    await scene.run();
  }

  const found = await outcome(scene);
  expect(found, killAt).toEqual({ ...whole, asked: [...whole.asked, ...lost].toSorted() });
}

async function outcome(scene: Scene): Promise<Whole> {
  const { evidence, runs } = await ledgerOf(scene);
  const summaries = runs.map(({ close }) => close?.summary);
  return { known: timeless(evidence), asked: scene.asked().toSorted(), summaries };
}

/** The whole ledger, which `ledger verify` takes: at most its last line is cut. */
async function ledgerOf({ ledger }: Scene): Promise<Ledger> {
  const read = readLedger(await readLedgerFiles(ledger), sha256);
  expect(read.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return read;
}

function askedIn({ sent }: Exchange): string {
  return (JSON.parse(sent.body ?? '') as { readonly ask: string }).ask;
}

/** One list less another, each as often as it stands there. */
function without(all: readonly string[], taken: readonly string[]): readonly string[] {
  const rest = [...all];
  for (const one of taken) {
    const at = rest.indexOf(one);
    expect(at).toBeGreaterThanOrEqual(0);
    rest.splice(at, 1);
  }
  return rest;
}
