import { stringify } from 'csv-stringify/sync';
import { claimId } from '../domain/claim.ts';
import { type RetestCost, sumOf } from '../domain/cost.ts';
import { instantMs, wholeDays } from '../domain/instant.ts';
import { type JudgedCase, type Run, agrees } from '../domain/run.ts';
import type { Stand } from '../domain/stand.ts';
import type { ClaimStatus, SuiteStatus } from '../domain/status.ts';
import type { Finding } from '../domain/verdict.ts';
import { type SaidRow, type SaidTable, becauseOf } from '../domain/word.ts';

/** A cell: a text, a number, or nothing. */
type Cell = string | number | undefined;

/** A line by its columns; a cell that it lacks is empty. */
type Line<Column extends string> = Readonly<Partial<Record<Column, Cell>>>;

const STATUS_COLUMNS = [
  'suite',
  'locale',
  'page',
  'under',
  'key',
  'word',
  'standing',
  'from',
  'because',
  'observedAt',
  'ageDays',
  'needs',
  'evidence',
  'retestUsd',
  'retestMeasuredUsd',
] as const;

type StatusLine = Line<(typeof STATUS_COLUMNS)[number]>;

/**
 * `status --format csv`: a line for each row of each table in each locale; for suites without one, a line per claim. What a
 * retest of a suite costs on a target has a line of its own, so that the column can be summed up.
 */
export function csvStatus(
  suites: readonly SuiteStatus[],
  atMs: number,
  retests: readonly RetestCost[],
): string {
  const lines = suites.flatMap(({ tables, claims }) =>
    tables.length > 0
      ? tables.flatMap((table) => table.rows.map((row) => rowLine(table, row, atMs)))
      : claims.map((status) => claimLine(status, atMs)),
  );
  const costs = retests.map(({ suite, target, usd, measuredUsd }) => ({
    suite,
    key: 'retest',
    from: target,
    retestUsd: usd,
    retestMeasuredUsd: measuredUsd,
  }));
  return csv(STATUS_COLUMNS, [...lines, ...costs]);
}

function rowLine(
  { suite, locale, page, under }: SaidTable,
  row: SaidRow,
  atMs: number,
): StatusLine {
  const { key, word, from, needs, stand, leave } = row;
  return {
    suite,
    locale,
    page,
    under,
    key: key.join(' · '),
    word,
    from: listed(from),
    needs: listed(needs),
    ...(leave === undefined && standCells(stand, atMs)),
    because: becauseOf(row).join('; '),
  };
}

function claimLine({ claim, target, stand }: ClaimStatus, atMs: number): StatusLine {
  const id = claimId(claim);
  return { suite: claim.suite, key: id, from: target, needs: id, ...standCells(stand, atMs) };
}

function standCells({ standing, because, observedAt, evidence }: Stand, atMs: number): StatusLine {
  const aged = observedAt !== undefined && {
    observedAt,
    ageDays: Math.max(0, wholeDays(atMs - instantMs(observedAt))),
  };
  return { standing, because, ...aged, evidence: listed(evidence) };
}

const RUN_COLUMNS = [
  'claim',
  'case',
  'says',
  'verdict',
  'cause',
  'detail',
  'documented',
  'agrees',
  'trials',
  'attempts',
  'ms',
  'usd',
  'findings',
  'exchange',
  'evidence',
  'charged',
  'measuredUsd',
  'passed',
  'decided',
] as const;

/** `run --format csv`: a line for each case, and for each that was left out, with its reason as the detail. */
export function csvRun(run: Run): string {
  return csv(RUN_COLUMNS, [
    ...run.cases.map((one) => ({
      claim: one.claim,
      case: one.case,
      says: one.says,
      ...told(one),
      documented: one.documented,
      agrees: yesOrNo(agrees(one)),
      trials: one.trials,
      passed: one.rate?.passed,
      decided: one.rate?.decided,
      attempts: one.attempts,
      ms: one.ms === undefined ? undefined : Math.round(one.ms),
      ...sumOf([one]), // 0.1 + 0.2 is no sum that a spreadsheet should show
      charged: one.charged,
      exchange: one.exchange,
      evidence: listed(one.evidence),
    })),
    ...run.leftOut.map((one) => ({
      claim: one.claim,
      case: one.case,
      verdict: 'left out',
      detail: one.reason,
    })),
  ]);
}

function told({ verdict }: JudgedCase): Line<'verdict' | 'cause' | 'detail' | 'findings'> {
  if (verdict.kind === 'fail')
    return { verdict: verdict.kind, findings: verdict.findings.map(findingText).join('\n') };
  if (verdict.kind === 'inconclusive')
    return { verdict: verdict.kind, cause: verdict.cause, detail: verdict.detail };
  return { verdict: verdict.kind };
}

function findingText({ expectation, at, expected, actual }: Finding): string {
  return `${expectation} at ${at.file}:${at.line}:${at.column}: expected ${expected}; actual ${actual}`;
}

function yesOrNo(said: boolean | null): string | undefined {
  if (said === null) return undefined;
  return said ? 'yes' : 'no';
}

function listed(ids: readonly string[]): string {
  return ids.join(', ');
}

/**
 * Lines under their columns, as spreadsheets read them: with a byte order mark, without which Excel takes UTF-8 for
 * something else; and with a ' before each text that a spreadsheet would run as a formula. Numbers stay numbers.
 */
function csv<Column extends string>(
  columns: readonly Column[],
  lines: readonly Line<Column>[],
): string {
  return stringify([...lines], {
    bom: true,
    header: true,
    columns: [...columns],
    escape_formulas: true,
    eof: false,
  });
}
