/** A cell of a page that shows another word than its evidence gives it; line and column count from 1. */
export interface CellDiff {
  readonly page: string;
  readonly line: number;
  readonly column: number;
  /** The heading of its table. */
  readonly under: string;
  readonly row: string;
  readonly was: string;
  readonly word: string;
  readonly because: string;
}
