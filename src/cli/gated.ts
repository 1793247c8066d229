import { join } from 'node:path';
import { readWritten } from '../adapters/files.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { Unbound } from '../docs/bound.ts';
import type { Claim, Suite } from '../domain/claim.ts';
import { claimId } from '../domain/claim.ts';
import { boundClaims } from '../domain/coverage.ts';
import type { Reason } from '../domain/gate.ts';
import { sentenceOf } from '../domain/gateway.ts';
import { gone } from '../domain/gone.ts';
import type { Gated } from '../domain/look.ts';
import { overriddenRows, overrideState } from '../domain/override.ts';
import type { Problem } from '../domain/problem.ts';
import { type Remembered, isKnown } from '../domain/standing.ts';
import { type Target, targetId } from '../domain/target.ts';
import type { KeptRun } from '../ledger/read.ts';
import type { Chosen } from '../suite/selector.ts';
import type { Refused } from './output.ts';
import type { Project } from './project.ts';
import { rehearsalOf } from './stage.ts';

/** One side of a gate: a target, and the world in which a rehearsal of it took place. */
export interface Side {
  /** As it was asked for: `local`, `mock`, `mock@2026-03-30`. */
  readonly name: string;
  readonly target: Target;
  readonly world?: string;
}

/** What a gate looks at: the chosen claims, by which name each target has its evidence, and what is bound to the docs. */
export async function gatedClaims(
  chosen: readonly Chosen[],
  { suites, claim }: Project,
  here: Side,
  there: Side | undefined,
): Promise<readonly Gated[]> {
  const ids = new Set(chosen.map((one) => one.claim.suite));
  const told = suites.filter(({ id, superseded }) => superseded === undefined || ids.has(id));
  const bound = boundClaims(told, claim);
  const [targets, others] = await Promise.all([idsOf(here, suites), idsOf(there, suites)]);
  return chosen.map((one) => ({
    ...one,
    target: targets.get(one.claim.suite) ?? here.name,
    ...placeOf(here.target),
    ...(there && { against: others.get(one.claim.suite) ?? there.name }),
    isBound: bound.has(claimId(one.claim)),
  }));
}

/** A mock on this machine is where it was started. */
function placeOf({ grade, baseUrl, channel }: Target): Pick<Gated, 'place'> {
  if (grade === 'rehearsal' || baseUrl === undefined) return {};
  const { host } = new URL(baseUrl);
  return { place: { host, ...(channel !== undefined && { channel }) } };
}

async function idsOf(
  side: Side | undefined,
  suites: readonly Suite[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  if (side === undefined) return ids;
  const { target, world } = side;
  for (const suite of suites) {
    const met = target.grade === 'live' ? target : await rehearsalOf(target, suite, world);
    ids.set(suite.id, targetId(met));
  }
  return ids;
}

/** The suites of some claims. */
export function suitesOf(chosen: readonly Chosen[], { suites }: Project): readonly Suite[] {
  const ids = new Set(chosen.map(({ claim }) => claim.suite));
  return suites.filter(({ id }) => ids.has(id));
}

/** Overrides of some suites whose time is over: nobody has decided anew, and their word may still stand in the page. */
export function expiredReasons(suites: readonly Suite[], now: number): readonly Reason[] {
  return overriddenRows(suites)
    .filter(({ override }) => overrideState(override, now) === 'expired')
    .map(({ name, override: { by, until } }) => ({
      kind: 'expired-override',
      cases: [],
      because: `the override of ${name} by ${by} has expired on ${until}`,
      evidence: [],
    }));
}

/** What was decided lately, and is there no more; only of suites that are looked at as a whole. */
export function goneReasons(
  gated: readonly Gated[],
  { suites }: Project,
  sides: readonly Side[],
  selectors: readonly string[],
  elsewhere: ReadonlySet<string>,
  remembered: Remembered,
): readonly Reason[] {
  const current = suites.filter(({ superseded }) => superseded === undefined);
  const live = sides.flatMap(({ target }) => (target.grade === 'live' ? [targetId(target)] : []));
  const rehearsed = gated.flatMap(({ target, against }) => [target, ...(against ? [against] : [])]);
  const watch = {
    targets: new Set([...live, ...rehearsed]),
    sentenceOf: (claim: Claim) => sentenceOf(claim, sha256),
  };
  return selectors.length > 0
    ? gone({ ...watch, suites: new Set(selectors) }, remembered)
    : gone({ ...watch, suites: idsIn(current), all: idsIn(suites), elsewhere }, remembered);
}

function idsIn(suites: readonly Suite[]): ReadonlySet<string> {
  return new Set(suites.map(({ id }) => id));
}

/** The newest run on a target, if it did not come to its end: which cases it would have tried is not in the evidence. */
export function cutShort(
  runs: readonly KeptRun[],
  { target, world }: Side,
  now: number,
): readonly Reason[] {
  const own = runs.filter(
    ({ start }) =>
      isKnown({ at: start.startedAt }, { now }) &&
      start.target.name === target.name &&
      start.target.grade === target.grade &&
      (world === undefined || (start.world ?? world) === world),
  );
  const [newest] = own.toSorted(
    (a, b) => Date.parse(b.start.startedAt) - Date.parse(a.start.startedAt),
  );
  if (newest === undefined || newest.close?.reason.kind === 'complete') return [];
  const { id } = newest.start;
  const how = newest.close === undefined ? 'it has no end' : newest.close.reason.kind;
  const because = `${id}, the newest run on ${target.name}, did not come to its end (${how})`;
  return [{ kind: 'cut-short', cases: [], because, evidence: [] }];
}

/** Claims whose quoted words do not stand in their page, in any of its locales: nobody knows what the docs promise now. */
export async function unboundReasons(
  chosen: readonly Chosen[],
  suites: readonly Suite[],
  folder: string,
): Promise<readonly Reason[] | Refused> {
  const [{ readPage }, { unbound }] = await Promise.all([
    import('../docs/page.ts'),
    import('../docs/bound.ts'),
  ]);
  const problems: Problem[] = [];
  const reasons: Reason[] = [];
  for (const suite of suites) {
    const quoting = chosen.filter(
      ({ claim }) => claim.suite === suite.id && claim.documented.quote !== undefined,
    );
    const files = quoting.length === 0 ? [] : Object.values(suite.pages);
    const written = await Promise.all(files.map((file) => readWritten(join(folder, file))));
    const pages = written.flatMap((one) => {
      const read =
        'file' in one ? readPage(one.file.name, one.file.bytes) : { problems: [one.problem] };
      if ('page' in read) return [read.page];
      problems.push(...read.problems);
      return [];
    });
    for (const { claim } of pages.length === 0 ? [] : quoting) {
      const missing = pages.map((page) => unbound(page, claim.documented));
      const [first] = missing;
      if (first === undefined || missing.includes(undefined)) continue;
      reasons.push(unboundReason(claimId(claim), files[0] ?? '', first));
    }
  }
  return problems.length > 0 ? { problems } : reasons;
}

function unboundReason(claim: string, file: string, { why, nearest }: Unbound): Reason {
  const near = nearest === undefined ? '' : `; nearest to it: "${nearest}"`;
  return { kind: 'unbound', claim, cases: [], because: `${file}: ${why}${near}`, evidence: [] };
}
