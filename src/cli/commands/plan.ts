import { claimId } from '../../domain/claim.ts';
import { targetId } from '../../domain/target.ts';
import { worstCase } from '../../engine/plan.ts';
import { renderPlan } from '../../report/plan.ts';
import { type Asked, valueOf } from '../arguments.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { openPlan } from '../staged.ts';

/** Lists what a run would send, what it may cost, and what it leaves out; sends nothing to a live target. */
export async function plan(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const staged = await openPlan(asked, output);
  if ('problems' in staged) return staged;
  await staged.stage.close();
  const { exchanges, derived, untestable, leftOut } = staged.plan;
  const lines = {
    exchanges: exchanges.map((one) => ({
      request: `${one.request.method} ${one.request.path ?? one.request.url ?? ''}`,
      target: targetId(one.target),
      usd: one.usd,
      cases: one.cases.map(({ claim, case: { name } }) => ({ claim: claimId(claim), case: name })),
    })),
    derived: derived.map((claim) => claimId(claim)),
    untestable: untestable.map((claim) => claimId(claim)),
    leftOut,
    worst: worstCase(staged.plan),
  };
  if (valueOf(asked, 'format') === 'json')
    output.print(JSON.stringify({ schema: 'assay.plan.v1', ...lines }, null, 2));
  else output.print(renderPlan(lines, output.columns, output.paint));
  return exchanges.length === 0 && derived.length === 0 ? 3 : 0;
}
