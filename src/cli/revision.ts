import { basename, dirname, join } from 'node:path';
import type { WrittenFile } from '../adapters/files.ts';
import { readWritten } from '../adapters/files.ts';
import { type CommittedFolder, committedFolder } from '../adapters/git.ts';
import { isModule } from '../adapters/modules.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { Known } from '../domain/diff.ts';
import type { Problem } from '../domain/problem.ts';
import type { Ledger } from '../ledger/read.ts';
import { type Asked, isGiven, valueOf } from './arguments.ts';
import { type Witnesses, knownBy, witnesses } from './known.ts';
import { isBroken, ledgerFolder, nowMs } from './memory.ts';
import type { Output, Refused } from './output.ts';
import {
  KNOWN,
  type Project,
  SUITE_FILE,
  TARGETS,
  chosenSuites,
  openProject,
  projectOf,
  suitesFolder,
} from './project.ts';
import type { Sides } from './sides.ts';

/** A revision as it was: its project, or today's where it has no suites, its ledger, and when it was committed. */
interface Committed {
  readonly name: string;
  readonly project: Project;
  readonly ledger: Ledger;
  /** Wall clock, milliseconds. */
  readonly atMs: number;
}

/** What was known at two revisions of the git repositories that hold the ledger and the suites, by the suites of each. */
export async function revisions(
  [a, b]: readonly [string, string],
  asked: Asked,
  output: Output,
): Promise<Sides | Refused> {
  const left = await committed(a, asked, output);
  if ('problems' in left) return left;
  const right = await committed(b, asked, output);
  if ('problems' in right) return right;
  const who = await witnesses(asked, right.project);
  if ('problems' in who) return who;
  // A suite that one of them has not is none of its claims; one that neither has is a mistake.
  const everything = {
    ...right.project,
    suites: [...right.project.suites, ...left.project.suites],
  };
  const suites = chosenSuites(everything, asked.words);
  if ('problems' in suites) return suites;
  return {
    left: knownAt(left, asked, who),
    right: knownAt(right, asked, who),
    isBroken: isBroken(left.ledger) || isBroken(right.ledger),
  };
}

function knownAt({ name, project, ledger, atMs }: Committed, asked: Asked, who: Witnesses): Known {
  const { words } = asked;
  const suites = project.suites.filter(({ id, superseded }) =>
    words.length === 0 ? superseded === undefined : words.includes(id),
  );
  const now = valueOf(asked, 'now') === undefined ? atMs : nowMs(asked);
  return knownBy(name, suites, project, ledger, who, now);
}

async function committed(name: string, asked: Asked, output: Output): Promise<Committed | Refused> {
  const revision = name.replace(/^rev:/, '');
  const folder = ledgerFolder(asked, isGiven(asked, 'rehearsal'));
  const kept = await committedFolder(folder, revision, /\.jsonl$/);
  if ('problem' in kept) return { problems: [kept.problem] };
  const project = await projectAt(revision, asked, output);
  if ('problems' in project) return project;
  const { readLedger } = await import('../ledger/read.ts');
  const files = kept.files.map((file) => ({
    name: `${revision}:${join(folder, file.name)}`,
    text: Buffer.from(file.bytes).toString('utf8'),
  }));
  const ledger = readLedger(
    files.toSorted((one, other) => (basename(one.name) < basename(other.name) ? -1 : 1)),
    sha256,
  );
  await output.problems(ledger.problems);
  return { name, project, ledger, atMs: Date.parse(kept.at) };
}

/** The project of a revision; suites that it has not, or that would have to be run to be read, are those of today. */
async function projectAt(
  revision: string,
  asked: Asked,
  output: Output,
): Promise<Project | Refused> {
  const folder = suitesFolder(asked);
  const found = await committedFolder(folder, revision, /^shapes\/|^[^/]*$/);
  const files = 'problem' in found ? [] : found.files;
  const suites = files.filter(
    ({ name }) => SUITE_FILE.test(name) && name !== TARGETS && name !== KNOWN,
  );
  if (suites.length === 0 || suites.some(isModule)) {
    const why = suites.length === 0 ? 'no suites' : 'suites in TypeScript, which are not run';
    output.say(`${revision} has ${why} in ${folder}: those of today are taken`);
    return await openProject(asked, output);
  }
  const named = ({ name, bytes }: WrittenFile) => ({
    name: `${revision}:${join(folder, name)}`,
    bytes,
  });
  const { project, problems } = await projectOf(
    {
      files: suites.map(named),
      problems: [],
      targets: await targetsAt(revision, folder, files, asked),
      shapes: (file) => files.find(({ name }) => name === `shapes/${file}`)?.bytes,
    },
    asked.words,
  );
  if (problems.some(isError)) return { problems };
  await output.problems(problems);
  return project;
}

/** The targets of a revision, or those of today where it has none. */
async function targetsAt(
  revision: string,
  folder: string,
  files: CommittedFolder['files'],
  asked: Asked,
): ReturnType<typeof readWritten> {
  const path = valueOf(asked, 'targets') ?? join(folder, TARGETS);
  const own =
    dirname(path) === join(folder)
      ? files
      : await committedFolder(dirname(path), revision, /^[^/]*$/).then((found) =>
          'problem' in found ? [] : found.files,
        );
  const file = own.find(({ name }) => name === basename(path));
  return file === undefined
    ? await readWritten(path)
    : { file: { name: `${revision}:${path}`, bytes: file.bytes } };
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
