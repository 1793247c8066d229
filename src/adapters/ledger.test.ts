import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import { readLedger } from '../ledger/read.ts';
import { holdFile } from './hold.ts';
import {
  listLedger,
  nextRunId,
  openLedgerFile,
  readLedgerFiles,
  recorder,
  reopenLedgerFile,
} from './ledger.ts';
import { LedgerUnusable } from './ledgerFile.ts';
import { sha256 } from './sha256.ts';

const temporary = mkdtempSync(join(tmpdir(), 'assay-ledger-'));
afterAll(() => rm(temporary, { recursive: true }));
let folders = 0;
const newFolder = () => join(temporary, `${folders++}`);

const RUN = 'r20260330-0001-7f3a';
const target = { name: 'local', grade: 'live', host: '127.0.0.1' } as const;
const at = '2026-03-30T12:00:00.000Z';
const start = { id: RUN, startedAt: at, tool: '0.1.0', target, selected: [] };
const evidence = (n: number): Evidence => ({
  id: `${RUN}.${n}`,
  run: RUN,
  at,
  claim: 'a/b',
  case: '',
  digest: 'd',
  trial: 1,
  target,
  attempts: 1,
  verdict: { kind: 'pass' },
  observed: {},
  usd: 0,
  tool: '0.1.0',
});

async function readAll(folder: string) {
  return readLedger(await readLedgerFiles(folder), sha256);
}

describe('the file of a run', () => {
  test.runIf(existsSync('/proc/self'))(
    'cannot be made below a folder that takes none, and that is told at once',
    async () => {
      await expect(openLedgerFile('/proc/nothing/here', RUN)).rejects.toThrow(LedgerUnusable);
    },
  );

  test('lies in the folder of its month, and holds each line once its append resolved', async () => {
    const folder = newFolder();
    const file = await openLedgerFile(folder, RUN);
    expect(file.path).toBe(join(folder, '2026-03', `${RUN}.jsonl`));
    await file.append('one');
    expect(readFileSync(file.path, 'utf8')).toBe('one\n');
    await Promise.all([file.append('two'), file.append('drei: ß'), file.append('four')]);
    expect(readFileSync(file.path, 'utf8')).toBe('one\ntwo\ndrei: ß\nfour\n');
    await file.close();
  });

  test('is written to the end by close, and takes nothing after it', async () => {
    const file = await openLedgerFile(newFolder(), RUN);
    const pending = file.append('one');
    await file.close();
    await pending;
    expect(readFileSync(file.path, 'utf8')).toBe('one\n');
    await expect(file.append('two')).rejects.toThrow('it is closed');
  });

  test('is never opened twice, and never in a folder that is none', async () => {
    const folder = newFolder();
    const file = await openLedgerFile(folder, RUN);
    await expect(openLedgerFile(folder, RUN)).rejects.toThrow(/EEXIST/);
    await expect(openLedgerFile(file.path, RUN)).rejects.toMatchObject({
      name: 'LedgerUnusable',
      path: join(file.path, '2026-03', `${RUN}.jsonl`),
    });
    await expect(openLedgerFile(folder, '../../etc/passwd')).rejects.toThrow('is no id of a run');
    await file.close();
  });

  test('that is removed while the run goes on makes every append fail, and names the path', async () => {
    const folder = newFolder();
    const file = await openLedgerFile(folder, RUN);
    await file.append('one');
    await rm(folder, { recursive: true });
    const failure = await file.append('two').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LedgerUnusable);
    expect((failure as Error).message).toBe(
      `the ledger cannot be used: ${file.path}: it was removed`,
    );
    await mkdir(folder);
    await expect(file.append('three')).rejects.toBe(failure);
    await expect(file.close()).rejects.toBe(failure);
  });

  test.each<readonly [string, (path: string) => Promise<void>, string]>([
    ['moved away', (path) => rename(path, `${path}.old`), 'it was moved away'],
    [
      'moved away, and another stands in its place',
      async (path) => {
        await rename(path, `${path}.old`);
        await writeFile(path, 'one\n');
      },
      'it was moved away',
    ],
    ['cut', (path) => truncate(path, 1), 'it has 5 bytes instead of 8: another process changed it'],
    [
      'written to by somebody else',
      (path) => appendFile(path, 'x'),
      'it has 9 bytes instead of 8: another process changed it',
    ],
  ])('that is %s while the run goes on makes the next append fail', async (_, change, why) => {
    const file = await openLedgerFile(newFolder(), RUN);
    await file.append('one');
    await change(file.path);
    await expect(file.append('two')).rejects.toThrow(
      `the ledger cannot be used: ${file.path}: ${why}`,
    );
    await expect(file.close()).rejects.toThrow(why);
  });
});

