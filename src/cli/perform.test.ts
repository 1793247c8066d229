import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedgerFile, readLedgerFiles, recorder } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { aRun } from '../domain/run.fixture.ts';
import type { RunEvent } from '../engine/events.ts';
import { exitCodeOf } from './exit.ts';
import { standardOutput } from './output.ts';
import { closeLedger, withEarlier } from './perform.ts';

const ID = 'r20260330-0001-7f3a';
const SENT = aRun({ id: ID });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-perform-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A run that is through, and about to close its ledger. */
async function through(path: string) {
  const file = await openLedgerFile(path, ID);
  const kept = recorder(file, sha256);
  const { id, startedAt, target } = SENT;
  await kept.start({ id, startedAt, tool: '0.1.0', target, selected: [] });
  const told: RunEvent[] = [];
  return { file, told, close: () => closeLedger(SENT, kept, file, (event) => told.push(event)) };
}

describe('closing the ledger', () => {
  test('of a run that is through ends its file, and changes nothing about the run', async () => {
    const { told, close } = await through(folder);
    expect(await close()).toBe(SENT);
    expect(told).toEqual([]);
    const [file] = await readLedgerFiles(folder);
    expect(file?.text.trimEnd().split('\n').at(-1)).toContain('"kind":"end"');
  });

  test('that is gone leaves the run all that it found, says why, and is exit code 3', async () => {
    const { file, told, close } = await through(folder);
    await rm(file.path);
    const { end, cases } = await close();
    expect(end).toEqual({
      kind: 'ledger-failed',
      detail: expect.stringContaining('was removed') as string,
    });
    expect(told).toEqual([end]);
    expect(cases).toBe(SENT.cases);
    expect(exitCodeOf({ ...SENT, end }, 1)).toBe(3);
  });
});

test('earlier evidence that cannot be read any more leaves the run all that it found', async () => {
  const occupied = join(folder, 'occupied');
  await writeFile(occupied, 'mine');
  const { sent, evidence } = await withEarlier(
    { sent: SENT, evidence: [] },
    occupied,
    standardOutput(),
  );
  expect(sent).toEqual({
    ...SENT,
    end: { kind: 'ledger-failed', detail: expect.stringContaining(occupied) as string },
  });
  expect(evidence).toEqual([]);
});
