import { type Edit, writeCells } from './cells.ts';
import { type Cell, type Page, readPage } from './page.ts';
import type { FoundRow } from './table.ts';

/** For tests only: reads a page that has no problem. */
export function pageOf(file: string, content: string | Uint8Array): Page {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const read = readPage(file, bytes);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.page;
}

/** For tests only: any cell as a row whose owned cell it is, so that every column of a page can be written. */
export function rowOf(cell: Cell): FoundRow {
  return {
    key: [],
    word: cell.text,
    cell,
    place: { file: 'p', line: cell.line, column: cell.column },
  };
}

/** For tests only: all body cells of a page. */
export function cellsOf(page: Page): readonly Cell[] {
  return page.tables.flatMap(({ rows }) => rows.flat());
}

/** For tests only: writes a word into each body cell that `choose` gives one. */
export function write(page: Page, choose: (cell: Cell, at: number) => string | undefined) {
  const edits = cellsOf(page).flatMap((cell, at): Edit[] => {
    const word = choose(cell, at);
    return word === undefined ? [] : [{ row: rowOf(cell), word }];
  });
  return writeCells(page, edits);
}

/** For tests only: the text of a written page that was not refused. */
export function textOf(written: ReturnType<typeof writeCells>): string {
  if ('problems' in written) throw new Error(JSON.stringify(written.problems));
  return written.text;
}
