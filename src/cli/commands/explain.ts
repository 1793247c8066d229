import { claimId } from '../../domain/claim.ts';
import type { Claim } from '../../domain/claim.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { targetId } from '../../domain/target.ts';
import { suiteStatus } from '../../domain/status.ts';
import { type Exhibit, renderExplain } from '../../report/explain.ts';
import { select } from '../../suite/selector.ts';
import { type Asked, valueOf } from '../arguments.ts';
import {
  LEDGER,
  NOW_PROBLEM,
  REHEARSALS,
  exchangesById,
  nowMs,
  openLedger,
  remember,
} from '../memory.ts';
import type { ExitCode, Output } from '../output.ts';
import { type Project, openProject } from '../project.ts';
import { ANY_KEY_NAME } from '../stage.ts';

/** Tells what a claim says, how it stands, and each piece of evidence with a command that repeats its request. */
export async function explain(asked: Asked, output: Output): Promise<ExitCode> {
  const project = await openProject(asked, output);
  if (project === undefined) return 2;
  const now = nowMs(asked);
  if (now === undefined || asked.words.length === 0) {
    const message = 'explain needs a claim: assay explain SUITE/CLAIM[/name=value…]';
    await output.problems([now === undefined ? NOW_PROBLEM : { severity: 'error', message }]);
    return 2;
  }
  const { chosen, problems } = select(project.suites, asked.words);
  if (problems.length > 0) {
    await output.problems(problems);
    return 2;
  }
  const given = valueOf(asked, 'ledger');
  const ledgers = await Promise.all(
    (given === undefined ? [LEDGER, REHEARSALS] : [given]).map((folder) => openLedger(folder)),
  );
  for (const ledger of ledgers)
    if (ledger.problems.length > 0) await output.problems(ledger.problems);
  const evidence = ledgers.flatMap((ledger) => ledger.evidence);
  const exchanges = exchangesById(ledgers.flatMap((ledger) => ledger.exchanges));
  const remembered = remember(project, evidence, now);
  const blocks = chosen.map(({ claim, cases }) => {
    const stands = standsOf(project, claim, evidence, remembered);
    const exhibits = evidence
      .filter((one) => one.claim === claimId(claim) && cases.includes(one.case))
      .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
      .map((one): Exhibit =>
        exhibit(project, claim, one, exchanges.get(one.exchange ?? ''), remembered.digestOf),
      );
    return renderExplain(claim, stands, exhibits, output.columns, output.paint);
  });
  output.print(blocks.join('\n\n'));
  return 0;
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

function exhibit(
  project: Project,
  claim: Claim,
  evidence: Evidence,
  exchange: Exhibit['exchange'],
  digestOf: ReturnType<typeof remember>['digestOf'],
): Exhibit {
  const cases = claim.basis.kind === 'sent' ? claim.basis.cases : [];
  const aCase = cases.find(({ name }) => name === evidence.case);
  const target = project.targets.find(({ name }) => name === evidence.target.name);
  return {
    evidence,
    ...(exchange !== undefined && { exchange }),
    keyName: target?.keyName ?? ANY_KEY_NAME,
    isCurrent: aCase !== undefined && digestOf(aCase) === evidence.digest,
  };
}
