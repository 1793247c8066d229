import { type Override, claimId } from '../domain/claim.ts';
import type { ClaimStatus, SuiteStatus } from '../domain/status.ts';
import { type SaidRow, type SaidTable, becauseOf } from '../domain/word.ts';
import { labelled, padded, width, wrapped } from './columns.ts';
import type { Paint, Style } from './paint.ts';

const STYLES: Readonly<Record<string, Style>> = { holds: 'green', broken: 'red' };

/** Of the reasons behind one word; a row can rest on dozens of cases. */
const BECAUSE_LINES = 2;

/** The status tables for a terminal; for suites without one, a line per claim. Other locales of a table say the same. */
export function renderStatus(
  suites: readonly SuiteStatus[],
  columns: number,
  paint: Paint,
): string {
  return suites.map((suite) => suiteLines(suite, columns, paint).join('\n')).join('\n\n');
}

/** What is said of so many rows and claims behind a run is read to its end. */
const MOST_ROWS = 60;

/** The same behind a run: where there is much of it, what holds is told together, by its word. */
export function renderAfterRun(
  suites: readonly SuiteStatus[],
  columns: number,
  paint: Paint,
): string {
  const rows = suites.map(({ tables: [table], claims }) => (table?.rows ?? claims).length);
  if (rows.reduce((sum, count) => sum + count, 0) <= MOST_ROWS)
    return renderStatus(suites, columns, paint);
  const folded = suites.map((status) => foldedSuite(status, columns, paint).join('\n'));
  return `${folded.join('\n\n')}\n\n${paint('dim', 'What holds is told together; assay status shows each row with its because.')}`;
}

function foldedSuite(status: SuiteStatus, columns: number, paint: Paint): readonly string[] {
  const tables = status.tables.map((table) => ({
    ...table,
    rows: table.rows.filter((row) => !isPlainlyHolding(row)),
  }));
  const words = Map.groupBy((status.tables[0]?.rows ?? []).filter(isPlainlyHolding), wordOf);
  const holds = status.claims.filter(({ stand }) => stand.standing === 'holds');
  const claims = status.claims.filter(({ stand }) => stand.standing !== 'holds');
  const folded =
    status.tables.length > 0
      ? [...words].map(([word, rows]) => ({ word, keys: rows.map((row) => row.key.join(' · ')) }))
      : holds.length > 0
        ? [{ word: 'holds', keys: holds.map(({ claim }) => claim.id) }]
        : [];
  return [
    ...suiteLines({ ...status, tables, claims }, columns, paint),
    ...folded.map(({ word, keys }) => {
      const more = keys.length > MOST_KEYS ? `, and ${keys.length - MOST_KEYS} more` : '';
      const text = `${keys.length}: ${keys.slice(0, MOST_KEYS).join(', ')}${more}`;
      return paint('green', labelled(`${word}  `, text, 2, columns));
    }),
  ];
}

/** Of the rows that are told together, so many are named. */
const MOST_KEYS = 6;

/** Whether there is nothing to be said of a row but its word. */
function isPlainlyHolding({ stand, leave, override }: SaidRow): boolean {
  return stand.standing === 'holds' && leave === undefined && override === undefined;
}

/** The status tables in Markdown, in every locale; for suites without one, a table of claims. */
export function markdownStatus(suites: readonly SuiteStatus[]): string {
  return suites.map((suite) => markdownSuite(suite)).join('\n');
}

function suiteLines(status: SuiteStatus, columns: number, paint: Paint): readonly string[] {
  const [first] = status.tables;
  if (first === undefined) {
    return [
      paint('bold', heading(status)),
      ...status.claims.map((claim) => claimLine(claim, columns, paint)),
    ];
  }
  return status.tables
    .filter(({ locale }) => locale === first.locale)
    .flatMap((table, at) => [...(at > 0 ? [''] : []), ...tableLines(table, columns, paint)]);
}

function heading({ suite }: SuiteStatus): string {
  const [page] = Object.values(suite.pages);
  return page === undefined ? suite.title : `${page} · ${suite.title}`;
}

function tableLines(table: SaidTable, columns: number, paint: Paint): readonly string[] {
  const keys = table.rows.map((row) => row.key.join(' · '));
  const words = table.rows.map((row) => wordOf(row));
  const keyWidth = Math.min(
    columns - 20,
    Math.max(width(table.keyColumns.join(' · ')), ...keys.map((key) => width(key))),
  );
  const lines = table.rows.flatMap((row, at) => {
    const key = wrapped(keys[at] ?? '', keyWidth);
    const style = row.override === undefined ? STYLES[row.stand.standing] : 'yellow';
    const word = words[at] ?? '';
    return [
      `  ${padded(key[0] ?? '', keyWidth)}  ${style === undefined || row.leave !== undefined ? word : paint(style, word)}`,
      ...key.slice(1).map((rest) => `  ${rest}`),
      ...because(row, columns).map((line) => paint('dim', line)),
    ];
  });
  return [
    paint('bold', `${table.page} · ${table.under}`),
    paint('dim', `  ${padded(table.keyColumns.join(' · '), keyWidth)}  ${table.owns}`),
    ...lines,
  ];
}

