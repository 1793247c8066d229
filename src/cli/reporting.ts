import { type Asked, listOf, valueOf } from './arguments.ts';
import type { ExitCode, Output, Refused } from './output.ts';
import type { Reported } from './reports.ts';

/** What `--report` asks for. */
export interface Reporting {
  /**
   * Writes the reports of a run that comes to `code`, and tells what it comes to with them: 3 where one cannot be written, but
   * for an interrupted run. Of two runs that are compared, each file bears the name of its side.
   */
  readonly finish: (
    told: Reported,
    code: ExitCode,
    output: Output,
    side?: string,
  ) => Promise<ExitCode>;
}

const NOTHING: Reporting = { finish: async (_, code) => code };

/** Reads what `--report` asks for, before anything is sent; where it asks for nothing, nothing is loaded for it. */
export async function reportingOf(asked: Asked): Promise<Reporting | Refused> {
  const words = listOf(asked, 'report');
  if (words.length === 0) return NOTHING;
  const { askedReports, finishReports } = await import('./reports.ts');
  const reports = askedReports(words);
  if ('problems' in reports) return reports;
  const isDocument = (valueOf(asked, 'format') ?? 'terminal') !== 'terminal';
  return {
    finish: (told, code, output, side) =>
      finishReports(reports, told, { code, side, isDocument }, output),
  };
}
