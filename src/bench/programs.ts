import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reference, Task } from './comparisons.ts';
import type { Program } from './process.ts';
import { nightMs } from './remembered.ts';
import type { WrittenSuite } from './written.ts';

const BARE = fileURLToPath(new URL('./bare.js', import.meta.url));
const LINES = fileURLToPath(new URL('./lines.js', import.meta.url));
const YAML = fileURLToPath(new URL('./yaml.js', import.meta.url));

/** Where a ledger is unless asked otherwise. */
const LEDGER = 'reports/ledger';

/** Where one comparison is put to the test. */
export interface Bench {
  /** What starts Assay. */
  readonly assay: string;
  /** The folder that ours works in; the ledgers and the cache are below it. */
  readonly folder: string;
  readonly written: WrittenSuite;
  /** Of the server, where requests are sent. */
  readonly url: string;
}

/** The process that is the reference of a task. */
export function referenceOf(
  reference: Extract<Reference, string>,
  task: Task,
  { folder, url, written }: Bench,
): Program {
  if (reference === 'yaml alone') return { args: [YAML, written.suites], folder };
  if (reference === 'lines alone') return { args: [LINES, join(folder, LEDGER)], folder };
  if (reference === 'node -e 0' || task.kind !== 'run') return { args: ['-e', '0'], folder };
  const { claims, atOnce } = task.load;
  const path = `${url}${written.path}`;
  return { args: [BARE, path, written.shape, String(claims), String(atOnce)], folder };
}

/** Longer than any claim of the bench stays fresh. */
const STALE_DAYS = 40;

/** Ours, as a user calls it: all evidence is written, to a ledger of that name. */
export function oursOf(task: Task, bench: Bench, ledger: string): Program {
  const { assay, folder, written } = bench;
  if (task.kind === 'version') return { args: [assay, '--version'], folder };
  const own = ['--suites', written.suites];
  if (task.kind === 'remember' && task.verb === 'status')
    return { args: [assay, 'status', ...own], folder };
  const suites = ['--target', 'bench', ...own];
  if (task.kind === 'remember') {
    const now = new Date(nightMs(task.nights + (task.verb === 'stale' ? STALE_DAYS : 0)));
    return { args: [assay, 'plan', '--due', '--now', now.toISOString(), ...suites], folder };
  }
  if (task.kind === 'load') return { args: [assay, 'plan', written.claim, ...suites], folder };
  return {
    args: [assay, 'run', ...suites, '--ledger', join(folder, 'ledgers', ledger)],
    folder,
  };
}
