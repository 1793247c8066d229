import { join, parse, resolve } from 'node:path';
import { writeReport } from '../adapters/reportFile.ts';
import type { Claim } from '../domain/claim.ts';
import { type Problem, didYouMean } from '../domain/problem.ts';
import type { Run } from '../domain/run.ts';
import { REPORT_FORMATS } from './options.ts';
import type { ExitCode, Output, Refused } from './output.ts';
import type { Project } from './project.ts';

/** What a run can be reported as. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a report is made from. */
export interface Reported {
  readonly run: Run;
  /** As the suites have it today. */
  readonly claim: (id: string) => Claim | undefined;
  readonly project: Project;
  /** The folder of the ledger that has the run. */
  readonly folder: string;
}

/** How each report is made; what that takes is loaded only then. */
const REPORTERS: Readonly<Record<ReportFormat, (told: Reported) => Promise<string>>> = {
  json: async ({ run }) => {
    const { jsonRun } = await import('../report/run.ts');
    return JSON.stringify(jsonRun(run), null, 2);
  },
  csv: async ({ run }) => (await import('../report/csv.ts')).csvRun(run),
  junit: async ({ run, claim }) => (await import('../report/junit.ts')).junitRun(run, claim),
  html: async (told) => (await import('./html.ts')).htmlOfRun(told),
};

/** The text of a report, without a line feed at its end. */
async function reportText(format: ReportFormat, told: Reported): Promise<string> {
  return (await REPORTERS[format](told)).trimEnd();
}

/** A report that is to be written. */
interface AskedReport {
  readonly format: ReportFormat;
  readonly file: string;
}

/** Prints a run in a format that the arguments were checked for. */
export async function printReport(name: string, told: Reported, output: Output): Promise<void> {
  const format = formatCalled(name);
  if (format === undefined) throw new Error(`--format ${name} came past the check of arguments`);
  output.print(await reportText(format, told));
}

/** The reports that `--report` asks for, or every problem with it: it is read before anything is sent. */
export function askedReports(words: readonly string[]): readonly AskedReport[] | Refused {
  const problems: Problem[] = [];
  const reports: AskedReport[] = [];
  for (const text of words) {
    const [name = '', ...rest] = text.split('=');
    const file = rest.join('=').trim();
    const format = formatCalled(name.trim());
    const twin = reports.find((one) => resolve(one.file) === resolve(file));
    if (format === undefined) problems.push(unknownFormat(name.trim()));
    else if (file === '')
      problems.push(problem(`--report ${format} needs a file`, `write: --report ${format}=FILE`));
    else if (twin !== undefined)
      problems.push(
        problem(`${twin.format} and ${format} are to be written into one file: ${file}`),
      );
    else reports.push({ format, file });
  }
  return problems.length > 0 ? { problems } : reports;
}

function formatCalled(name: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => format === name);
}

function unknownFormat(name: string): Problem {
  const { hint = `there are ${REPORT_FORMATS.join(', ')}` } = didYouMean(name, REPORT_FORMATS);
  return problem(`unknown report "${name}"`, hint);
}

function problem(message: string, hint?: string): Problem {
  return { severity: 'error', message, ...(hint !== undefined && { hint }) };
}

/** Writes each report whole or not at all, says which it could not write, and tells what a run comes to with that. */
export async function finishReports(
  reports: readonly AskedReport[],
  told: Reported,
  code: ExitCode,
  output: Output,
  side: string | undefined,
): Promise<ExitCode> {
  let isWritten = true;
  for (const { format, file } of reports) {
    const path = side === undefined ? file : besideName(file, side);
    const text = await reportText(format, told);
    try {
      await writeReport(path, `${text}\n`);
    } catch (error) {
      const why = (error as Error).message;
      await output.problems([problem(`cannot write the ${format} report to ${path}: ${why}`)]);
      isWritten = false;
    }
  }
  return isWritten || code === 130 ? code : 3;
}

/** `assay.xml` of the side `official` is `assay.official.xml`. */
function besideName(file: string, side: string): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}.${side.replaceAll(/[/\\]/g, '-')}${ext}`);
}
