import type { Finding } from '../domain/verdict.ts';
import { labelled } from './columns.ts';
import { printable } from './printable.ts';

/** A finding with its place in the suite, and expected against actual. */
export function findingLines(
  { expectation, at, expected, actual }: Finding,
  columns: number,
): string {
  return [
    `    --> ${at.file}:${at.line}:${at.column}  ${printable(expectation)}`,
    labelled('expected  ', expected, 8, columns),
    labelled('actual    ', actual, 8, columns),
  ].join('\n');
}
