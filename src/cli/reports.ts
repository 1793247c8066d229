import { isAbsolute, join, parse, relative, resolve } from 'node:path';
import { Unwritten, appendReport, lengthOf, writeReport } from '../adapters/reportFile.ts';
import type { Claim } from '../domain/claim.ts';
import { type Problem, didYouMean } from '../domain/problem.ts';
import type { Run } from '../domain/run.ts';
import { REPORT_FORMATS } from './options.ts';
import type { ExitCode, Output, Refused } from './output.ts';
import type { Project } from './project.ts';

/** What a run can be reported as. */
type ReportFormat = (typeof REPORT_FORMATS)[number];

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
  markdown: async ({ run, claim }) =>
    (await import('../report/markdown.ts')).markdownRun(run, claim),
  junit: async ({ run, claim }) => (await import('../report/junit.ts')).junitRun(run, claim),
  ctrf: async ({ run, claim }) => {
    const { ctrfRun } = await import('../report/ctrf.ts');
    return JSON.stringify(ctrfRun(run, claim), null, 2);
  },
  github: async ({ run, claim }) => (await import('../report/github.ts')).githubSummary(run, claim),
  prometheus: async ({ run }) => (await import('../report/prometheus.ts')).prometheusRun(run),
  html: async (told) => (await import('./html.ts')).htmlOfRun(told),
};

/** The text of a report, without a line feed at its end. */
async function reportText(format: ReportFormat, told: Reported): Promise<string> {
  return (await REPORTERS[format](told)).trimEnd();
}

/** A report that is to be written. */
interface AskedReport {
  readonly format: ReportFormat;
  /** Absent where GitHub says it, for `github` alone. */
  readonly file?: string;
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
    const [name = '', ...rest] = text.split('=').map((part) => part.trim());
    const file = rest.join('=');
    const format = formatCalled(name);
    const twin = reports.find((one) => file !== '' && resolve(one.file ?? '') === resolve(file));
    if (format === undefined) problems.push(unknownFormat(name));
    else if (file === '' && format !== 'github')
      problems.push(problem(`--report ${format} needs a file`, `write: --report ${format}=FILE`));
    else if (twin !== undefined)
      problems.push(
        problem(`${twin.format} and ${format} are to be written into one file: ${file}`),
      );
    else reports.push({ format, ...(file !== '' && { file }) });
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

/** How the reports of a run are to be written. */
interface Finishing {
  readonly code: ExitCode;
  /** Of two runs that are compared, the name of its target. */
  readonly side: string | undefined;
  /** Whether what is printed is one document, beside which nothing else may stand. */
  readonly isDocument: boolean;
}

/** Writes each report whole or not at all, says which it could not write, and tells what a run comes to with that. */
export async function finishReports(
  reports: readonly AskedReport[],
  told: Reported,
  { code, side, isDocument }: Finishing,
  output: Output,
): Promise<ExitCode> {
  let isWritten = true;
  for (const { format, file } of reports) {
    const path = file === undefined || side === undefined ? file : besideName(file, side);
    try {
      if (format === 'github') await annotate(told, isDocument);
      if (path !== undefined) await writeReport(path, `${await reportText(format, told)}\n`);
      else await appendSummary(told, output);
    } catch (error) {
      if (!(error instanceof Unwritten)) throw error;
      const where = path ?? 'the summary of the step';
      await output.problems([
        problem(`cannot write the ${format} report to ${where}: ${error.message}`),
      ]);
      isWritten = false;
    }
  }
  return isWritten || code === 130 ? code : 3;
}

/** Annotates the lines of suites. GitHub reads commands on both streams. */
async function annotate({ run, claim }: Reported, isDocument: boolean): Promise<void> {
  const { githubAnnotations } = await import('../report/github.ts');
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  const commands = githubAnnotations(run, claim, (file) => below(root, file));
  // Not by way of the output, which takes care that nothing else is a command.
  if (commands !== '') (isDocument ? process.stderr : process.stdout).write(`${commands}\n`);
}

/** The path from a folder to a file in it, as GitHub writes it; undefined for one elsewhere. */
function below(folder: string, file: string): string | undefined {
  const path = relative(folder, resolve(file)).replaceAll('\\', '/');
  return path.startsWith('../') || isAbsolute(path) ? undefined : path;
}

async function appendSummary({ run, claim }: Reported, output: Output): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  const warn = async (message: string) => {
    const hint = '--report github=FILE writes the summary elsewhere';
    await output.problems([{ severity: 'warning', message, hint }]);
  };
  if (path === undefined || path === '')
    return await warn('GITHUB_STEP_SUMMARY is not set: there is no step of GitHub to summarize');
  const { githubSummary, MOST_SUMMARY_BYTES } = await import('../report/github.ts');
  const room = MOST_SUMMARY_BYTES - (await lengthOf(path));
  const text = githubSummary(run, claim, room);
  // GitHub shows nothing of a summary that is too long.
  if (Buffer.byteLength(text) > room)
    return await warn('the summary of this step is full, and has no room for this run');
  await appendReport(path, text);
}

/** `assay.xml` of the side `official` is `assay.official.xml`. */
function besideName(file: string, side: string): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}.${side.replaceAll(/[/\\]/g, '-')}${ext}`);
}
