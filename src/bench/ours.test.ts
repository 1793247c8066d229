import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Comparison, COMPARISONS, oursOf, referenceOf } from './comparisons.ts';
import { type BenchServer, peakMiB, startServer, wallMs } from './process.ts';
import type { Peak } from './server.ts';
import { writeSuite } from './written.ts';

const LOAD = { claims: 6, atOnce: 3 };
const SMALL: Comparison = {
  id: 'P7',
  what: 'a small load',
  unit: 'ms',
  must: 1,
  reach: 1,
  rounds: 1,
  reference: 'bare undici',
  load: LOAD,
  delayMs: 300,
};

let server: BenchServer;
let folder: string;

beforeAll(async () => {
  server = await startServer(SMALL.delayMs);
  folder = await mkdtemp(join(tmpdir(), 'assay-ours-'));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('both sides send the same load, as many at once as they may, and ours writes evidence of each claim', async () => {
  const written = await writeSuite(join(folder, 'suites'), server.url, LOAD);
  const bench = { url: server.url, written, ledgers: join(folder, 'ledgers') };

  await wallMs(referenceOf(SMALL, bench));
  expect(await peak()).toBe(LOAD.atOnce);
  await wallMs(oursOf(SMALL, bench, 1));
  expect(await peak()).toBe(LOAD.atOnce);

  const evidence = (await lines(bench.ledgers)).filter(({ kind }) => kind === 'evidence');
  expect(evidence).toHaveLength(LOAD.claims);
});

test('a process that fails is no measurement', async () => {
  await expect(wallMs(['-e', 'process.exit(3)'])).rejects.toThrow('exited with 3');
});

test('the memory of a process is its peak, in MiB', async () => {
  const [small, large] = [
    await peakMiB(['-e', '0']),
    await peakMiB(['-e', 'Buffer.alloc(2 ** 27, 1)']),
  ];

  expect(large - small).toBeGreaterThan(100);
  expect(large - small).toBeLessThan(160);
});

test('each comparison has an id of its own', () => {
  const ids = COMPARISONS.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
});

async function peak(): Promise<number> {
  return ((await (await fetch(`${server.url}/peak`)).json()) as Peak).inFlight;
}

async function lines(ledgers: string): Promise<readonly { readonly kind: string }[]> {
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
      .map((line) => JSON.parse(line) as { readonly kind: string }),
  );
}
