import { expiredOverrides } from '../../domain/override.ts';
import type { Suite } from '../../domain/claim.ts';
import type { RetestCost } from '../../domain/cost.ts';
import { type SuiteStatus, suiteStatus } from '../../domain/status.ts';
import { type Target, targetId } from '../../domain/target.ts';
import { labelled } from '../../report/columns.ts';
import { type KilledRun, killedSentence } from '../../report/killed.ts';
import { jsonRetest, markdownRetest, renderRetest } from '../../report/retest.ts';
import { jsonStatus, markdownStatus, renderStatus } from '../../report/status.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { killedRuns } from '../killed.ts';
import { isBroken, ledgerFolder, nowMs, openHeads, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { chosenSuites, openProject } from '../project.ts';
import { REHEARSED } from '../said.ts';
import { retestCosts } from '../retest.ts';
import { rehearsalOf } from '../stage.ts';

/** Prints the status tables as the evidence has them, each word with its because. */
export async function status(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const project = await openProject(asked, output);
  if ('problems' in project) return project;
  const suites = chosenSuites(project, asked.words);
  if ('problems' in suites) return suites;
  const isRehearsal = isGiven(asked, 'rehearsal');
  const rehearsal = isRehearsal
    ? project.targets.find(({ grade }) => grade === 'rehearsal')
    : undefined;
  if (isRehearsal && rehearsal === undefined)
    return { problems: [{ severity: 'error', message: 'no target is a rehearsal' }] };
  const now = nowMs(asked);
  const ledger = await openHeads(ledgerFolder(asked, isRehearsal), now, output);
  await output.problems(expiredOverrides(suites, now));
  const remembered = remember(project, ledger.evidence, now);
  const live = project.targets.filter(({ grade }) => grade === 'live');
  const names = live.map(({ name }) => name);
  const rehearsed = new Map<Suite, Target>();
  if (rehearsal !== undefined) {
    const world = valueOf(asked, 'world');
    for (const suite of suites) rehearsed.set(suite, await rehearsalOf(rehearsal, suite, world));
  }
  const statuses = suites.map((suite) => {
    const target = rehearsed.get(suite);
    return suiteStatus(suite, names, remembered, target && targetId(target));
  });
  const costs = retestCosts(
    statuses,
    ({ suite }) => [rehearsed.get(suite) ?? live].flat(),
    remembered,
  );
  const killed = await killedRuns(asked, ledger);
  if (valueOf(asked, 'format') === 'html') {
    const { htmlReport } = await import('../html.ts');
    const expired = expiredOverrides(suites, now).map(({ message }) => message);
    const asides = [...killed.map(killedSentence), ...expired];
    const folder = ledgerFolder(asked, isRehearsal);
    output.print(
      await htmlReport({ project, folder, statuses, remembered, isRehearsal, asides, costs }),
    );
    return isBroken(ledger) ? 3 : 0;
  }
  await sayStatuses(
    { statuses, costs, killed, isRehearsal },
    valueOf(asked, 'format'),
    now,
    output,
  );
  return isBroken(ledger) ? 3 : 0;
}

/** What there is to say. */
interface Told {
  readonly statuses: readonly SuiteStatus[];
  readonly costs: readonly RetestCost[];
  readonly killed: readonly KilledRun[];
  readonly isRehearsal: boolean;
}

async function sayStatuses(
  { statuses, costs, killed, isRehearsal }: Told,
  format: string | undefined,
  atMs: number,
  output: Output,
): Promise<void> {
  const { print, columns, paint } = output;
  const asides = [...killed.map(killedSentence), ...(isRehearsal ? [REHEARSED] : [])];
  if (format === 'json') {
    const at = new Date(atMs).toISOString();
    print(
      JSON.stringify(
        { ...jsonStatus(statuses, at, isRehearsal), retest: jsonRetest(costs), killed },
        null,
        2,
      ),
    );
  } else if (format === 'csv') {
    for (const text of asides) output.say(text);
    const { csvStatus } = await import('../../report/csv.ts');
    print(csvStatus(statuses, atMs, costs));
  } else if (format === 'prometheus') {
    for (const text of asides) output.say(text);
    const { prometheusStatus } = await import('../../report/prometheus.ts');
    print(prometheusStatus(statuses, atMs, costs));
  } else if (format === 'markdown') {
    print(
      `${asides.map((text) => `> ${text}\n\n`).join('')}${markdownStatus(statuses)}${markdownRetest(costs)}`,
    );
  } else {
    for (const text of asides) print(`${paint('yellow', labelled('', text, 0, columns))}\n`);
    print(renderStatus(statuses, columns, paint));
    const retest = renderRetest(costs);
    if (retest !== '') print(`\n${retest}`);
  }
}
