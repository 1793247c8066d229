import type { CellDiff } from '../domain/cell.ts';
import { labelled } from './columns.ts';
import { type Paint, plain } from './paint.ts';

/** The lines of `docs --check`: for each cell its place, heading and row, the old word, the new one, and why. */
export function renderDiffs(
  diffs: readonly CellDiff[],
  columns: number,
  paint: Paint = plain,
): string {
  return diffs
    .map(({ page, line, column, under, row, was, word, because }) =>
      [
        `${paint('bold', `${page}:${line}:${column}`)}  ${under}  ${paint('dim', '›')}  ${row}`,
        paint('red', `  - ${was || '(empty)'}`),
        paint('green', `  + ${word || '(empty)'}`),
        paint('dim', labelled('because: ', because, 4, columns)),
        '',
      ].join('\n'),
    )
    .join('\n');
}
