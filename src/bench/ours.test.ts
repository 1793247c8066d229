import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import type { Task } from './comparisons.ts';
import { type BenchServer, peakMiB, startServer, wallMs } from './process.ts';
import type { Line } from '../ledger/lines.ts';
import { type Bench, oursOf, referenceOf } from './programs.ts';
import type { Peak } from './server.ts';
import { type WrittenSuite, writeBilling, writeClaims, writeSuite } from './written.ts';

const LOAD = { claims: 6, atOnce: 3 };
const SMALL: Task = { kind: 'run', load: LOAD, delayMs: 300 };
const ASSAY = fileURLToPath(new URL('../cli/assay.js', import.meta.url));

let server: BenchServer;
let folder: string;

beforeAll(async () => {
  server = await startServer(300);
  folder = await mkdtemp(join(tmpdir(), 'assay-ours-'));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('both sides send the same load, as many at once as they may, and ours writes evidence of each claim', async () => {
  const bench = prepared(await writeSuite(join(folder, 'suites'), server.url, LOAD));

  await wallMs(referenceOf('bare undici', SMALL, bench));
  expect(await peak()).toBe(LOAD.atOnce);
  await wallMs(oursOf(SMALL, bench, 'small'));
  expect(await peak()).toBe(LOAD.atOnce);

  const evidence = (await lines(join(folder, 'ledgers', 'small'))).filter(
    ({ kind }) => kind === 'evidence',
  );
  expect(evidence).toHaveLength(LOAD.claims);
});

test('the answers are as large as they are to be, and pass with their image', async () => {
  const load = { claims: 1, atOnce: 1, bodyMiB: 1 };
  const bench = prepared(await writeSuite(join(folder, 'large'), server.url, load));

  await wallMs(oursOf({ ...SMALL, load }, bench, 'large'));

  const kept = await lines(join(folder, 'ledgers', 'large'));
  const [body] = kept.flatMap((line) => {
    const outcome = line.kind === 'exchange' ? line.exchange.attempts[0]?.outcome : undefined;
    return outcome?.kind === 'answered' ? [outcome.body] : [];
  });
  expect(body?.bytes).toBeGreaterThan(2 ** 20);
  expect(body?.payloads).toHaveLength(1);
});

test('the suites that are loaded have as many claims as they are to have', async () => {
  const bench = prepared(await writeClaims(join(folder, 'many'), 501));

  await wallMs(referenceOf('yaml alone', { kind: 'load', claims: 501, isWarm: true }, bench));
  const suites = await readdir(bench.written.suites);
  const texts = suites
    .filter((name) => name.startsWith('family-'))
    .map((name) => readFile(join(bench.written.suites, name), 'utf8'));
  const ids = (await Promise.all(texts)).flatMap((text) => text.match(/id: \S+/g) ?? []);
  expect(new Set(ids).size).toBe(501);
  await wallMs(oursOf({ kind: 'load', claims: 501, isWarm: true }, bench, 'none'));
});

test('claims about a charge have it measured, on a gateway that charges', async () => {
  const gateway = await startServer(50, 'gateway');
  const load = { ordinary: 2, billing: 3, atOnce: 2, withinMs: 200 };
  const written = await writeBilling(join(folder, 'billing'), gateway.url, load);
  await wallMs(oursOf({ kind: 'billing', load, delayMs: 50 }, prepared(written), 'billing'));
  await gateway.close();

  const evidence = (await lines(join(folder, 'ledgers', 'billing'))).flatMap((line) =>
    line.kind === 'evidence' ? [line.evidence] : [],
  );
  expect(evidence.map(({ measured, observed }) => [measured, observed.charged])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [true, 'aligned'],
    [true, 'aligned'],
    [true, 'aligned'],
  ]);
});

test('a process that fails is no measurement', async () => {
  const program = { args: ['-e', 'process.exit(3)'], folder };
  await expect(wallMs(program)).rejects.toThrow('exited with 3');
});

test('the memory of a process is its own peak, in MiB, whatever started it', async () => {
  const ballast = Buffer.alloc(2 ** 28, 1);
  const [small, large] = [
    await peakMiB({ args: ['-e', '0'], folder }),
    await peakMiB({ args: ['-e', 'Buffer.alloc(2 ** 27, 1)'], folder }),
  ];

  expect(small).toBeLessThan(ballast.length / 2 ** 20);
  expect(large - small).toBeGreaterThan(100);
  expect(large - small).toBeLessThan(160);
});

function prepared(written: WrittenSuite): Bench {
  return { assay: ASSAY, folder, written, url: server.url };
}

async function peak(): Promise<number> {
  return ((await (await fetch(`${server.url}/peak`)).json()) as Peak).inFlight;
}

async function lines(ledgers: string): Promise<readonly Line[]> {
  const files = await readdir(ledgers, { recursive: true });
  const texts = await Promise.all(
    files
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFile(join(ledgers, name), 'utf8')),
  );
  return texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line),
  );
}
