import type { CellDiff } from '../domain/cell.ts';
import type { Problem } from '../domain/problem.ts';
import { problemAt, readPage } from './page.ts';
import type { Cell, Page } from './page.ts';
import { rowName } from './table.ts';
import type { FoundRow, FoundTable } from './table.ts';
import { wordProblem } from './word.ts';

/** A row of a page's table, and the word that its owned cell shall show. */
export interface Edit {
  readonly row: FoundRow;
  readonly word: string;
}

/** The page with new words in it, as text and as the bytes to write; both begin with its byte order mark, if it has one. */
export interface Written {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** What would change in a row, or nothing if its cell shows that very word, byte for byte. */
export function cellDiff(table: FoundTable, edit: Edit, because: string): CellDiff | undefined {
  const { row, word } = edit;
  if (row.word === word) return undefined;
  const { file: page, line, column } = row.place;
  const { under } = table.name;
  return { page, line, column, under, row: rowName(row.key), was: row.word, word, because };
}

/**
 * Puts words into their cells and leaves every other byte; the edits' rows are of this very page.
 * The result is parsed once more, and refused as a whole if anything but those cells came out different.
 */
export function writeCells(
  page: Page,
  edits: readonly Edit[],
): Written | { readonly problems: readonly Problem[] } {
  const changes = edits.filter(({ row, word }) => row.word !== word);
  const problems = [...changes.flatMap((edit) => refusal(page, edit)), ...clashes(page, edits)];
  if (problems.length > 0) return { problems };
  const written = splice(page, changes);
  if (onlyCellsChanged(page, changes, written)) return written;
  const culprits = changes.filter((edit) => !onlyCellsChanged(page, [edit], splice(page, [edit])));
  return {
    problems: (culprits.length > 0 ? culprits : changes).map(({ row, word }) =>
      problemAt(page, row.place, `the word "${word}" would change more of the page than its cell`, {
        hint: 'choose a word that is plain text, or put it in backticks',
      }),
    ),
  };
}

/** Why this word cannot be written into this row. */
function refusal(page: Page, { row, word }: Edit): readonly Problem[] {
  if (row.cell === undefined) {
    const message = `the row "${rowName(row.key)}" ends before its owned cell`;
    return [problemAt(page, row.place, message, { hint: 'add the missing pipes' })];
  }
  const why = wordProblem(word, page.mdx);
  return why === undefined
    ? []
    : [problemAt(page, row.place, `the word "${word}" cannot stand in a cell: ${why}`)];
}

/** One cell cannot show two words. */
function clashes(page: Page, edits: readonly Edit[]): readonly Problem[] {
  const words = new Map<number, string>();
  return edits.flatMap(({ row, word }) => {
    if (row.cell === undefined) return [];
    const other = words.get(row.cell.start) ?? word;
    words.set(row.cell.start, other);
    const message = `the row "${rowName(row.key)}" is given two words, "${other}" and "${word}"`;
    return other === word ? [] : [problemAt(page, row.place, message)];
  });
}

/** An empty cell takes its word with a blank on either side. */
function splice(page: Page, edits: readonly Edit[]): Written {
  const words = new Map(edits.map(({ row, word }) => [row.cell, word]));
  let text: string = page.bom;
  let from = 0;
  for (const cell of cellsOf(page)) {
    const word = words.get(cell);
    if (word === undefined) continue;
    text += page.text.slice(from, cell.start) + (cell.text === '' ? ` ${word} ` : word);
    from = cell.end;
  }
  text += page.text.slice(from);
  return { text, bytes: new TextEncoder().encode(text) };
}

/** All body cells of the page, in document order. */
function cellsOf(page: Page): readonly Cell[] {
  return page.tables.flatMap(({ rows }) => rows.flat());
}

/** Reads the written bytes as anyone else will, and holds every node of the page against what it was. */
function onlyCellsChanged(page: Page, edits: readonly Edit[], written: Written): boolean {
  const read = readPage(page.file, written.bytes);
  if ('problems' in read || read.page.marks.length !== page.marks.length) return false;
  const words = new Map(edits.map(({ row, word }) => [row.cell?.start, word]));
  return page.marks.every((mark, at) => {
    const now = read.page.marks[at];
    const isCell = mark.type === 'tableCell';
    const text = isCell ? (words.get(mark.start) ?? mark.text) : mark.text;
    return now?.type === mark.type && now.line === mark.line && now.text === text;
  });
}
