import { type Asked, valueOf } from '../arguments.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { openProject } from '../project.ts';
import { recall } from '../recalled.ts';
import { reportingOf } from '../reporting.ts';
import { printReport } from '../reports.ts';
import { sayFound } from '../said.ts';

/** Tells a run of the ledger again, in the words that it said itself: 3 where its file is broken, or a report cannot be written. */
export async function report(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const [beginning, second] = asked.words;
  if (second !== undefined) {
    const hint = 'write: assay report [RUN]';
    return { problems: [{ severity: 'error', message: `"${second}" is one word too many`, hint }] };
  }
  const reporting = await reportingOf(asked);
  if ('problems' in reporting) return reporting;
  const project = await openProject({ ...asked, words: [] }, output);
  if ('problems' in project) return project;
  const recalled = await recall(asked, project, beginning, output);
  if ('problems' in recalled) return recalled;
  const { run, folder, isBroken } = recalled;
  const told = { run, claim: project.claim, project, folder };
  const format = valueOf(asked, 'format') ?? 'terminal';
  if (format === 'terminal') sayFound(run, project.claim, output, '');
  else await printReport(format, told, output);
  return await reporting.finish(told, isBroken ? 3 : 0, output);
}
