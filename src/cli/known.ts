import { findLedgerFile, readLedgerFile } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { type Suite, caseId } from '../domain/claim.ts';
import type { Known } from '../domain/diff.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Target } from '../domain/target.ts';
import { targetId } from '../domain/target.ts';
import type { Ledger } from '../ledger/read.ts';
import { type Asked, isGiven, valueOf } from './arguments.ts';
import { exchangesById, ledgerFolders, remember } from './memory.ts';
import type { Output, Refused } from './output.ts';
import type { Project } from './project.ts';
import { rehearsalOf } from './stage.ts';
import { whenMs } from './when.ts';

/** Who says how the claims of a suite stand: each live target, or the one of a rehearsal in the world of the suite's day. */
export interface Witnesses {
  readonly targetsOf: (suite: Suite) => readonly string[];
  readonly standsIn: boolean;
}

/** The witnesses that were asked for: `--rehearsal` as status has it. */
export async function witnesses(asked: Asked, project: Project): Promise<Witnesses | Refused> {
  const ofGrade = (grade: Target['grade']) => project.targets.filter((one) => one.grade === grade);
  if (!isGiven(asked, 'rehearsal')) {
    const names = ofGrade('live').map(targetId);
    return { targetsOf: () => names, standsIn: false };
  }
  const [rehearsal] = ofGrade('rehearsal');
  if (rehearsal === undefined)
    return { problems: [{ severity: 'error', message: 'no target is a rehearsal' }] };
  const targets = new Map<string, string>();
  for (const suite of project.suites)
    targets.set(suite.id, targetId(await rehearsalOf(rehearsal, suite, valueOf(asked, 'world'))));
  return { targetsOf: ({ id }) => [targets.get(id) ?? ''], standsIn: true };
}

/** What was known at a moment: at the end of a day, or at an instant. */
export function knownAt(
  moment: string,
  suites: readonly Suite[],
  project: Project,
  ledger: Ledger,
  who: Witnesses,
): Known {
  const isDay = moment.length === 'YYYY-MM-DD'.length;
  const now = whenMs(isDay ? `${moment}T23:59:59.999Z` : moment) ?? Number.NaN;
  const evidence = ledger.evidence.filter(({ at }) => Date.parse(at) <= now);
  return knownBy(moment, suites, project, { ...ledger, evidence }, who, now);
}

/** What some ledger says at a time, by the suites of a project. */
export function knownBy(
  name: string,
  suites: readonly Suite[],
  project: Project,
  { evidence, exchanges, runs }: Pick<Ledger, 'evidence' | 'exchanges' | 'runs'>,
  who: Witnesses,
  now: number,
): Known {
  const byId = exchangesById(exchanges);
  const gateways = new Map(runs.map(({ start }) => [start.id, start.gateway]));
  return {
    name,
    suites,
    remembered: remember(project, evidence, now),
    ...who,
    isWhole: true,
    evidence,
    exchangeOf: (id) => byId.get(id),
    gatewayOf: (run) => gateways.get(run),
  };
}

/** What one run alone has shown, each case by the wording that it had then. */
export async function knownByRun(
  id: string,
  suites: readonly Suite[],
  project: Project,
  asked: Asked,
  output: Output,
): Promise<Known | Refused> {
  const found = await Promise.all(ledgerFolders(asked).map((one) => findLedgerFile(one, id)));
  const path = found.find((one) => one !== undefined);
  if (path === undefined)
    return { problems: [{ severity: 'error', message: `no run is called "${id}"`, ...RUNS }] };
  const { readLedger } = await import('../ledger/read.ts');
  const ledger = readLedger([await readLedgerFile(path)], sha256);
  await output.problems(ledger.problems);
  const { evidence } = ledger;
  const [run] = ledger.runs;
  const targets = new Map(suites.map((suite) => [suite.id, mainTarget(suite, evidence)]));
  const who = {
    targetsOf: (suite: Suite) => [targets.get(suite.id) ?? run?.start.target.name ?? ''],
    standsIn: true,
  };
  const lastMs = Math.max(...evidence.map(({ at }) => Date.parse(at)));
  const known = knownBy(id, suites, project, ledger, who, lastMs);
  const digests = new Map(evidence.map((one) => [caseId(one.claim, one.case), one.digest]));
  return {
    ...known,
    isWhole: false,
    remembered: {
      ...known.remembered,
      digestOf: (one) => digests.get(caseId(one.claim, one.name)) ?? digest(one, sha256),
    },
  };
}

const RUNS = {
  hint: 'the file of a run in the ledger bears its id; --ledger names another ledger',
};

/** The target that most evidence of a suite is about, if there is any: a control of another suite is tried in the world of who asks. */
export function mainTarget({ id }: Suite, evidence: readonly Evidence[]): string | undefined {
  const own = evidence.filter(({ claim }) => claim.startsWith(`${id}/`));
  const counts = new Map<string, number>();
  for (const { target } of own)
    counts.set(targetId(target), (counts.get(targetId(target)) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
