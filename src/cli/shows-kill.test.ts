import { cp, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
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
/** A run that was killed behind each of its writes, in their order. */
const killed: Scene[] = [];

beforeAll(async () => {
  stand = await aStand();
  const scene = await stand.scene('whole', LANE);
  await scene.run();
  whole = await outcome(scene);
  for (let write = 1; write <= WRITES; write += 1) {
    const one = await stand.scene(`killed.${write}`, LANE);
    expect((await one.run([], `${write}:1:0`)).code, `write ${write}`).toBeNull();
    killed.push(one);
  }
}, 300_000);

afterAll(async () => {
  await stand.close();
  await closeAll();
});

describe('a run that is killed', () => {
  test.each(CUTS)(
    'at any of its writes, %s of it and %i bytes, comes to the same once it is resumed',
    { timeout: 300_000 },
    async (base, offset) => {
      for (const [at, one] of killed.entries()) {
        const scene = await stand.scene(`${base}.${offset}.${at + 1}`, LANE);
        await takeOver(one, scene, base, offset);
        await resume(scene, one.asked(), `${at + 1}:${base}:${offset}`);
      }
    },
  );

  test('in three lanes comes to the same once it is resumed', { timeout: 300_000 }, async () => {
    for (let write = 1; write <= 6; write += 1) {
      const scene = await stand.scene(`lanes.${write}`, { concurrency: 3 });
      const killAt = `${write}:0.75:0`;
      expect((await scene.run([], killAt)).code, killAt).toBeNull();
      await resume(scene, [], killAt);
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

/** Puts into a scene what the process that was killed behind a write would have left if that had come within the write. */
async function takeOver(from: Scene, into: Scene, base: string, offset: number): Promise<void> {
  await cp(from.ledger, into.ledger, { recursive: true });
  const [before, length, first] = await from.noted();
  const start = base === 'first' ? first : Math.floor(Number(base) * length);
  const names = await readdir(into.ledger, { recursive: true });
  const [file = '', ...more] = names.filter((name) => name.endsWith('.jsonl'));
  expect(more).toEqual([]);
  const path = join(into.ledger, file);
  expect((await stat(path)).size).toBe(before + length);
  await truncate(path, before + Math.min(start + offset, length));
}

/** Resumes a run that asked this before it was killed, and holds what came of both against one that nothing interrupted. */
async function resume(scene: Scene, asked: readonly string[], killAt: string): Promise<void> {
  const { runs, exchanges } = await ledgerOf(scene);
  const before = [...asked, ...scene.asked()];
  const lost = without(before, exchanges.map(askedIn));

  const resumed = await scene.runHere(['--resume']);
  const isCut = runs.some(isCutShort);
  expect(resumed.code, killAt).toBe(isCut ? 1 : 2);
  // Killed within its first line it had sent nothing, and there is nothing to go on with; after its last one, neither.
  if (!isCut && runs.length === 0) {
    expect(before, killAt).toEqual([]);
    await scene.runHere();
  }

  const { asked: askedHere, ...found } = await outcome(scene);
  const all = [...asked, ...askedHere].toSorted();
  expect({ ...found, asked: all }, killAt).toEqual({
    ...whole,
    asked: [...whole.asked, ...lost].toSorted(),
  });
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
