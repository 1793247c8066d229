import { type Case, type Step, claimId } from '../../domain/claim.ts';
import type { DueReason } from '../../domain/due.ts';
import type { Remembered } from '../../domain/standing.ts';
import { mostPolls } from '../../domain/steps.ts';
import { targetId } from '../../domain/target.ts';
import type { NotDue } from '../../engine/due.ts';
import { measuredLast, plannedCosts } from '../../engine/expected.ts';
import { worstCase } from '../../engine/plan.ts';
import { repetition } from '../../engine/repetition.ts';
import type { PlannedExchange } from '../../engine/sharing.ts';
import { notDueText, nothingDue, reasonText, withTurns } from '../../report/due.ts';
import { renderPlan } from '../../report/plan.ts';
import { type Asked, valueOf } from '../arguments.ts';
import type { Due } from '../due.ts';
import { ledgerFolder, nowMs, openHeads, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { type Staged, openPlan } from '../staged.ts';
import { plannedReading } from '../usage.ts';

/** Lists what a run would send, what it may cost, and what it leaves out; sends nothing to a live target. */
export async function plan(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const staged = await openPlan(asked, output);
  if ('problems' in staged) return staged;
  await staged.stage.close();
  const { exchanges, derived, untestable, leftOut } = staged.plan;
  const { due } = staged;
  const remembered = due?.remembered ?? (await rememberedFor(asked, staged, output));
  const lines = {
    exchanges: exchanges.map((one) => ({
      request: requestsOf(one),
      target: targetId(one.target),
      measures: one.measures ?? null,
      trials: repetition(one.cases),
      usd: one.usd,
      measuredUsd: measuredLast(one, remembered) ?? null,
      cases: one.cases.map(({ claim, case: { name }, written }) => ({
        claim: claimId(claim),
        case: name,
        ...(due !== undefined && { due: reasonsIn(due, one, written) }),
      })),
    })),
    derived: derived.map((claim) => claimId(claim)),
    untestable: untestable.map((claim) => claimId(claim)),
    leftOut: due === undefined ? leftOut : withTurns(leftOut, due.cut()),
    ...(due !== undefined && { notDue: due.notDue.map(whyNotDue), gateway: due.gateway }),
    reading: plannedReading(staged.plan) ?? null,
    costs: plannedCosts(exchanges, remembered),
    worst: worstCase(staged.plan),
    shard: valueOf(asked, 'shard') ?? null,
    budget: staged.plan.target.budget,
  };
  if (valueOf(asked, 'format') === 'json')
    output.print(JSON.stringify({ schema: 'assay.plan.v1', ...lines }, null, 2));
  else output.print(renderPlan(lines, output.columns, output.paint));
  if (due !== undefined && due.due.size === 0) output.say(nothingDue(due.notDue));
  return due === undefined && exchanges.length === 0 && derived.length === 0 ? 3 : 0;
}

async function rememberedFor(
  asked: Asked,
  { project, stage }: Staged,
  output: Output,
): Promise<Remembered> {
  const folder = ledgerFolder(asked, stage.target.grade === 'rehearsal');
  const now = nowMs(asked);
  return remember(project, (await openHeads(folder, now, output)).evidence, now);
}

function reasonsIn(
  { due }: Due,
  { target }: PlannedExchange,
  written: Case,
): readonly ReturnType<typeof whyDue>[] {
  const one = due.get(written);
  return one?.target === targetId(target) ? one.reasons.map(whyDue) : [];
}

/** What is not due, until when, and what it waits for if it does need evidence. */
function whyNotDue({ claim, case: name, kind, untilMs, reasons }: NotDue) {
  const until = new Date(untilMs).toISOString();
  return { claim, case: name, reason: notDueText(kind, untilMs), until, due: reasons.map(whyDue) };
}

function whyDue(reason: DueReason) {
  return { kind: reason.kind, because: reasonText(reason) };
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
