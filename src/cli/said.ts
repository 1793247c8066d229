import type { Claim } from '../domain/claim.ts';
import type { Run } from '../domain/run.ts';
import type { Remembered } from '../domain/standing.ts';
import { suiteStatus } from '../domain/status.ts';
import { targetId } from '../domain/target.ts';
import { labelled, wrapped } from '../report/columns.ts';
import { renderRun, runCosts, summaryLine } from '../report/run.ts';
import { renderStatus } from '../report/status.ts';
import type { Output } from './output.ts';
import type { Staged } from './staged.ts';

/** Only a live target can verify; whoever shows a rehearsal's tables says so. */
export const REHEARSED =
  'Rehearsal: what the tables would say. Only a live target can verify; none of this reaches a page.';

/** What is known once a run is through: what standings follow from, and the folder of the ledger. */
interface Known {
  readonly remembered: Remembered;
  readonly folder: string;
}

/** Prints what a run found, then what the tables of its suites say now, unless the ledger that they follow from has failed. */
export async function sayRun(
  run: Run,
  staged: Staged,
  { remembered, folder }: Known,
  format: string,
  output: Output,
): Promise<void> {
  const { project } = staged;
  const { claim } = project;
  if (format !== 'terminal') {
    const { printReport } = await import('./reports.ts');
    await printReport(format, { run, claim, project, folder }, output);
    return;
  }
  sayFound(run, claim, output, () => {
    if (run.end.kind !== 'ledger-failed') sayTables(staged, remembered, output);
  });
}

/** Prints what a run found, and in the end what it cost; `between` prints what stands between the two. */
export function sayFound(
  run: Run,
  claim: (id: string) => Claim | undefined,
  { print, columns, paint }: Output,
  between: () => void,
): void {
  const found = renderRun(run, claim, columns, paint);
  if (found !== '') print(`${found}\n`);
  between();
  for (const line of runCosts(run)) print(line);
  for (const line of wrapped(summaryLine(run), columns)) print(paint('bold', line));
}

function sayTables(staged: Staged, remembered: Remembered, output: Output): void {
  const { print, columns, paint } = output;
  const isRehearsal = staged.stage.target.grade === 'rehearsal';
  if (isRehearsal) print(`${paint('yellow', labelled('', REHEARSED, 0, columns))}\n`);
  const live = staged.project.targets
    .filter(({ grade }) => grade === 'live')
    .map(({ name }) => name);
  const statuses = staged.suites.map((suite) => {
    const [first] = suite.claims;
    const rehearsed =
      isRehearsal && first !== undefined ? targetId(staged.stage.targetFor(first)) : undefined;
    return suiteStatus(suite, live, remembered, rehearsed);
  });
  print(`${renderStatus(statuses, columns, paint)}\n`);
}
