import type { CellDiff } from '../domain/cell.ts';
import type { Problem } from '../domain/problem.ts';
import { type SaidTable, becauseOf, isOverridden } from '../domain/word.ts';
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

/**
 * Finds a table in its page, and what each of its owned cells should say; a row that either side lacks is a problem.
 * Of a table that is not proven, only the overridden rows have anything to say.
 */
export function checkTable(page: Page, said: SaidTable, proven: boolean): CheckedTable {
  const { under, keyColumns, owns, nth } = said;
  const name = { under, key: [...keyColumns], owns, ...(nth !== undefined && { nth }) };
  const found = findTable(page, name);
  if ('problems' in found) return { problems: found.problems, edits: [], diffs: [] };
  const keys = said.rows.map(({ key }) => [...key]);
  const problems: Problem[] = [...unclaimedRows(found.table, keys)];
  const edits: Edit[] = [];
  const diffs: CellDiff[] = [];
  for (const one of said.rows) {
    const { key, word, stand, override } = one;
    const row = findRow(found.table, [...key]);
    if ('problems' in row) {
      problems.push(...row.problems);
      continue;
    }
    if (word === undefined) continue;
    const wrong = wordProblem(word, page.mdx);
    if (wrong !== undefined)
      problems.push({ severity: 'error', message: wrong, place: said.table.place, see: 'tables' });
    if (!proven && !isOverridden(one)) continue;
    const edit = { row: row.row, word };
    const because = becauseOf(one).join('; ');
    const why = override === undefined ? `${stand.standing}: ${because}` : because;
    const diff = cellDiff(found.table, edit, why);
    edits.push(edit);
    if (diff !== undefined) diffs.push(diff);
  }
  return { problems, edits, diffs };
}
