import type { Heads } from '../adapters/heads.ts';
import { LedgerUnusable } from '../adapters/ledgerFile.ts';
import { walkLedger } from '../adapters/walk.ts';
import { type Claim, type Suite, caseId, claimId } from '../domain/claim.ts';
import type { RetestCost } from '../domain/cost.ts';
import { type Evidence, exchangesBehind } from '../domain/evidence.ts';
import type { Exchange, Payload } from '../domain/exchange.ts';
import { dayOf, makeHistory } from '../domain/history.ts';
import { compareInstants, instantMs, instantOf } from '../domain/instant.ts';
import { casesNow, evidenceToShow } from '../domain/newest.ts';
import { expiredOverrides } from '../domain/override.ts';
import type { Run } from '../domain/run.ts';
import { type Remembered, knowingUntil, knownUntil } from '../domain/standing.ts';
import { type ClaimStatus, type SuiteStatus, suiteStatus } from '../domain/status.ts';
import { targetId } from '../domain/target.ts';
import type { Exhibit } from '../report/explain.ts';
import { htmlDocument } from '../report/html/document.ts';
import { imagesFolder } from './images.ts';
import { mainTarget } from './known.ts';
import { openHeads, remember } from './memory.ts';
import type { Project } from './project.ts';
import type { Reported } from './reports.ts';
import { ANY_KEY_NAME } from './stage.ts';
import { version } from './version.ts';

/** What an HTML report is made of. */
export interface HtmlSubject {
  readonly project: Pick<Project, 'claim' | 'targets'>;
  /** The folder of the ledger. */
  readonly folder: string;
  readonly statuses: readonly SuiteStatus[];
  readonly remembered: Remembered;
  /** Absent where it is about how everything stands; of one that is told again, nothing later than its end is known. */
  readonly run?: Run;
  readonly isRehearsal: boolean;
  readonly asides: readonly string[];
  readonly costs: readonly RetestCost[];
}

/** The days of a history: two months show when a claim that is tried once a month was tried before. */
const DAYS = 60;
const DAY_MS = 86_400_000;

/** An HTML report of what the ledger says now, or of a run: it reads the whole ledger once more, for histories and exchanges. */
export async function htmlReport(subject: HtmlSubject): Promise<string> {
  const { project, folder, statuses, remembered, run, isRehearsal, asides, costs } = subject;
  const at = instantOf(remembered.now);
  const days = Array.from({ length: DAYS }, (_, ago) =>
    dayOf(instantOf(remembered.now - (DAYS - 1 - ago) * DAY_MS)),
  );
  const shown = new Map<ClaimStatus, readonly Evidence[]>();
  const cases = new Map(
    statuses.flatMap(({ claims }) =>
      claims.map((status) => [status, casesOn(status, remembered)] as const),
    ),
  );
  for (const [status, own] of cases)
    shown.set(status, evidenceToShow(own, status.target ?? '', remembered));
  const wanted = new Set([...shown.values()].flat().flatMap(exchangesBehind));
  const isCurrent = currency(project, remembered);
  const until = run?.endedAt ?? instantOf(knownUntil(remembered));
  const history = makeHistory({ from: days[0] ?? '', to: days.at(-1) ?? '', isCurrent });
  const walk = walkLedger(folder, {
    run: (all) => history.addRun(all.filter((one) => compareInstants(one.at, until) <= 0)),
    wants: (id) => wanted.has(id),
  });
  const exchanges = await orNothing(walk, new Map<string, Exchange>(), run);
  const keyNames = new Map(project.targets.map(({ name, keyName }) => [name, keyName]));
  return htmlDocument({
    at,
    tool: version(),
    ...(run !== undefined && { run }),
    isRehearsal,
    statuses,
    asides,
    costs,
    days,
    history: ({ claim, target = '' }) => history.of(claimId(claim), target),
    cases: (status) => cases.get(status) ?? [],
    exhibits: (status) =>
      (shown.get(status) ?? []).map((evidence): Exhibit => ({
        evidence,
        exchanges: exchangesBehind(evidence).flatMap((id) => exchanges.get(id) ?? []),
        keyName: keyNames.get(evidence.target.name) ?? ANY_KEY_NAME,
        isCurrent: isCurrent(evidence),
      })),
    thumbnail: await thumbnails(imagesFolder(folder)),
  });
}

