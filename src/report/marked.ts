import { printable } from './printable.ts';

/** The most of a text that a report for people shows; the whole of it is in the ledger, and in JSON. */
const MOST_SHOWN = 400;

/** A text of the world in Markdown, as code: nothing in it is a tag, a link, a mention or an emphasis. */
export function code(text: string): string {
  return fenced(shown(text));
}

/**
 * The same in a cell of a table, where a pipe would end the cell, in code as well, unless it is escaped. Behind a backslash some
 * readers take that for an escaped backslash: such a pipe stands between two pieces of code, said by its number.
 */
export function codeCell(text: string): string {
  return shown(text)
    .split(/(?<=\\)\|/)
    .map((piece) => fenced(piece).replaceAll('|', String.raw`\|`))
    .join('&#124;');
}

function shown(text: string): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim();
  if (line.length <= MOST_SHOWN) return line;
  return `${line.slice(0, MOST_SHOWN).toWellFormed().trimEnd()} …`;
}

/** Between more backticks than stand in it; a blank keeps those at its ends apart, and is not shown. */
function fenced(text: string): string {
  if (text === '') return '';
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const apart = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${fence}${apart}${text}${apart}${fence}`;
}

/** A line of a table. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The two lines above the rows of a table. */
export function tableHead(columns: readonly string[]): readonly string[] {
  return [tableRow(columns), `|${' --- |'.repeat(columns.length)}`];
}
