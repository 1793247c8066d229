import { keyOf } from '../../adapters/environment.ts';
import { sha256 } from '../../adapters/sha256.ts';
import { claimId } from '../../domain/claim.ts';
import { documentedLimit, isRefuted, mostProbes, stands } from '../../domain/discover.ts';
import { didYouMean } from '../../domain/problem.ts';
import { type Discovery, planProbe, type Search, searchLimit } from '../../engine/discover.ts';
import { seenTarget } from '../../engine/evidence.ts';
import { writeImage } from '../../image/write.ts';
import { withProbesAside } from '../../domain/judged.ts';
import type { Price } from '../../engine/price.ts';
import { dollars, sumText } from '../../report/cost.ts';
import { jsonDiscovery, probeSentence, renderDiscovery } from '../../report/discover.ts';
import { caseNames } from '../../suite/selector.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { ledgerFolder, nowMs } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { perform } from '../perform.ts';
import { passing } from '../progress.ts';
import { reportingOf } from '../reporting.ts';
import { askedOf } from '../resumption.ts';
import { mayBegin } from '../stakes.ts';
import { openPlan, type Staged } from '../staged.ts';

/** Searches the real limit of a claim that says `discover`, probe by probe, and holds it against the documented one. */
export async function discover(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const reporting = await reportingOf(asked);
  if ('problems' in reporting) return reporting;
  const staged = await openPlan(asked, output);
  if ('problems' in staged) return staged;
  const { stage, project } = staged;
  try {
    const search = searchOf(asked, staged);
    if ('problems' in search) return search;
    const own = keyOf(stage.target, process.env);
    if ('problem' in own) return { problems: [own.problem] };
    const stakes = stakesOf(search, staged);
    output.say(announcement(search, stakes));
    if (!(await mayBegin([{ target: search.target, worst: stakes.worst }], asked, output)))
      return 130;
    let found: Discovery | undefined;
    const shown = passing(output);
    const how = {
      folder: ledgerFolder(asked, stage.target.grade === 'rehearsal'),
      key: own.key ?? stage.key,
      accessToken: undefined,
      startAtWallMs: nowMs(asked),
      asked: { ...askedOf(asked, staged), discover: claimId(search.claim) },
      tell: () => {},
    };
    const { sent } = await perform(staged, how, async (_, ports, order) => {
      const tell = (probe: Discovery['probes'][number]): void =>
        shown(probeSentence(probe, search.discover.vary));
      found = await searchLimit(search, { sha256, writeImage }, ports, order, tell);
      return found.run;
    });
    shown();
    if (found === undefined) throw new Error('a search without an end');
    const lines = { ...search, ...found, run: sent };
    if (valueOf(asked, 'format') === 'json')
      output.print(JSON.stringify(jsonDiscovery(lines), null, 2));
    else output.print(renderDiscovery(lines, output.columns, output.paint));
    const { claim } = project;
    // The target as the first line of the run has it, so that it reads the same when it is told again.
    const run = { ...withProbesAside(sent, claim), target: seenTarget(staged.plan.target) };
    const told = { run, claim, project, folder: how.folder };
    return await reporting.finish(told, exitCodeOf({ ...found, run: sent }, search), output);
  } finally {
    await stage.close();
  }
}

/** The search that was asked for, or why there is nothing to search. */
function searchOf(asked: Asked, { chosen, project, stage }: Staged): Search | Refused {
  const searchable = project.suites
    .flatMap(({ claims }) => claims)
    .filter((claim) => claim.discover !== undefined)
    .map(claimId);
  const [one, second] = chosen;
  if (asked.words.length !== 1 || one === undefined || second !== undefined)
    return refused('a search is of one claim that says discover', thereAre(searchable));
  const { claim, cases } = one;
  const limit = claim.discover;
  const over = limit && project.claim(limit.over);
  if (limit === undefined || over === undefined) {
    const near = didYouMean(claimId(claim), searchable).hint ?? thereAre(searchable);
    return refused(`${claimId(claim)} says no discover, so nothing of it can be moved`, near);
  }
  if (cases.length < caseNames(claim).length)
    return refused('a search is of a claim, and moves what its cases say', claimId(claim));
  const { budget } = stage.target;
  const usd = Math.min(Number(valueOf(asked, 'budget-usd') ?? Infinity), budget.usd ?? Infinity);
  return {
    claim,
    over,
    discover: limit,
    target: { ...stage.targetFor(claim), budget: { ...budget, ...(usd < Infinity && { usd }) } },
    mostProbes: Number(valueOf(asked, 'max-probes') ?? mostProbes(limit.between)),
  };
}

function thereAre(claims: readonly string[]): string {
  return claims.length === 0
    ? 'discover: { vary: NAME, between: [LEAST, MOST], over: CLAIM }'
    : `there are ${claims.join(', ')}`;
}

function refused(message: string, hint: string): Refused {
  return { problems: [{ severity: 'error', message, hint, see: 'limits' }] };
}

/** What a search may cost: as many probes as it may make, each sent once, or at worst. */
interface SearchStakes {
  readonly once: Price;
  readonly worst: Price;
}

function stakesOf(search: Search, { project }: Staged): SearchStakes {
  const { mostProbes: most, target } = search;
  const { lastAccepted } = documentedLimit(search.discover);
  const making = { claims: project.claim, sha256, writeImage };
  const { exchanges } = planProbe(search, lastAccepted, making);
  const within = (prices: readonly Price[]): Price => ({
    usd: Math.min(
      Math.max(0, ...prices.map(({ usd }) => usd)) * most,
      target.budget.usd ?? Infinity,
    ),
    requests: Math.min(
      Math.max(0, ...prices.map(({ requests }) => requests)) * most,
      target.budget.requests ?? Infinity,
    ),
  });
  return { once: within(exchanges), worst: within(exchanges.map(({ worst }) => worst)) };
}

/** What a search may cost, before it costs anything. */
function announcement(search: Search, { once, worst }: SearchStakes): string {
  const { discover: limit, mostProbes: most, target } = search;
  const [least, largest] = limit.between;
  return `searching ${limit.vary} between ${least} and ${largest}: at most ${most} probes, ${dollars(once.usd)}; at worst ${sumText(worst, target.budget)}`;
}

/** 0 where the documented limit is the real one, 1 where it is not or its edge is not sharp, 3 where that cannot be told. */
function exitCodeOf({ run, conclusion, probes }: Discovery, { discover: limit }: Search): ExitCode {
  const documented = documentedLimit(limit);
  if (run.end.kind === 'interrupted') return 130;
  if (isRefuted(probes, documented)) return 1;
  if (run.end.kind !== 'complete') return 3;
  switch (conclusion.kind) {
    case 'sharp':
      return stands(conclusion, documented) ? 0 : 1;
    case 'unsharp':
    case 'none-up-to':
      return 1;
    // Nothing was accepted that would show why the rest is refused.
    case 'rejected-from':
    case 'untold':
    case 'cut-off':
      return 3;
    default:
      return conclusion satisfies never;
  }
}
