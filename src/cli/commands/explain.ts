import { claimId, needsOf } from '../../domain/claim.ts';
import type { Claim } from '../../domain/claim.ts';
import { type Evidence, exchangesBehind } from '../../domain/evidence.ts';
import { overriddenRows, overrideState, overrideText, restsOn } from '../../domain/override.ts';
import { targetId } from '../../domain/target.ts';
import { suiteStatus } from '../../domain/status.ts';
import { type Exhibit, renderExplain } from '../../report/explain.ts';
import { caseNames, select } from '../../suite/selector.ts';
import type { Asked } from '../arguments.ts';
import { exchangesById, isBroken, ledgerFolders, nowMs, openLedger, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { type Project, openProject } from '../project.ts';
import { ANY_KEY_NAME } from '../stage.ts';

/** Tells what a claim says, how it stands, and each piece of evidence with a command that repeats its request. */
export async function explain(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  if (asked.words.length === 0) {
    const message = 'explain needs a claim: assay explain SUITE/CLAIM[/name=value…]';
    return { problems: [{ severity: 'error', message }] };
  }
  const project = await openProject(asked, output);
  if ('problems' in project) return project;
  const { chosen, problems } = select(project.suites, asked.words);
  if (problems.length > 0) return { problems };
  const ledgers = await Promise.all(
    ledgerFolders(asked).map((folder) => openLedger(folder, output)),
  );
  const evidence = ledgers.flatMap((ledger) => ledger.evidence);
  const exchanges = exchangesById(ledgers.flatMap((ledger) => ledger.exchanges));
  const now = nowMs(asked);
  const remembered = remember(project, evidence, now);
  const blocks = chosen.map(({ claim, cases }) => {
    const stands = standsOf(project, claim, evidence, remembered);
    const exhibits = evidence
      .filter((one) => one.claim === claimId(claim) && isAsked(one, claim, cases))
      .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
      .map((one): Exhibit =>
        exhibit(
          project,
          claim,
          one,
          exchangesBehind(one).flatMap((id) => exchanges.get(id) ?? []),
          remembered.digestOf,
        ),
      );
    const overrides = overridesOn(project, claimId(claim), now);
    return renderExplain(claim, overrides, stands, exhibits, output.columns, output.paint);
  });
  output.print(blocks.join('\n\n'));
  return ledgers.some(isBroken) ? 3 : 0;
}

/** What was decided over the rows that rest on a claim. */
function overridesOn({ suites, claim }: Project, id: string, now: number): readonly string[] {
  return overriddenRows(suites)
    .filter(({ row }) => needsOf(row).some((need) => restsOn(need, id, claim)))
    .map(({ name, override }) => {
      const state = overrideState(override, now);
      const when = { coming: `, from ${override.on}`, 'in force': '', expired: ', expired' }[state];
      return `${name}${when}: ${overrideText(override)}`;
    });
}

/** How the claim stands on each live target, and on each rehearsal that has evidence of it. */
function standsOf(
  project: Project,
  claim: Claim,
  evidence: readonly Evidence[],
  remembered: ReturnType<typeof remember>,
) {
  const suite = project.suites.find(({ id }) => id === claim.suite);
  if (suite === undefined) return [];
  const live = project.targets
    .filter(({ grade }) => grade === 'live')
    .map((target) => targetId(target));
  const rehearsed = evidence.filter(
    (one) => one.claim === claimId(claim) && one.target.grade === 'rehearsal',
  );
  const targets = [...new Set([...live, ...rehearsed.map((one) => targetId(one.target))])];
  const only = { ...suite, claims: [{ ...claim }], tables: [] };
  return suiteStatus(only, targets, remembered).claims;
}

/** Probes are of the whole claim, whichever of its cases they come to. */
function isAsked({ case: name, probe }: Evidence, claim: Claim, cases: readonly string[]): boolean {
  return cases.includes(name) || (probe === true && cases.length === caseNames(claim).length);
}

function exhibit(
  project: Project,
  claim: Claim,
  evidence: Evidence,
  exchanges: Exhibit['exchanges'],
  digestOf: ReturnType<typeof remember>['digestOf'],
): Exhibit {
  const cases = claim.basis.kind === 'sent' ? claim.basis.cases : [];
  const aCase = cases.find(({ name }) => name === evidence.case);
  const target = project.targets.find(({ name }) => name === evidence.target.name);
  return {
    evidence,
    exchanges,
    keyName: target?.keyName ?? ANY_KEY_NAME,
    isCurrent: aCase === undefined ? evidence.probe === true : digestOf(aCase) === evidence.digest,
  };
}
