import { join } from 'node:path';
import { type WrittenFile, readFolder, readIfThere, readWritten } from '../adapters/files.ts';
import { type Claim, type Suite, claimId } from '../domain/claim.ts';
import { type Problem, didYouMean } from '../domain/problem.ts';
import type { Target } from '../domain/target.ts';
import type { Loaded } from '../suite/load.ts';
import { type Mention, targetProblems } from '../suite/mentions.ts';
import { type Asked, valueOf } from './arguments.ts';
import { advancing } from './line.ts';
import type { Output, Refused } from './output.ts';
import { warmSuites, warmTargets } from './warm.ts';

/** What was written: suites and targets, without a problem. */
export interface Project {
  readonly suites: readonly Suite[];
  readonly targets: readonly Target[];
  /** By full id. */
  readonly claim: (id: string) => Claim | undefined;
}

const SUITES = 'suites';
/** The file of targets in the folder of suites. */
export const TARGETS = 'targets.yaml';
/** The list of known contradictions, which stands among the suites and is none. */
export const KNOWN = 'known.yaml';
/** What a file of claims is called. */
export const SUITE_FILE = /\.yaml$|\.suite\.m?[jt]s$/;

/** The folder of suites. */
export function suitesFolder(asked: Asked): string {
  return valueOf(asked, 'suites') ?? SUITES;
}

/** Reads suites and targets; every problem at once if there is an error, and mere warnings are printed. */
export async function openProject(asked: Asked, output: Output): Promise<Project | Refused> {
  const tell = advancing(output, 'reading suites');
  const suites: Reading['suites'] = (files, shapes) => warmSuites(files, shapes, tell);
  const { project, problems } = await readProject(asked, { ...WARM, suites });
  if (problems.some(({ severity }) => severity === 'error')) return { problems };
  await output.problems(problems);
  return project;
}

/** How files become suites and targets. */
export interface Reading {
  readonly suites: typeof warmSuites;
  readonly targets: typeof warmTargets;
}

const WARM: Reading = { suites: warmSuites, targets: warmTargets };

/** Reads suites and targets, with every problem in them. */
export async function readProject(
  asked: Asked,
  reading = WARM,
): Promise<{ readonly project: Project; readonly problems: readonly Problem[] }> {
  const folder = suitesFolder(asked);
  const targetsFile = valueOf(asked, 'targets') ?? join(folder, TARGETS);
  const [{ files, problems }, targets] = await Promise.all([
    readFolder(folder, SUITE_FILE, [TARGETS, KNOWN]),
    readWritten(targetsFile),
  ]);
  const shapes = (file: string) => readIfThere(join(folder, 'shapes', file));
  return await projectOf({ files, problems, targets, shapes }, asked.words, reading);
}

/** What a project is read from. */
interface Written {
  readonly files: readonly WrittenFile[];
  readonly problems: readonly Problem[];
  readonly targets: Awaited<ReturnType<typeof readWritten>>;
  /** By its name in the folder of shapes. */
  readonly shapes: (file: string) => Uint8Array | undefined;
}

/** The project that was written so, with every problem in it; `words` are the selectors that it is read for. */
export async function projectOf(
  { files, problems: unread, targets, shapes }: Written,
  words: readonly string[],
  reading = WARM,
): Promise<{ readonly project: Project; readonly problems: readonly Problem[] }> {
  const loaded = await reading.suites(files, shapes);
  const targeted =
    'problem' in targets
      ? { targets: [], problems: [targets.problem] }
      : await reading.targets(targets.file);
  const problems = [...unread, ...loaded.problems, ...targeted.problems];
  if (problems.length === 0)
    problems.push(...targetProblems(mentionsIn(loaded, words), targeted.targets));
  const claims = new Map(
    loaded.suites.flatMap(({ claims: all }) => all.map((claim) => [claimId(claim), claim])),
  );
  return {
    project: { suites: loaded.suites, targets: targeted.targets, claim: (id) => claims.get(id) },
    problems,
  };
}

/** Where suites name targets; only those that were asked for, since somebody's own targets need not serve the others' tables. */
function mentionsIn({ suites, mentions }: Loaded, words: readonly string[]): readonly Mention[] {
  if (words.length === 0) return mentions;
  const named = new Set(words.map((word) => word.split('/', 1)[0]));
  const files = new Set(suites.filter(({ id }) => named.has(id)).map(({ file }) => file));
  return mentions.filter(({ problem }) => files.has(problem.place?.file ?? ''));
}

/** The target of that name, or the problem that there is none. */
export function findTarget(project: Project, name: string): Target | Refused {
  const target = project.targets.find((one) => one.name === name);
  if (target !== undefined) return target;
  const names = project.targets.map((one) => one.name);
  const hint = didYouMean(name, names);
  return {
    problems: [
      {
        severity: 'error',
        message: `no target is called "${name}"`,
        ...(hint.hint === undefined ? { hint: `there are ${names.join(', ')}` } : hint),
        see: 'targets',
      },
    ],
  };
}

/** The suites that are chosen by name, superseded ones among them; all that are not superseded if none is named. */
export function chosenSuites(
  project: Project,
  words: readonly string[],
): readonly Suite[] | Refused {
  if (words.length === 0)
    return project.suites.filter(({ superseded }) => superseded === undefined);
  const problems: Problem[] = [];
  const chosen = words.flatMap((word) => {
    const suite = project.suites.find(({ id }) => id === word);
    if (suite !== undefined) return [suite];
    const ids = project.suites.map(({ id }) => id);
    const [first = ''] = word.split('/');
    const hint =
      first !== word && ids.includes(first)
        ? { hint: `suites are asked for as a whole here: ${first}` }
        : didYouMean(word, ids);
    problems.push({ severity: 'error', message: `no suite is called "${word}"`, ...hint });
    return [];
  });
  return problems.length > 0 ? { problems } : chosen;
}
