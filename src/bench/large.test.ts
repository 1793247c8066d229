import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BenchServer, peakMiB, startServer } from './process.ts';
import { oursOf } from './programs.ts';
import { type Load, writeSuite } from './written.ts';

const ASSAY = fileURLToPath(new URL('../cli/assay.js', import.meta.url));

let server: BenchServer;
let folder: string;

beforeAll(async () => {
  server = await startServer(0);
  folder = await mkdtemp(join(tmpdir(), 'assay-large-'));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** The peak of a whole run that receives such answers, and passes. */
async function peakOf(name: string, load: Load): Promise<number> {
  const written = await writeSuite(join(folder, name), server.url, load);
  const bench = { assay: ASSAY, folder, written, url: server.url };
  return await peakMiB(oursOf({ kind: 'run', load, delayMs: 0 }, bench, name));
}

test.each([
  { claims: 1, atOnce: 1 },
  { claims: 16, atOnce: 16 },
])('$claims answers of 30 MiB take less than twice their length of memory', async (load) => {
  const small = await peakOf('small', { claims: 1, atOnce: 1 });
  const large = await peakOf(`large-${load.claims}`, { ...load, bodyMiB: 30 });
  expect(large - small).toBeLessThan(load.claims * 30 * 2);
});
