/** What a cell of a page shows, and what it should; as `docs` finds it, which report does not import. */
interface Difference {
  readonly page: string;
  readonly line: number;
  readonly column: number;
  readonly under: string;
  readonly row: string;
  readonly was: string;
  readonly word: string;
  readonly because: string;
}

/** The lines of `docs --check`: for each cell its place, heading and row, the old word, the new one, and why. */
export function renderDiffs(
  diffs: readonly Difference[],
  paint: (style: 'red' | 'green' | 'dim' | 'bold', text: string) => string = (_, text) => text,
): string {
  return diffs
    .map(({ page, line, column, under, row, was, word, because }) =>
      [
        `${paint('bold', `${page}:${line}:${column}`)}  ${under}  ${paint('dim', '›')}  ${row}`,
        paint('red', `  - ${was || '(empty)'}`),
        paint('green', `  + ${word || '(empty)'}`),
        paint('dim', `    because: ${because}`),
        '',
      ].join('\n'),
    )
    .join('\n');
}