describe('a recorder', () => {
  test('chains what it is given in the order of the calls, and cuts long bodies', async () => {
    const folder = newFolder();
    const file = await openLedgerFile(folder, RUN);
    const record = recorder(file, sha256);
    const body = { text: 'x'.repeat(70_000), bytes: 70_000, payloads: [], cut: false };
    const exchange: Exchange = {
      id: 'x1',
      sent: { method: 'GET', url: 'http://127.0.0.1/', headers: {} },
      attempts: [{ at, ms: 1, outcome: { kind: 'answered', status: 200, headers: {}, body } }],
      fetched: {},
    };
    const summary = {
      cases: 2,
      exchanges: 1,
      pass: 2,
      fail: 0,
      inconclusive: 0,
      leftOut: 0,
      contradictions: 0,
      requests: 1,
      fetches: 0,
      reads: 0,
      usd: 0,
      measuredUsd: 0,
    };
    await Promise.all([
      record.start(start),
      record.exchange(exchange),
      record.evidence(evidence(1)),
      record.evidence(evidence(2)),
      record.end({ endedAt: at, reason: { kind: 'complete' }, summary }),
    ]);
    await file.close();
    const ledger = await readAll(folder);
    expect(ledger.problems).toEqual([]);
    expect(ledger.runs).toMatchObject([
      { file: file.path, start, close: { reason: { kind: 'complete' }, summary } },
    ]);
    expect(ledger.evidence).toEqual([evidence(1), evidence(2)]);
    const outcome = ledger.exchanges[0]?.attempts[0]?.outcome;
    expect(outcome).toMatchObject({ body: { cut: true, bytes: 70_000, text: 'x'.repeat(65_536) } });
  });

  test('goes on with a file that a crash cut', async () => {
    const folder = newFolder();
    const file = await openLedgerFile(folder, RUN);
    const record = recorder(file, sha256);
    await Promise.all([record.start(start), record.evidence(evidence(1))]);
    await file.close();
    await appendFile(file.path, '{"kind":"evidence","prev":"é');
    const [run] = (await readAll(folder)).runs;
    if (run === undefined) throw new Error('the run is lost');
    const hold = await holdFile(run.file);
    if (hold === undefined) throw new Error('the file is held');
    const again = reopenLedgerFile(run.file, run.tail, hold);
    await recorder(again, sha256, run.tail.prev).evidence(evidence(2));
    await again.close();
    const ledger = await readAll(folder);
    expect(ledger.problems).toEqual([]);
    expect(ledger.evidence).toEqual([evidence(1), evidence(2)]);
    await rm(folder, { recursive: true });
    expect(() => reopenLedgerFile(run.file, run.tail, hold)).toThrow(LedgerUnusable);
  });
});

