import { accessTokenOf, keyOf } from '../../adapters/environment.ts';
import type { Case } from '../../domain/claim.ts';
import type { Plan } from '../../engine/plan.ts';
import { labelled } from '../../report/columns.ts';
import { nothingDue } from '../../report/due.ts';
import { readingText } from '../../report/reading.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { derivedCases } from '../derived.ts';
import { exitCodeOf } from '../exit.ts';
import { resumeCommand } from '../killed.ts';
import { ledgerFolder, nowMs, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { type Performing, perform, withEarlier } from '../perform.ts';
import { progress } from '../progress.ts';
import { sayRun } from '../said.ts';
import type { Resumed } from '../resumed.ts';
import { askedAtFirst, askedOf, editedCases, editedTarget, resumption } from '../resumption.ts';
import { toleratedShare } from '../tolerated.ts';
import type { Stage } from '../stage.ts';
import { openPlan } from '../staged.ts';
import { plannedReading } from '../usage.ts';

/** Sends the requests of the chosen claims, judges the answers, keeps the evidence, and says what the tables say now. */
export async function run(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const resumed = await resumption(asked);
  if (resumed === undefined) return await runPlan(asked, undefined, output);
  if ('problems' in resumed) return resumed;
  try {
    return await runPlan(askedAtFirst(asked, resumed), resumed, output);
  } finally {
    await resumed.hold.release();
  }
}

async function runPlan(
  asked: Asked,
  resumed: Resumed | undefined,
  output: Output,
): Promise<ExitCode | Refused> {
  const staged = await openPlan(asked, output);
  if ('problems' in staged) return staged;
  const { project, chosen, stage, plan, due } = staged;
  try {
    const edited = resumed && editedTarget(resumed, plan);
    if (edited !== undefined) return { problems: [edited] };
    if (resumed !== undefined) await output.problems(editedCases(resumed, plan));
    const reading = plannedReading(plan);
    const secrets = secretsOf(stage, reading !== undefined);
    if ('problems' in secrets) return secrets;
    if (reading !== undefined) output.say(labelled('', readingText(reading), 0, output.columns));
    const folder = resumed?.folder ?? ledgerFolder(asked, stage.target.grade === 'rehearsal');
    const performed = await perform(staged, {
      folder,
      ...secrets,
      startAtWallMs: nowMs(asked),
      asked: askedOf(asked, staged),
      ...(resumed !== undefined && { resumed }),
      tell: progress(output, (text) => void process.stderr.write(text)),
    });
    const { sent, evidence } = await withEarlier(performed, folder, output);
    const remembered = remember(project, evidence, Date.parse(sent.endedAt), digestsOf(plan));
    const cases = [...sent.cases, ...derivedCases(chosen, stage, remembered)];
    const whole = { ...sent, cases };
    await sayRun(whole, staged, remembered, valueOf(asked, 'format') ?? 'terminal', output);
    if (sent.end.kind === 'interrupted' || sent.end.kind === 'outage')
      output.say(`to go on with it: ${resumeCommand(sent.id, asked)}`);
    const tolerated = toleratedShare(valueOf(asked, 'tolerate-undecided')) ?? 0;
    if (due === undefined) return exitCodeOf(whole, tolerated);
    if (due.due.size === 0) output.say(nothingDue(due.notDue));
    return exitCodeOf(whole, tolerated, due.cut().length === 0);
  } finally {
    await stage.close();
  }
}

/** Mocks in this process bring theirs; an access token is asked for only where a claim is about what was charged. */
function secretsOf(
  { target, key, accessToken }: Stage,
  isMeasured: boolean,
): Pick<Performing, 'key' | 'accessToken'> | Refused {
  const own = keyOf(target, process.env);
  if ('problem' in own) return { problems: [own.problem] };
  const reads = isMeasured && accessToken === undefined ? accessTokenOf(target, process.env) : {};
  if ('problem' in reads) return { problems: [reads.problem] };
  return { key: own.key ?? key, accessToken: accessToken ?? reads.key };
}

/** Today's digests of the planned cases, which the plan has computed already. */
function digestsOf({ exchanges }: Plan): readonly (readonly [Case, string])[] {
  return exchanges.flatMap(({ cases }) => cases).map((one) => [one.case, one.digest] as const);
}
