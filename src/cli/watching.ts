import { evaluated } from '../adapters/modules.ts';
import { sha256 } from '../adapters/sha256.ts';
import { type Suite, caseId, claimId } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Problem } from '../domain/problem.ts';
import type { JudgedCase, Run } from '../domain/run.ts';
import { targetId } from '../domain/target.ts';
import type { RunEvent } from '../engine/events.ts';
import { plan } from '../engine/plan.ts';
import { writeImage } from '../image/write.ts';
import { type RoundTally, tallyOf } from '../report/watch.ts';
import { loadSuites } from '../suite/load.ts';
import { type Chosen, select } from '../suite/selector.ts';
import { loadTargets } from '../suite/targets.ts';
import { type Asked, namedWorld, valueOf } from './arguments.ts';
import { derivedCases } from './derived.ts';
import { lintedProblems } from './linted.ts';
import { nowMs, remember } from './memory.ts';
import type { Refused } from './output.ts';
import { type Project, type Reading, findTarget, readProject } from './project.ts';
import { rehearse } from './rehearse.ts';
import type { Stage } from './stage.ts';
import { DEFAULT_TARGET, stageFor } from './staged.ts';
import type { Wish } from './wishes.ts';

/** What was written, chosen and staged at one moment. */
interface Scene {
  readonly project: Project;
  readonly chosen: readonly Chosen[];
  readonly stage: Stage;
  readonly warnings: readonly Problem[];
}

/** What a case came to, and of which wording of it. */
interface Told {
  readonly wording: string;
  readonly judged: JudgedCase;
  readonly evidence: readonly Evidence[];
}

/** What came of a wish: nothing can run while something is wrong. */
export interface Round {
  readonly warnings: readonly Problem[];
  readonly claim: Project['claim'];
  readonly run: Run;
  /** Of all that was chosen, not only of what ran. */
  readonly tally: RoundTally;
}

/** A session in which cases are rehearsed as they are written; it remembers what each came to, and nothing outlives it. */
export interface Session {
  /** Reads what is written now, and runs what was wished; an aborted one is over soon, and what it came to by then is known. */
  readonly round: (
    wish: Wish,
    signal: AbortSignal,
    tell: (event: RunEvent) => void,
  ) => Promise<Round | Refused>;
  readonly close: () => Promise<void>;
}

