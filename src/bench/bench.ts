import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, COMPARISONS, type Comparison, oursOf, referenceOf } from './comparisons.ts';
import { peakMiB, startServer, wallMs } from './process.ts';
import type { Round } from './ratio.ts';
import { benchReport, isKept, type Measured, measuredLine } from './report.ts';
import type { Peak } from './server.ts';
import { writeSuite } from './written.ts';

const REPORT = 'reports/bench.md';

/** Measures one comparison, in a folder of its own that is gone afterwards. */
async function measure(comparison: Comparison): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  const server = await startServer(comparison.delayMs);
  try {
    const load = comparison.load ?? { claims: 1, atOnce: 1 };
    const written = await writeSuite(join(folder, 'suites'), server.url, load);
    return await interleaved(comparison, {
      url: server.url,
      written,
      ledgers: join(folder, 'ledgers'),
    });
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** Reference, ours, reference, ours …; the first of each only warms the caches up. */
async function interleaved(comparison: Comparison, bench: Bench): Promise<Measured> {
  const take = comparison.unit === 'ms' ? wallMs : peakMiB;
  const rounds: Round[] = [];
  let inFlight = 0;
  for (let round = 0; round <= comparison.rounds; round++) {
    const bare = await take(referenceOf(comparison, bench));
    await lookAtPeak(bench.url);
    const ours = await take(oursOf(comparison, bench, round));
    inFlight = Math.max(inFlight, await lookAtPeak(bench.url));
    if (round > 0) rounds.push({ bare, ours });
  }
  return { comparison, rounds, ...(comparison.delayMs > 0 && { inFlight }) };
}

/** The most requests that the server has had in flight since the last look. */
async function lookAtPeak(url: string): Promise<number> {
  const answer = await fetch(`${url}/peak`);
  return ((await answer.json()) as Peak).inFlight;
}

/** `npm run bench -- P3 P4` measures those alone, and leaves the report as it is. */
const asked = process.argv.slice(2);
const all: Measured[] = [];
for (const comparison of COMPARISONS.filter(({ id }) => asked.length === 0 || asked.includes(id))) {
  const measured = await measure(comparison);
  console.log(measuredLine(measured));
  all.push(measured);
}
const about = [`Node ${process.versions.node}`, `${availableParallelism()} cores`];
if (asked.length === 0) {
  await mkdir('reports', { recursive: true });
  await writeFile(REPORT, benchReport(all, about));
}
if (!all.every(isKept)) process.exitCode = 1;
