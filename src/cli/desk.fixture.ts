import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Evidence } from '../domain/evidence.ts';
import { type Exchange, settled } from '../domain/exchange.ts';
import type { Settlement } from '../domain/usage.ts';
import type { Mock } from '../mock/server.ts';
import { type Said, assay } from './cli.fixture.ts';

/** The folder of the suites that are committed. */
export const COMMITTED = join(import.meta.dirname, '../../suites');

/** The key of every target of a desk, unless a test brings its own. */
export const KEY = 'sk-DeskKeyOnTheDesk0123';

/** The variable that holds it. */
export const KEY_NAME = 'DESK_KEY';

/** The variable that holds the access token with which a mock shows what it charged. */
export const ACCESS_TOKEN_NAME = 'DESK_ACCESS_TOKEN';

/** The key of every desk, and the access token that mocks take by default, each in its variable. */
export const DESK_ENV = { [KEY_NAME]: KEY, [ACCESS_TOKEN_NAME]: 'rehearsal-access-token' };

const WITHOUT_SUITES: readonly string[] = ['ledger'];

/** The members of `assay.run.v1` (design.md, "Command line") that tests read. */
export interface RunDocument {
  readonly end: { readonly kind: string; readonly detail?: string; readonly undecided?: number };
  readonly summary: Readonly<Record<string, number>>;
  readonly cases: readonly {
    readonly claim: string;
    readonly case: string;
    readonly verdict: string;
    readonly cause: string | null;
    readonly detail: string | null;
    readonly trials: number;
    readonly attempts: number;
    readonly agrees: boolean | null;
    readonly findings: readonly {
      readonly expectation: string;
      readonly at: string;
      readonly expected: string;
      readonly actual: string;
    }[];
  }[];
  readonly leftOut: readonly {
    readonly claim: string;
    readonly case: string;
    readonly reason: string;
  }[];
}

/** A folder in which somebody works: suites, targets and a ledger. */
export interface Desk {
  readonly folder: string;
  readonly ledger: string;
  /** The options that name its suites, targets and ledger; `ledger` itself takes only the last. */
  readonly optionsOf: (verb: string) => readonly string[];
  /** Runs a verb with the desk's key. */
  readonly assay: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Said>;
  /** `run --format json` against the live target. */
  readonly run: (...args: readonly string[]) => Promise<Said & { readonly document: RunDocument }>;
  readonly close: () => Promise<void>;
}

/** Suites as files, or the folder in which they are; and what is special about the live targets `production` and `local`. */
export interface DeskParts {
  readonly suites: string | Readonly<Record<string, string>>;
  readonly target: object;
}

/** Sets up a desk; both live targets, which the tables of the committed suites name, are the same one. */
export async function aDesk({ suites, target }: DeskParts): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-desk-'));
  const ledger = join(folder, 'ledger');
  const live = liveTarget(target);
  const targets = { mock: { grade: 'rehearsal' }, production: live, local: live };
  await writeFile(join(folder, 'targets.yaml'), JSON.stringify({ targets }));
  if (typeof suites !== 'string') {
    for (const [name, text] of Object.entries(suites)) {
      const path = join(folder, 'suites', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }
  const written = typeof suites === 'string' ? suites : join(folder, 'suites');
  const project = ['--suites', written, '--targets', join(folder, 'targets.yaml')];
  const optionsOf = (verb: string) => [
    ...(WITHOUT_SUITES.includes(verb) ? [] : project),
    '--ledger',
    ledger,
  ];
  const run = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
    assay([...args, ...optionsOf(args[0] ?? '')], {
      cwd: folder,
      env: { ...DESK_ENV, ...env },
    });
  return {
    folder,
    ledger,
    optionsOf,
    assay: run,
    async run(...args) {
      const said = await run(['run', '--target', 'production', '--format', 'json', ...args]);
      if (said.stdout === '') throw new Error(`nothing on stdout: ${said.stderr}`);
      return { ...said, document: JSON.parse(said.stdout) as RunDocument };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A folder with a ledger and the committed suites, whose targets can change from one command to the next. */
export interface WorkFolder {
  readonly folder: string;
  readonly ledger: string;
  /** Options that it is given stand in for those for suites, targets and ledger. */
  readonly assay: (targets: object, verb: string, ...args: readonly string[]) => Promise<Said>;
  readonly close: () => Promise<void>;
}

/** Sets up such a folder, with an empty ledger. */
export async function aWorkFolder(): Promise<WorkFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-work-'));
  const ledger = join(folder, 'ledger');
  const file = join(folder, 'targets.yaml');
  return {
    folder,
    ledger,
    async assay(targets, verb, ...args) {
      const all = { mock: { grade: 'rehearsal' }, ...targets };
      await writeFile(file, JSON.stringify({ targets: all }));
      const own = { '--suites': COMMITTED, '--targets': file, '--ledger': ledger };
      const options = Object.entries(own).flatMap((one) => (args.includes(one[0]) ? [] : one));
      return assay([verb, ...options, ...args], { cwd: folder, env: DESK_ENV });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A live target whose answers count although a mock gives them. */
export function liveTarget(more: object): object {
  return { grade: 'live', key: `env:${KEY_NAME}`, mock: 'allowed', ...more };
}

/** How a live target reaches a mock that stands in for it: references, media, and where it shows what it charged. */
export function behind({ url, hostingUrl, references, missing, usage }: Mock): object {
  return {
    baseUrl: url,
    let: { media: new URL(hostingUrl).host },
    references: [{ url: references }, { missing }],
    usage: {
      source: 'management',
      key: `env:${ACCESS_TOKEN_NAME}`,
      user: usage.user,
      within: `${usage.withinMs + 200}ms`,
    },
  };
}

/** The text of all files below a folder, one after the other; empty if there is none. */
export async function textOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8'));
  return (await Promise.all(texts)).join('');
}

/** What the lines of a ledger hold; a last line that is cut is left out. */
export async function remembered(ledger: string): Promise<{
  readonly evidence: readonly Evidence[];
  readonly exchanges: readonly Exchange[];
  readonly ends: readonly { readonly reason: { readonly kind: string } }[];
}> {
  const whole = (await textOf(ledger)).split('\n').slice(0, -1);
  const lines = whole.map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>);
  const held = <Value>(kind: string) =>
    lines.flatMap((line) => (line['kind'] === kind ? [line[kind] as Value] : []));
  const settlements = new Map(held<Settlement>('usage').map((one) => [one.exchange, one]));
  return {
    evidence: held('evidence'),
    exchanges: held<Exchange>('exchange').map((one) => {
      const settlement = settlements.get(one.id);
      return settlement === undefined ? one : settled(one, settlement);
    }),
    ends: held('end'),
  };
}

/** Each case of a run with its verdict, in the order of their names. */
export function verdicts({ cases }: RunDocument): readonly string[] {
  return cases.map((one) => `${one.claim} ${one.case} ${one.verdict}`).toSorted();
}
