import type { Place } from '../domain/claim.ts';
import { didYouMean } from '../domain/problem.ts';
import type { Problem } from '../domain/problem.ts';
import { problemAt } from './page.ts';
import type { Cell, Page, PageTable } from './page.ts';

/**
 * Which table is meant. `under` is the text of the nearest heading above it, or a path `A > B` of such headings in
 * order, which may leave some out: a table in a subsection is not under its parent unless the path says so.
 */
export interface TableName {
  readonly under: string;
  readonly key: readonly string[];
  /** The column that is written. */
  readonly owns: string;
  /** Which of several tables with that heading and those columns, counted from 1. */
  readonly nth?: number;
}

/** A row of a status table in a page. */
export interface FoundRow {
  /** Source texts of its key cells. */
  readonly key: readonly string[];
  /** Source text of its owned cell; empty if the cell is. */
  readonly word: string;
  /** The owned cell; absent where the row ends before that column. */
  readonly cell?: Cell;
  readonly place: Place;
}

/** A status table in a page. */
export interface FoundTable {
  readonly page: Page;
  readonly name: TableName;
  readonly line: number;
  readonly column: number;
  readonly rows: readonly FoundRow[];
}

/** Finds a table by its heading and its columns; two tables under one heading are told apart by the columns. */
export function findTable(
  page: Page,
  name: TableName,
): { readonly table: FoundTable } | { readonly problems: readonly Problem[] } {
  const columns = [...name.key, name.owns];
  if (name.key.some((key) => sameText(key, name.owns))) {
    const message = `the owned column ${quoted(name.owns)} is a key column: writing it would rename the rows`;
    return { problems: [{ severity: 'error', message, see: 'tables' }] };
  }
  const under = page.tables.filter((table) => standsUnder(table.path, name.under));
  const matching = under.filter((table) => hasColumns(table, columns));
  if (matching.length === 0) return { problems: [absence(page, name, under)] };
  const chosen = matching.length === 1 && name.nth === undefined ? 0 : (name.nth ?? 0) - 1;
  const table = matching[chosen];
  if (table === undefined) return { problems: [ambiguity(page, name, matching)] };
  const twice = columns.find((column) => positionsOf(table, column).length > 1);
  if (twice !== undefined) {
    return { problems: [problemAt(page, table, `two columns are named ${quoted(twice)}`)] };
  }
  const rows = table.rows.map((cells) => foundRow(page, table, name, cells));
  const problems = repeatedKeys(page, rows);
  if (problems.length > 0) return { problems };
  return { table: { page, name, line: table.line, column: table.column, rows } };
}

/** Finds a row by its key cells; one that is gone is a problem at the table, with the nearest key that is there. */
export function findRow(
  table: FoundTable,
  keys: readonly string[],
): { readonly row: FoundRow } | { readonly problems: readonly Problem[] } {
  const row = table.rows.find(({ key }) => sameKey(key, keys));
  if (row !== undefined) return { row };
  const message = `no row ${quoted(rowName(keys))} in the table under ${quoted(table.name.under)}`;
  const present = table.rows.map(({ key }) => rowName(key.map(folded)));
  const hint = didYouMean(rowName(keys.map(folded)), present);
  return { problems: [problemAt(table.page, table, message, hint)] };
}

/** The rows of the table that none of the keys names, each a problem: nobody would notice what their words say. */
export function unclaimedRows(
  table: FoundTable,
  keys: readonly (readonly string[])[],
): readonly Problem[] {
  return table.rows
    .filter((row) => !keys.some((key) => sameKey(key, row.key)))
    .map((row) =>
      problemAt(table.page, row.place, `no suite claims the row ${quoted(rowName(row.key))}`, {
        hint: 'give it claims, or say "leave:" and why',
      }),
    );
}

/** A row's name in messages: its key cells, joined. */
export function rowName(keys: readonly string[]): string {
  return keys.join(' / ');
}

/** Backticks, escapes of pipes and the amount of space do not tell texts apart. */
function folded(source: string): string {
  return source.replaceAll('\\|', '|').replaceAll('`', '').replaceAll(/\s+/g, ' ').trim();
}

function sameText(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function sameKey(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => sameText(text, other[at] ?? ''));
}