/** An HTML report of a run: what it found, and what the tables of its suites said by its end. It follows from the ledger alone. */
export async function htmlOfRun({ run, project, folder }: Reported): Promise<string> {
  const endedMs = instantMs(run.endedAt);
  // What is wrong with the ledger was said when the run was read, or as it ended.
  const silent = { problems: async () => {} };
  const heads = openHeads(folder, knowingUntil(endedMs), silent);
  const { evidence } = await orNothing<Pick<Heads, 'evidence'>>(heads, { evidence: [] }, run);
  const remembered = remember(project, evidence, endedMs);
  const named = new Set([...run.cases, ...run.leftOut].map(({ claim }) => claim.split('/')[0]));
  const suites = project.suites.filter(({ id }) => named.has(id));
  const isRehearsal = run.target.grade === 'rehearsal';
  const live = project.targets.filter(({ grade }) => grade === 'live').map(({ name }) => name);
  const own = evidence.filter((one) => one.run === run.id);
  const rehearsed = (suite: Suite) =>
    isRehearsal ? (mainTarget(suite, own) ?? targetId(run.target)) : undefined;
  return await htmlReport({
    project,
    folder,
    statuses: suites.map((suite) => suiteStatus(suite, live, remembered, rehearsed(suite))),
    remembered,
    run,
    isRehearsal,
    asides: [...run.hints, ...expiredOverrides(suites, endedMs).map(({ message }) => message)],
    costs: [],
  });
}

/** Of a run that has lost its ledger there is a report all the same, which says so: what cannot be read is not in it. */
async function orNothing<Read>(
  read: Promise<Read>,
  nothing: Read,
  run: Run | undefined,
): Promise<Read> {
  try {
    return await read;
  } catch (error) {
    if (run?.end.kind === 'ledger-failed' && error instanceof LedgerUnusable) return nothing;
    throw error;
  }
}

/** What small copies of one report may take: the pixels that are decoded for them, in all. */
const MOST_PIXELS = 150_000_000;

/** Makes small copies of images that were kept, each when it is asked for; what decodes them is loaded only where any was. */
async function thumbnails(folder: string): Promise<(payload: Payload) => string | undefined> {
  const { hasKept, readKept } = await import('../adapters/images.ts');
  if (!hasKept(folder)) return () => undefined;
  const { thumbnail } = await import('../image/thumbnail.ts');
  const made = new Map<string, string | undefined>();
  let left = MOST_PIXELS;
  return ({ sha256, width, height }) => {
    if (made.has(sha256)) return made.get(sha256);
    if (left < width * height) return undefined;
    const bytes = readKept(folder, sha256);
    const copy = bytes && thumbnail(bytes);
    if (bytes !== undefined) left -= width * height;
    made.set(sha256, copy);
    return copy;
  };
}

function casesOn({ claim, target }: ClaimStatus, remembered: Remembered) {
  return target === undefined ? [] : casesNow(claim, target, remembered);
}

/** Tells whether evidence is of what is written today. */
function currency(
  { claim }: Pick<Project, 'claim'>,
  { digestOf }: Remembered,
): (one: Evidence) => boolean {
  const digests = new Map<string, string | undefined>();
  const digestToday = (known: Claim | undefined, name: string) => {
    const basis = known?.basis;
    const aCase = basis?.kind === 'sent' ? basis.cases.find((one) => one.name === name) : undefined;
    return aCase && digestOf(aCase);
  };
  return (one) => {
    const id = caseId(one.claim, one.case);
    if (!digests.has(id)) digests.set(id, digestToday(claim(one.claim), one.case));
    return digests.get(id) === one.digest;
  };
}