describe('an id', () => {
  const day = Date.UTC(2026, 2, 30, 23, 59);

  test('has the day of the clock, the next number and some chance', async () => {
    const folder = newFolder();
    expect(await nextRunId(folder, day, () => 0x7f3a / 0x1_0000)).toBe(RUN);
    expect(await nextRunId(folder, day, () => 0)).toBe('r20260330-0001-0000');
    expect(await nextRunId(folder, day, () => 0.999_999_9)).toBe('r20260330-0001-ffff');
    await (await openLedgerFile(folder, 'r20251231-0041-00ff')).close();
    await (await openLedgerFile(folder, RUN)).close();
    await writeFile(join(folder, 'r20260330-9999-xxxx.txt'), 'no run');
    expect(await nextRunId(folder, day, () => 0)).toBe('r20260330-0042-0000');
  });

  test('sorts behind all ids before it', async () => {
    const folder = newFolder();
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) {
      const id = await nextRunId(folder, day, () => (12 - n) / 13);
      await (await openLedgerFile(folder, id)).close();
      ids.push(id);
    }
    expect(ids.toSorted()).toEqual(ids);
    expect((await listLedger(folder)).map((path) => path.slice(-25, -6))).toEqual(ids);
  });

  test('is the first where there is no ledger yet, and none where the ledger is a file', async () => {
    expect(await listLedger(join(temporary, 'nowhere'))).toEqual([]);
    const file = join(temporary, 'file');
    await writeFile(file, '');
    await expect(nextRunId(file, day, () => 0)).rejects.toThrow(LedgerUnusable);
  });
});

/** A process that appends evidence until it cannot, and prints the number of each piece that was acknowledged. */
const APPENDING = `
const { openLedgerFile, recorder } = await import(${JSON.stringify(new URL('ledger.ts', import.meta.url).href)});
const { sha256 } = await import(${JSON.stringify(new URL('sha256.ts', import.meta.url).href)});
const [folder, json] = process.argv.slice(1);
const file = await openLedgerFile(folder, ${JSON.stringify(RUN)});
const record = recorder(file, sha256);
const { writeSync } = await import('node:fs');
try {
  for (let n = 1; ; n++) {
    await record.evidence({ ...JSON.parse(json), id: ${JSON.stringify(RUN)} + '.' + n });
    writeSync(1, n + '\\n');
  }
} catch (error) {
  writeSync(1, error.name + ' ' + error.path + ' ' + error.cause.code + '\\n');
}
`;

describe('a process', () => {
  test('that is killed while it appends leaves a ledger with everything that it had acknowledged', async () => {
    const folder = newFolder();
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', APPENDING, folder, JSON.stringify(evidence(0))],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const ended = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
    let acknowledged = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === 500) child.kill('SIGKILL');
    }
    expect(await ended).toBe('SIGKILL');
    const ledger = await readAll(folder);
    expect(ledger.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(acknowledged).toBeGreaterThanOrEqual(500);
    expect(ledger.evidence.length).toBeGreaterThanOrEqual(acknowledged);
    expect(ledger.evidence.map(({ id }) => id)).toEqual(
      ledger.evidence.map((_, index) => `${RUN}.${index + 1}`),
    );
  });

  test.skipIf(!existsSync('/bin/sh'))(
    'that meets the end of its disk says so, and what it had acknowledged is there',
    async () => {
      const folder = newFolder();
      const limited = spawn(
        '/bin/sh',
        [
          '-c',
          'ulimit -f 16; exec "$@"',
          'sh',
          process.execPath,
          '--input-type=module',
          '-e',
          APPENDING,
          folder,
          JSON.stringify(evidence(0)),
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const lines: string[] = [];
      for await (const line of createInterface(limited.stdout)) lines.push(line);
      const [file] = await readLedgerFiles(folder);
      expect(lines.pop()).toBe(`LedgerUnusable ${file?.name} EFBIG`);
      expect(lines.length).toBeGreaterThan(0);
      const ledger = await readAll(folder);
      expect(ledger.evidence).toHaveLength(lines.length);
      expect(file && readLedger([file], sha256).problems.map(({ severity }) => severity)).toEqual([
        'warning',
      ]);
    },
  );
});
