import { walkLedger } from '../adapters/walk.ts';
import { type Claim, caseId, claimId } from '../domain/claim.ts';
import type { RetestCost } from '../domain/cost.ts';
import { type Evidence, exchangesBehind } from '../domain/evidence.ts';
import { dayOf, makeHistory } from '../domain/history.ts';
import { instantOf } from '../domain/instant.ts';
import { casesNow, evidenceToShow } from '../domain/newest.ts';
import type { Run } from '../domain/run.ts';
import type { Remembered } from '../domain/standing.ts';
import type { ClaimStatus, SuiteStatus } from '../domain/status.ts';
import type { Exhibit } from '../report/explain.ts';
import { htmlDocument } from '../report/html/document.ts';
import type { Project } from './project.ts';
import { ANY_KEY_NAME } from './stage.ts';
import { version } from './version.ts';

/** What an HTML report is made of. */
export interface HtmlSubject {
  readonly project: Pick<Project, 'claim' | 'targets'>;
  /** The folder of the ledger. */
  readonly folder: string;
  readonly statuses: readonly SuiteStatus[];
  readonly remembered: Remembered;
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
  const history = makeHistory({ from: days[0] ?? '', to: days.at(-1) ?? '', isCurrent });
  const exchanges = await walkLedger(folder, {
    run: history.addRun,
    wants: (id) => wanted.has(id),
  });
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
    thumbnail: () => undefined,
  });
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
