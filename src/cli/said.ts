import type { Claim } from '../domain/claim.ts';
import type { Run } from '../domain/run.ts';
import type { Remembered } from '../domain/standing.ts';
import { suiteStatus } from '../domain/status.ts';
import { targetId } from '../domain/target.ts';
import { labelled, wrapped } from '../report/columns.ts';
import { foundIn, runCosts, summaryLine } from '../report/run.ts';
import { renderAfterRun } from '../report/status.ts';
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
  const tables = run.end.kind === 'ledger-failed' ? '' : tablesText(staged, remembered, output);
  sayFound(run, claim, output, tables);
}

/** What is longer takes more than a screen. */
const MOST_LINES = 40;

/**
 * Prints what a run found, the tables that stand behind it, and in the end what it cost. What contradicts the docs comes first;
 * where more than a screen would come behind it, last, so that it is what one sees.
 */
export function sayFound(
  run: Run,
  claim: (id: string) => Claim | undefined,
  { print, columns, paint }: Output,
  tables: string,
): void {
  const { ending, contradictions, aside } = foundIn(run, claim, columns, paint);
  const costs = runCosts(run);
  const behind = [...aside, ...(tables === '' ? [] : [tables])];
  const isLong = behind.join('\n\n').split('\n').length + costs.length > MOST_LINES;
  const found = isLong ? [...ending, ...behind] : [...ending, ...contradictions, ...behind];
  if (found.length > 0) print(`${found.join('\n\n')}\n`);
  for (const line of costs) print(line);
  if (isLong && contradictions.length > 0) print(`\n${contradictions.join('\n\n')}\n`);
  for (const line of wrapped(summaryLine(run), columns)) print(paint('bold', line));
}

function tablesText(staged: Staged, remembered: Remembered, output: Output): string {
  const { columns, paint } = output;
  const isRehearsal = staged.stage.target.grade === 'rehearsal';
  const rehearsed = isRehearsal ? [paint('yellow', labelled('', REHEARSED, 0, columns))] : [];
  const live = staged.project.targets
    .filter(({ grade }) => grade === 'live')
    .map(({ name }) => name);
  const statuses = staged.suites.map((suite) => {
    const [first] = suite.claims;
    const world =
      isRehearsal && first !== undefined ? targetId(staged.stage.targetFor(first)) : undefined;
    return suiteStatus(suite, live, remembered, world);
  });
  return [...rehearsed, renderAfterRun(statuses, columns, paint)].join('\n\n');
}
