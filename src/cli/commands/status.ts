import { expiredOverrides } from '../../domain/override.ts';
import { type SuiteStatus, suiteStatus } from '../../domain/status.ts';
import { labelled } from '../../report/columns.ts';
import { jsonStatus, markdownStatus, renderStatus } from '../../report/status.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { isBroken, ledgerFolder, nowMs, openLedger, remember } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { chosenSuites, openProject } from '../project.ts';
import { REHEARSED } from '../said.ts';
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
  const ledger = await openLedger(ledgerFolder(asked, isRehearsal), output);
  const now = nowMs(asked);
  await output.problems(expiredOverrides(suites, now));
  const remembered = remember(project, ledger.evidence, now);
  const live = project.targets.filter(({ grade }) => grade === 'live').map(({ name }) => name);
  const statuses = await Promise.all(
    suites.map(async (suite) => {
      const rehearsed = rehearsal && (await rehearsalOf(rehearsal, suite, valueOf(asked, 'world')));
      return suiteStatus(suite, live, remembered, rehearsed);
    }),
  );
  await sayStatuses(statuses, valueOf(asked, 'format'), now, isRehearsal, output);
  return isBroken(ledger) ? 3 : 0;
}

async function sayStatuses(
  statuses: readonly SuiteStatus[],
  format: string | undefined,
  atMs: number,
  isRehearsal: boolean,
  output: Output,
): Promise<void> {
  const { print, columns, paint } = output;
  if (format === 'json') {
    print(JSON.stringify(jsonStatus(statuses, new Date(atMs).toISOString(), isRehearsal), null, 2));
  } else if (format === 'csv') {
    if (isRehearsal) output.say(REHEARSED);
    const { csvStatus } = await import('../../report/csv.ts');
    print(csvStatus(statuses, atMs));
  } else if (format === 'markdown') {
    print(`${isRehearsal ? `> ${REHEARSED}\n\n` : ''}${markdownStatus(statuses)}`);
  } else {
    if (isRehearsal) print(`${paint('yellow', labelled('', REHEARSED, 0, columns))}\n`);
    print(renderStatus(statuses, columns, paint));
  }
}
