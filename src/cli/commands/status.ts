import { suiteStatus } from '../../domain/status.ts';
import { labelled } from '../../report/columns.ts';
import { jsonStatus, markdownStatus, renderStatus } from '../../report/status.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { NOW_PROBLEM, ledgerFolder, nowMs, openLedger, remember } from '../memory.ts';
import type { ExitCode, Output } from '../output.ts';
import { chosenSuites, openProject } from '../project.ts';
import { REHEARSED } from '../said.ts';
import { rehearsalOf } from '../stage.ts';

/** Prints the status tables as the evidence has them, each word with its because. */
export async function status(asked: Asked, output: Output): Promise<ExitCode> {
  const project = await openProject(asked, output);
  if (project === undefined) return 2;
  const suites = chosenSuites(project, asked.words);
  const now = nowMs(asked);
  if ('problems' in suites || now === undefined) {
    await output.problems('problems' in suites ? suites.problems : [NOW_PROBLEM]);
    return 2;
  }
  const isRehearsal = isGiven(asked, 'rehearsal');
  const ledger = await openLedger(ledgerFolder(asked, isRehearsal));
  if (ledger.problems.length > 0) await output.problems(ledger.problems);
  const remembered = remember(project, ledger.evidence, now);
  const live = project.targets.filter(({ grade }) => grade === 'live').map(({ name }) => name);
  const stage = project.targets.find(({ grade }) => grade === 'rehearsal');
  if (isRehearsal && stage === undefined) {
    await output.problems([{ severity: 'error', message: 'no target is a rehearsal' }]);
    return 2;
  }
  const statuses = await Promise.all(
    suites.map(async (suite) => {
      const rehearsed =
        isRehearsal && stage !== undefined
          ? await rehearsalOf(stage, suite, valueOf(asked, 'world'))
          : undefined;
      return suiteStatus(suite, live, remembered, rehearsed);
    }),
  );
  switch (valueOf(asked, 'format') ?? 'terminal') {
    case 'terminal':
      if (isRehearsal)
        output.print(`${output.paint('yellow', labelled('', REHEARSED, 0, output.columns))}\n`);
      output.print(renderStatus(statuses, output.columns, output.paint));
      break;
    case 'markdown':
      output.print(
        isRehearsal ? `> ${REHEARSED}\n\n${markdownStatus(statuses)}` : markdownStatus(statuses),
      );
      break;
    case 'json':
      output.print(
        JSON.stringify(jsonStatus(statuses, new Date(now).toISOString(), isRehearsal), null, 2),
      );
      break;
    default:
      await output.problems([
        { severity: 'error', message: '--format is terminal, markdown or json' },
      ]);
      return 2;
  }
  return ledger.problems.some(({ severity }) => severity === 'error') ? 3 : 0;
}