/** Whether a heading, by the headings that lead to it, is the one that is meant: by its own text, or by a path `A > B` to it. */
export function standsUnder(path: readonly string[], under: string): boolean {
  const own = folded(path.at(-1) ?? '');
  if (own === folded(under)) return true;
  const wanted = folded(under).split(' > ');
  if (wanted.pop() !== own) return false;
  for (const heading of path.slice(0, -1)) {
    if (folded(heading) === wanted[0]) wanted.shift();
  }
  return wanted.length === 0;
}

function positionsOf(table: PageTable, column: string): number[] {
  return table.header.flatMap((cell, at) => (sameText(cell.text, column) ? [at] : []));
}

function hasColumns(table: PageTable, columns: readonly string[]): boolean {
  return columns.every((column) => positionsOf(table, column).length > 0);
}

function foundRow(page: Page, table: PageTable, name: TableName, cells: readonly Cell[]): FoundRow {
  const at = (column: string): Cell | undefined => cells[positionsOf(table, column)[0] ?? -1];
  const cell = at(name.owns);
  const { line, column } = cell ?? cells[0] ?? table;
  return {
    key: name.key.map((key) => at(key)?.text ?? ''),
    word: cell?.text ?? '',
    ...(cell === undefined ? {} : { cell }),
    place: { file: page.file, line, column },
  };
}

function repeatedKeys(page: Page, rows: readonly FoundRow[]): readonly Problem[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ key, place }) => {
    const text = JSON.stringify(key.map(folded));
    const line = first.get(text);
    if (line === undefined) {
      first.set(text, place.line);
      return [];
    }
    const message = `the key ${quoted(rowName(key))} stands twice, in lines ${line} and ${place.line}`;
    const hint = 'rename one row, or let "key" list several columns';
    return [problemAt(page, place, message, { hint })];
  });
}

function ambiguity(page: Page, name: TableName, matching: readonly PageTable[]): Problem {
  const lines = matching.map(({ line }) => line).join(', ');
  const several = `${matching.length} table${matching.length === 1 ? '' : 's'} under ${quoted(name.under)}`;
  const message =
    name.nth === undefined
      ? `${several} match, in lines ${lines}`
      : `nth is ${name.nth}, but ${several} match: line ${lines}`;
  const hint = 'say which with "nth", counted from 1, or with a heading path "A > B"';
  return problemAt(page, matching[0] ?? { line: 1, column: 1 }, message, { hint });
}

/** Why no table matches: the heading is not there, it has no table, or its tables have other columns. */
function absence(page: Page, name: TableName, under: readonly PageTable[]): Problem {
  const columns = [...name.key, name.owns];
  const elsewhere = page.tables.find((table) => hasColumns(table, columns));
  const there =
    elsewhere &&
    `line ${elsewhere.line} has a table with these columns, under ${quoted(elsewhere.path.join(' > '))}`;
  const [table] = under;
  if (table !== undefined) {
    const present = under.flatMap(({ header }) => header.map(({ text }) => folded(text)));
    const missing = columns.find((column) => !present.includes(folded(column)));
    const message = `no table under ${quoted(name.under)} has the columns ${columns.map(quoted).join(', ')}`;
    const hint = there ?? under.map(columnsOf).join('; ');
    return problemAt(page, table, message, { hint, ...didYouMean(folded(missing ?? ''), present) });
  }
  const heading = page.headings.find(({ path }) => standsUnder(path, name.under));
  if (heading !== undefined) {
    const hint = there === undefined ? {} : { hint: there };
    return problemAt(page, heading, `no table under ${quoted(name.under)}`, hint);
  }
  const texts = page.headings.flatMap(({ path }) => [path.at(-1) ?? '', path.join(' > ')]);
  const message = `no heading ${quoted(name.under)}`;
  const near = didYouMean(folded(name.under), texts.map(folded));
  return problemAt(page, { line: 1, column: 1 }, message, { hint: there ?? LOCALES, ...near });
}

function columnsOf({ line, header }: PageTable): string {
  return `line ${line} has ${header.map(({ text }) => quoted(folded(text))).join(', ')}`;
}

const LOCALES =
  'a page in another language needs its own text, { en: …, cn: … }; "in" lists the locales that have the table';

function quoted(text: string): string {
  return `"${text}"`;
}
