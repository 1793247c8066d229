import type { Topic } from '../../domain/topic.ts';
import type { ExitCode } from '../output.ts';
import type { VerbName } from '../verbs.ts';

/** A command line that works in a folder that `assay init` wrote, what it shows, and how it ends. */
export interface Example {
  readonly command: string;
  readonly shows: string;
  /** 0 if absent; null for one that goes on until it is ended. */
  readonly ends?: ExitCode | null;
}

/** A name, and what it is; both may be Markdown. */
export type Entry = readonly [name: string, what: string];

/** What the reference says of a verb beside what stands in the table of verbs. */
export interface Page {
  /** Paragraphs of Markdown. */
  readonly about: readonly string[];
  /** When it ends with which code; 2 is the same for all. */
  readonly ends: Readonly<Partial<Record<ExitCode, string>>>;
  readonly files?: readonly Entry[];
  readonly environment?: readonly Entry[];
  /** Beside the one that stands in the table of verbs, which is shown first. */
  readonly shows: string;
  /** How that one ends; 0 if absent, null for one that goes on until it is ended. */
  readonly exampleEnds?: ExitCode | null;
  readonly more?: readonly Example[];
  readonly see: readonly (VerbName | Topic)[];
}

/** Where suites, their targets and both ledgers are. */
export const PROJECT_FILES: readonly Entry[] = [
  ['suites/*.yaml', 'the suites, and modules `*.suite.ts` beside them (`--suites`)'],
  ['suites/targets.yaml', 'the targets (`--targets`)'],
];
/** What is remembered. */
export const LEDGER_FILES: readonly Entry[] = [
  ['reports/ledger', 'the evidence of live targets, which belongs into git (`--ledger`)'],
  ['reports/rehearsals', 'that of rehearsals, which proves no word'],
];
/** What may be deleted. */
export const CACHE_FILE: Entry = [
  'reports/.cache',
  'what spares reading again; deleting it loses nothing',
];
/** What a target's key is read from. */
export const KEYS: readonly Entry[] = [
  ['NAME', "the key of a target, where its `key` says `env:NAME`; the same of `usage`'s"],
];
/** What `--report github` reads. */
export const GITHUB: Entry = [
  'GITHUB_STEP_SUMMARY, GITHUB_WORKSPACE',
  'where `--report github` puts its summary, and below which its files are named',
];