function wordOf(row: SaidRow): string {
  return row.leave === undefined ? (row.word ?? '') : '(left as it is)';
}

/** All of what a person has decided, and the first lines of why the evidence says what it says; `explain` tells the rest. */
function because(row: SaidRow, columns: number): readonly string[] {
  const parts = becauseOf(row).map((part) => labelled('', part, 6, columns - 2).split('\n'));
  const decided = row.override === undefined ? [] : parts.slice(0, 1);
  return [...decided, ...parts.slice(decided.length).map(cutShort)].flat();
}

function cutShort(lines: readonly string[]): readonly string[] {
  if (lines.length <= BECAUSE_LINES) return lines;
  return [...lines.slice(0, BECAUSE_LINES - 1), `${lines[BECAUSE_LINES - 1]} …`];
}

function claimLine(status: ClaimStatus, columns: number, paint: Paint): string {
  const { claim, stand } = status;
  const style = STYLES[stand.standing];
  const standing = padded(stand.standing, 9);
  const text = labelled('', `${claim.id}: ${claim.says}${aside(status)}`, 11, columns).trimStart();
  return `  ${style === undefined ? standing : paint(style, standing)}${text}`;
}

/** What a reader could take amiss: a claim that is broken as the docs say, or one that nothing can settle. */
function aside({ claim, target, stand }: ClaimStatus): string {
  const on = target === undefined || target.includes('@') ? [] : [target];
  const when = stand.observedAt === undefined ? [] : [stand.observedAt.slice(0, 10)];
  const documented =
    stand.standing === claim.documented.as && stand.standing === 'broken' ? ['as documented'] : [];
  const untestable = claim.basis.kind === 'untestable' ? ['untestable'] : [];
  const notes = [...documented, ...untestable, ...on, ...when];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

function markdownSuite(status: SuiteStatus): string {
  if (status.tables.length === 0) {
    return markdownTable(
      heading(status),
      ['Claim', 'Says', 'Standing', 'Because'],
      status.claims.map(({ claim, stand }) => [
        claimId(claim),
        claim.says,
        stand.standing,
        stand.because,
      ]),
    );
  }
  return status.tables
    .map((table) =>
      markdownTable(
        `${table.page} · ${table.under}`,
        [...table.keyColumns, table.owns, 'Because'],
        table.rows.map((row) => [...row.key, wordOf(row), becauseOf(row).join('; ')]),
      ),
    )
    .join('\n');
}

function markdownTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const rule = `|${' --- |'.repeat(header.length)}`;
  return [
    `## ${title}`,
    '',
    markdownRow(header),
    rule,
    ...rows.map((row) => markdownRow(row)),
    '',
  ].join('\n');
}

function markdownRow(cells: readonly string[]): string {
  const escaped = cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|').replaceAll('\n', ' '));
  return `| ${escaped.join(' | ')} |`;
}

/** `status --format json`: one document, fields only ever added. */
export function jsonStatus(suites: readonly SuiteStatus[], at: string, rehearsal: boolean): object {
  return {
    schema: 'assay.status.v1',
    at,
    rehearsal,
    claims: suites.flatMap(({ claims }) =>
      claims.map(({ claim, target, stand }) => ({
        claim: claimId(claim),
        target: target ?? null,
        standing: stand.standing,
        because: stand.because,
        observedAt: stand.observedAt ?? null,
        evidence: stand.evidence,
      })),
    ),
    tables: suites.flatMap(({ tables }) =>
      tables.map(({ suite, locale, page, under, rows }) => ({
        suite,
        locale,
        page,
        under,
        rows: rows.map((row) => ({
          key: row.key.join(' · '),
          word: row.word ?? null,
          from: row.from,
          standing: row.leave === undefined ? row.stand.standing : null,
          because: becauseOf(row).join('; '),
          override: row.override === undefined ? null : jsonOverride(row.override),
          needs: row.needs,
          better: row.better.map(({ word, needs, stand }) => ({
            word,
            needs,
            standing: stand.standing,
            because: stand.because,
          })),
          observedAt: row.stand.observedAt ?? null,
          evidence: row.stand.evidence,
        })),
      })),
    ),
  };
}

function jsonOverride({ by, on, until, why, link }: Override): object {
  return { by, on, until, why, link: link ?? null };
}
