import { byAnswer, newShapes } from '../../domain/news.ts';
import { labelled } from '../../report/columns.ts';
import { nothingDue, withTurns } from '../../report/due.ts';
import { readingText } from '../../report/reading.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { derivedCases } from '../derived.ts';
import { keptImages } from '../images.ts';
import { exitCodeOf } from '../exit.ts';
import { resumeCommand } from '../killed.ts';
import { ledgerFolder, nowMs, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { perform, withEarlier } from '../perform.ts';
import { progress } from '../progress.ts';
import { type Reporting, reportingOf } from '../reporting.ts';
import { sayRun } from '../said.ts';
import type { Resumed } from '../resumed.ts';
import { askedAtFirst, askedOf, editedCases, editedTarget, resumption } from '../resumption.ts';
import { toleratedShare } from '../tolerated.ts';
import { secretsOf } from '../secrets.ts';
import { mayBegin, sayStake, stakeOf } from '../stakes.ts';
import { openPlan } from '../staged.ts';
import { plannedReading } from '../usage.ts';

/** Sends the requests of the chosen claims, judges the answers, keeps the evidence, and says what the tables say now. */
export async function run(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const reporting = await reportingOf(asked);
  if ('problems' in reporting) return reporting;
  if (isGiven(asked, 'compare')) {
    const { runBoth } = await import('../compare.ts');
    return await runBoth(asked, reporting, output);
  }
  const resumed = await resumption(asked);
  if (resumed === undefined) return await runPlan(asked, undefined, reporting, output);
  if ('problems' in resumed) return resumed;
  try {
    return await runPlan(askedAtFirst(asked, resumed), resumed, reporting, output);
  } finally {
    await resumed.hold.release();
  }
}

async function runPlan(
  asked: Asked,
  resumed: Resumed | undefined,
  reporting: Reporting,
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
    const stake = stakeOf(staged, resumed?.earlier);
    sayStake(stake, output);
    if (!(await mayBegin([stake], asked, output))) return 130;
    const folder = resumed?.folder ?? ledgerFolder(asked, stage.target.grade === 'rehearsal');
    const tell = progress(output);
    const performed = await perform(staged, {
      folder,
      ...secrets,
      startAtWallMs: nowMs(asked),
      asked: askedOf(asked, staged),
      ...(resumed !== undefined && { resumed }),
      ...(await keptImages(asked, folder, output)),
      tell,
    });
    const { sent, evidence } = await withEarlier(performed, folder, output);
    const remembered = remember(project, evidence, Date.parse(sent.endedAt));
    const cases = [...sent.cases, ...derivedCases(chosen, stage.targetFor, remembered)];
    const news = newShapes(sent.id, performed.evidence, remembered);
    for (const shapes of byAnswer(news)) tell({ kind: 'news', shapes });
    const leftOut = withTurns(sent.leftOut, due?.cut() ?? []);
    const whole = { ...sent, cases, leftOut, news };
    const format = valueOf(asked, 'format') ?? 'terminal';
    await sayRun(whole, staged, { remembered, folder }, format, output);
    if (sent.end.kind === 'interrupted' || sent.end.kind === 'outage')
      output.say(`to go on with it: ${resumeCommand(sent.id, asked)}`);
    const tolerated = toleratedShare(valueOf(asked, 'tolerate-undecided')) ?? 0;
    if (due?.due.size === 0) output.say(nothingDue(due.notDue));
    const code = exitCodeOf(whole, tolerated, due?.cut().length === 0);
    const told = { run: whole, claim: project.claim, project, folder };
    return await reporting.finish(told, code, output);
  } finally {
    await stage.close();
  }
}
