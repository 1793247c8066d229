import type { CellDiff } from '../domain/cell.ts';
import type { Problem } from '../domain/problem.ts';
import type { SaidTable } from '../domain/word.ts';
import { type Edit, cellDiff } from './cells.ts';
import type { Page } from './page.ts';
import { findRow, findTable, unclaimedRows } from './table.ts';
import { wordProblem } from './word.ts';

/** A page's own table held against what it may say: the words for its cells, and those that differ. */
export interface CheckedTable {
  readonly problems: readonly Problem[];
  readonly edits: readonly Edit[];
  readonly diffs: readonly CellDiff[];
}

/** Finds a table in its page, and what each of its owned cells should say; a row that either side lacks is a problem. */
export function checkTable(page: Page, said: SaidTable): CheckedTable {
  const { under, keyColumns, owns, nth } = said;
  const name = { under, key: [...keyColumns], owns, ...(nth !== undefined && { nth }) };
  const found = findTable(page, name);
  if ('problems' in found) return { problems: found.problems, edits: [], diffs: [] };
  const keys = said.rows.map(({ key }) => [...key]);
  const problems: Problem[] = [...unclaimedRows(found.table, keys)];
  const edits: Edit[] = [];
  const diffs: CellDiff[] = [];
  for (const { key, word, stand } of said.rows) {
    const row = findRow(found.table, [...key]);
    if ('problems' in row) {
      problems.push(...row.problems);
      continue;
    }
    if (word === undefined) continue;
    const wrong = wordProblem(word, page.mdx);
    if (wrong !== undefined)
      problems.push({ severity: 'error', message: wrong, place: said.table.place });
    const edit = { row: row.row, word };
    const diff = cellDiff(found.table, edit, `${stand.standing}: ${stand.because}`);
    edits.push(edit);
    if (diff !== undefined) diffs.push(diff);
  }
  return { problems, edits, diffs };
}
