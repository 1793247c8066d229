import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './process.ts';
import type { Load, WrittenSuite } from './written.ts';

/** What one line of the bench compares; aims and numbers are those of the performance table in the design. */
export interface Comparison {
  readonly id: 'P1' | 'P2' | 'P3' | 'P4' | 'P7' | 'P11';
  readonly what: string;
  readonly unit: 'ms' | 'MiB';
  /** Owed by the built bundle. */
  readonly must: number;
  readonly reach: number;
  /** Owed from source already. */
  readonly fromSource?: number;
  readonly rounds: number;
  readonly reference: 'node -e 0' | 'bare undici';
  /** What both sides send; without it only the version is asked for. */
  readonly load?: Load;
  /** How long the server takes for an answer, in milliseconds. */
  readonly delayMs: number;
}

/** What `npm run bench` measures, in this order. */
export const COMPARISONS: readonly Comparison[] = [
  {
    id: 'P1',
    what: 'assay --version',
    unit: 'ms',
    must: 1.3,
    reach: 1.15,
    rounds: 15,
    reference: 'node -e 0',
    delayMs: 0,
  },
  {
    id: 'P2',
    what: 'assay run, one claim',
    unit: 'ms',
    must: 6.5,
    reach: 4.5,
    rounds: 11,
    reference: 'node -e 0',
    load: { claims: 1, atOnce: 1 },
    delayMs: 0,
  },
  {
    id: 'P3',
    what: '1000 claims, one by one',
    unit: 'ms',
    must: 1.25,
    reach: 1,
    fromSource: 1.5,
    rounds: 11,
    reference: 'bare undici',
    load: { claims: 1000, atOnce: 1 },
    delayMs: 0,
  },
  {
    id: 'P4',
    what: '1000 claims, 64 at once',
    unit: 'ms',
    must: 1.25,
    reach: 1,
    fromSource: 1.5,
    rounds: 11,
    reference: 'bare undici',
    load: { claims: 1000, atOnce: 64 },
    delayMs: 0,
  },
  {
    id: 'P7',
    what: '200 claims of 200 ms, 64 at once',
    unit: 'ms',
    must: 1.1,
    reach: 0.95,
    fromSource: 1.5,
    rounds: 9,
    reference: 'bare undici',
    load: { claims: 200, atOnce: 64 },
    delayMs: 200,
  },
  {
    id: 'P11',
    what: 'peak memory of 1000 claims, 64 at once',
    unit: 'MiB',
    must: 1.3,
    reach: 1,
    rounds: 5,
    reference: 'bare undici',
    load: { claims: 1000, atOnce: 64 },
    delayMs: 0,
  },
];

const ASSAY = fileURLToPath(new URL('../cli/assay.js', import.meta.url));
const BARE = fileURLToPath(new URL('./bare.ts', import.meta.url));

/** Where one comparison is put to the test. */
export interface Bench {
  readonly url: string;
  readonly written: WrittenSuite;
  /** Below it each run has a ledger of its own. */
  readonly ledgers: string;
}

/** The reference of a comparison. */
export function referenceOf({ reference, load }: Comparison, { url, written }: Bench): Program {
  if (reference === 'node -e 0' || load === undefined) return ['-e', '0'];
  return [BARE, `${url}/v1/widgets`, written.shape, String(load.claims), String(load.atOnce)];
}

/** Ours, as a user calls it: all evidence is written. */
export function oursOf({ load }: Comparison, { written, ledgers }: Bench, round: number): Program {
  if (load === undefined) return [ASSAY, '--version'];
  const ledger = join(ledgers, String(round));
  return [ASSAY, 'run', '--target', 'bench', '--suites', written.suites, '--ledger', ledger];
}
