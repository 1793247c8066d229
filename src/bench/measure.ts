import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listLedger } from '../adapters/ledger.ts';
import type { Comparison, Task } from './comparisons.ts';
import { type BenchServer, peakMiB, startServer, wallMs } from './process.ts';
import { type Bench, oursOf, referenceOf } from './programs.ts';
import type { Round } from './ratio.ts';
import { writeNights } from './remembered.ts';
import type { Measured } from './report.ts';
import type { Peak } from './server.ts';
import { type WrittenSuite, writeBilling, writeClaims, writeSuite } from './written.ts';

/** Measures comparisons in a folder of their own that is gone afterwards: one each, but for those that ask the same ledger. */
export async function* measure(
  comparisons: readonly Comparison[],
  assay: string,
): AsyncGenerator<Measured> {
  const shared = Map.groupBy(comparisons, ({ task }, at) =>
    task.kind === 'remember' ? `${task.claims} ${task.nights}` : at,
  );
  for (const some of shared.values()) yield* measureInOne(some, assay);
}

async function* measureInOne(
  [first, ...more]: readonly Comparison[],
  assay: string,
): AsyncGenerator<Measured> {
  if (first === undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  const server = await serverOf(first.task);
  try {
    // What makes a folder a project that has been run before; the cache of suites lies below it.
    await mkdir(join(folder, 'reports'));
    const bench = await prepare(first, assay, folder, server);
    for (const comparison of [first, ...more]) yield await interleaved(comparison, bench);
  } finally {
    await server?.close();
    await rm(folder, { recursive: true });
  }
}

async function prepare(
  { task }: Comparison,
  assay: string,
  folder: string,
  server: BenchServer | undefined,
): Promise<Bench> {
  const url = server?.url ?? '';
  const bench = { assay, folder, written: await write(task, folder, url), url };
  if (task.kind === 'remember') {
    await wallMs(oursOf(task, bench, '')); // the suites are known from here on
    await writeNights(join(folder, 'reports', 'ledger'), bench.written.suites, task.nights);
  }
  return bench;
}

async function serverOf(task: Task): Promise<BenchServer | undefined> {
  if (task.kind === 'billing') return await startServer(task.delayMs, 'gateway');
  return task.kind === 'run' ? await startServer(task.delayMs) : undefined;
}

async function write(task: Task, folder: string, url: string): Promise<WrittenSuite> {
  const suites = join(folder, 'suites');
  switch (task.kind) {
    case 'load':
    case 'remember':
      return await writeClaims(suites, task.claims);
    case 'billing':
      return await writeBilling(suites, url, task.load);
    case 'run':
      return await writeSuite(suites, url, task.load);
    case 'version':
      return await writeSuite(suites, url, { claims: 1, atOnce: 1 });
    default:
      return task satisfies never;
  }
}

/** Reference, ours, reference, ours …; the first of each only warms the caches up, where that does not take minutes. */
async function interleaved(comparison: Comparison, bench: Bench): Promise<Measured> {
  const { task } = comparison;
  const isPaced = task.kind === 'run' && task.delayMs > 0;
  const rounds: Round[] = [];
  let inFlight = 0;
  for (let round = comparison.isLong ? 1 : 0; round <= comparison.rounds; round++) {
    const bare = await bareOf(comparison, bench);
    if (isPaced) await lookAtPeak(bench.url);
    const ours = await oursIn(comparison, bench, round);
    if (isPaced) inFlight = Math.max(inFlight, await lookAtPeak(bench.url));
    if (round > 0) rounds.push({ bare, ours });
  }
  return { comparison, rounds, ...(isPaced && { inFlight }) };
}

async function bareOf(comparison: Comparison, bench: Bench): Promise<number> {
  const { reference, measure: what } = comparison;
  if (typeof reference === 'object') return reference.is;
  const program = referenceOf(reference, comparison.task, bench);
  return what === 'wall' ? await wallMs(program) : await peakMiB(program);
}

async function oursIn(comparison: Comparison, bench: Bench, round: number): Promise<number> {
  const { measure: what, task } = comparison;
  if (task.kind === 'load' && !task.isWarm) {
    await rm(join(bench.folder, 'reports', '.cache'), { recursive: true, force: true });
  }
  if (task.kind === 'remember' && !task.isIndexed) await outdate(bench.folder);
  const program = oursOf(task, bench, `${round}`);
  if (what === 'wall') return await wallMs(program);
  const peak = await peakMiB(program);
  return what === 'peak' ? peak : peak - (await peakOfOne(task, bench, round));
}

/** An index of a ledger of which some file was changed is made anew as a whole; the suites stay as they were read. */
async function outdate(folder: string): Promise<void> {
  const [first = ''] = await listLedger(join(folder, 'reports', 'ledger'));
  const now = new Date();
  await utimes(first, now, now);
}

/** The peak of a run of one small claim, as much as every run takes. */
async function peakOfOne(task: Task, bench: Bench, round: number): Promise<number> {
  const suites = join(bench.folder, 'one');
  const written = await writeSuite(suites, bench.url, { claims: 1, atOnce: 1 });
  return await peakMiB(oursOf(task, { ...bench, written }, `one-${round}`));
}

/** The most requests that the server has had in flight since the last look. */
async function lookAtPeak(url: string): Promise<number> {
  const answer = await fetch(`${url}/peak`);
  return ((await answer.json()) as Peak).inFlight;
}