/** Opens a session for what was asked; its mocks go on from one round to the next. */
export function openSession(given: Asked): Session {
  const asked = namedWorld(given);
  const known = new Map<string, Told>();
  let staged: { readonly as: string; readonly stage: Stage } | undefined;
  let edition = 0;
  let last: ReadonlySet<string> = new Set();

  async function scene(): Promise<Scene | Refused> {
    edition += 1;
    const read = await readProject(asked, readingAnew(edition));
    const problems = await lintedProblems(asked, read);
    if (problems.some(({ severity }) => severity === 'error')) return { problems };
    const { project } = read;
    const target = findTarget(project, valueOf(asked, 'target') ?? DEFAULT_TARGET);
    if ('problems' in target) return target;
    if (target.grade === 'live') return liveTarget(target.name);
    const selected = select(project.suites, asked.words);
    if (selected.problems.length > 0) return selected;
    const named = new Set(selected.chosen.map(({ claim }) => claim.suite));
    const suites = project.suites.filter(({ id }) => named.has(id));
    const as = JSON.stringify([target, suites.map(({ id, rehearse: day }) => [id, day])]);
    if (staged?.as !== as) {
      const stage = await stageFor(target, suites, asked);
      if ('problems' in stage) return stage;
      await staged?.stage.close();
      if (JSON.stringify(staged?.stage.target) !== JSON.stringify(target)) known.clear();
      staged = { as, stage };
    }
    return {
      project,
      chosen: selected.chosen,
      stage: staged.stage,
      warnings: problems.filter(isAbout(suites, project)),
    };
  }

  /** What is to be run of what was chosen, for a wish. */
  function wishedOf(wish: Wish, { chosen, stage }: Scene): readonly Chosen[] {
    const isWished = (id: string, wording: string): boolean => {
      const told = known.get(id);
      if (wish === 'all' || (wish === 'again' && last.has(id))) return true;
      const isNew = wish === 'changed' && told?.wording !== wording;
      return isNew || (told !== undefined && !isFine(told.judged));
    };
    return chosen.flatMap((one) => {
      const wordings = wordingsOf(one, stage);
      const cases = one.cases.filter((name) => {
        const wording = wordings.get(name);
        return wording !== undefined && isWished(caseId(claimId(one.claim), name), wording);
      });
      return cases.length === 0 ? [] : [{ claim: one.claim, cases }];
    });
  }

  function keep(run: Run, evidence: readonly Evidence[], { chosen, stage }: Scene): void {
    const wordings = new Map(
      chosen.flatMap((one) =>
        [...wordingsOf(one, stage)].map(([name, wording]) => [
          caseId(claimId(one.claim), name),
          wording,
        ]),
      ),
    );
    const own = Map.groupBy(evidence, (one) => caseId(one.claim, one.case));
    for (const judged of run.cases) {
      const id = caseId(judged.claim, judged.case);
      const wording = wordings.get(id);
      if (wording === undefined || isInterrupted(judged)) continue;
      known.set(id, { wording, judged, evidence: own.get(id) ?? [] });
    }
    for (const id of known.keys()) if (!wordings.has(id)) known.delete(id);
  }

  return {
    async round(wish, signal, tell) {
      const now = await scene();
      if ('problems' in now) return now;
      const { project, chosen, stage, warnings } = now;
      const wished = wishedOf(wish, now);
      last = new Set(
        wished.flatMap(({ claim, cases }) => cases.map((name) => caseId(claimId(claim), name))),
      );
      const planned = plan({
        target: stage.target,
        targetFor: stage.targetFor,
        chosen: wished,
        claims: project.claim,
        sha256,
        writeImage,
      });
      const how = { stage, claims: project.claim, startAtWallMs: nowMs(asked), signal, tell };
      const { run, evidence } = await rehearse(planned, how);
      keep(run, evidence, now);
      const all = [...known.values()];
      const memory = remember(
        project,
        all.flatMap((one) => one.evidence),
        Date.parse(run.endedAt),
      );
      const derived = derivedCases(chosen, stage.targetFor, memory);
      const tally = tallyOf([...all.map(({ judged }) => judged), ...derived], isFine);
      const ran = { ...run, cases: [...run.cases, ...derived.filter((one) => one.contradicts)] };
      return { warnings, claim: project.claim, run: ran, tally };
    },
    close: async () => await staged?.stage.close(),
  };
}

/** Whether a warning is not about a suite that nobody chose. */
function isAbout(chosen: readonly Suite[], { suites }: Project): (warning: Problem) => boolean {
  const others = new Set(suites.filter((one) => !chosen.includes(one)).map(({ file }) => file));
  return ({ place }) => place === undefined || !others.has(place.file);
}

/** Each reading is made anew: who types would fill the cache with what is never read again, and modules stay what they were. */
function readingAnew(edition: number): Reading {
  return {
    suites: async (files, shapes) => {
      const all = files.map((file) => evaluated(file, undefined, edition));
      return loadSuites(await Promise.all(all), shapes);
    },
    targets: async (file) => loadTargets(file),
  };
}

/** What each case of a claim follows from: what it sends and expects, what is documented of it, and the world it is put to. */
function wordingsOf({ claim }: Chosen, { targetFor }: Stage): ReadonlyMap<string, string> {
  const { basis, documented } = claim;
  if (basis.kind !== 'sent') return new Map();
  const around = `${targetId(targetFor(claim))} ${documented.as}`;
  return new Map(basis.cases.map((one) => [one.name, `${digest(one, sha256)} ${around}`]));
}

/** Whether nothing is to be done about a case: it was decided, and is as documented, or works where nothing is. */
function isFine({ verdict, documented, contradicts }: JudgedCase): boolean {
  if (contradicts || verdict.kind === 'inconclusive') return false;
  return documented !== 'open' || verdict.kind === 'pass';
}

function isInterrupted({ verdict }: JudgedCase): boolean {
  return verdict.kind === 'inconclusive' && verdict.cause === 'interrupted';
}

function liveTarget(name: string): Refused {
  const message = `"${name}" is live: watch rehearses, with each save, and sends nothing to what is paid`;
  return { problems: [{ severity: 'error', message, hint: `assay run --target ${name}` }] };
}
