import { type Step, claimId } from '../../domain/claim.ts';
import { mostPolls } from '../../domain/steps.ts';
import { targetId } from '../../domain/target.ts';
import { measuredLast, plannedCosts } from '../../engine/expected.ts';
import { worstCase } from '../../engine/plan.ts';
import type { PlannedExchange } from '../../engine/sharing.ts';
import { renderPlan } from '../../report/plan.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { ledgerFolder, nowMs, openLedger, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { openPlan } from '../staged.ts';
import { plannedReading } from '../usage.ts';

/** Lists what a run would send, what it may cost, and what it leaves out; sends nothing to a live target. */
export async function plan(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const staged = await openPlan(asked, output);
  if ('problems' in staged) return staged;
  await staged.stage.close();
  const { exchanges, derived, untestable, leftOut } = staged.plan;
  const ledger = await openLedger(
    ledgerFolder(asked, staged.stage.target.grade === 'rehearsal'),
    output,
  );
  const remembered = remember(staged.project, ledger.evidence, nowMs(asked));
  const lines = {
    exchanges: exchanges.map((one) => ({
      request: requestsOf(one),
      target: targetId(one.target),
      measures: one.measures ?? null,
      usd: one.usd,
      measuredUsd: measuredLast(one, remembered) ?? null,
      cases: one.cases.map(({ claim, case: { name } }) => ({ claim: claimId(claim), case: name })),
    })),
    derived: derived.map((claim) => claimId(claim)),
    untestable: untestable.map((claim) => claimId(claim)),
    leftOut,
    reading: plannedReading(staged.plan) ?? null,
    costs: plannedCosts(exchanges, remembered),
    worst: worstCase(staged.plan),
  };
  if (valueOf(asked, 'format') === 'json')
    output.print(JSON.stringify({ schema: 'assay.plan.v1', ...lines }, null, 2));
  else output.print(renderPlan(lines, output.columns, output.paint));
  return exchanges.length === 0 && derived.length === 0 ? 3 : 0;
}

/** `POST /v1/video/create, GET /v1/video/${id} (at most 121 times)`: what an exchange sends, in order. */
function requestsOf({ request, cases }: PlannedExchange): string {
  const steps: readonly Pick<Step, 'request' | 'polling'>[] = cases[0]?.case.steps ?? [{ request }];
  const said = steps.map(({ request: { method, path, url }, polling }) => {
    const often = polling === undefined ? '' : ` (at most ${mostPolls(polling)} times)`;
    return `${method} ${path ?? url ?? ''}${often}`;
  });
  return said.join(', ');
}
