import { join } from 'node:path';
import { readWritten, replaceFile } from '../adapters/files.ts';
import { type Edit, writeCells } from '../docs/cells.ts';
import { checkTable } from '../docs/check.ts';
import { type Page, readPage } from '../docs/page.ts';
import type { CellDiff } from '../domain/cell.ts';
import type { Problem } from '../domain/problem.ts';
import type { SaidTable } from '../domain/word.ts';
import type { Advance } from './line.ts';
import type { Refused } from './output.ts';

/** A page with the cells that should say something else. */
export interface Checked {
  readonly file: string;
  readonly page: Page;
  readonly edits: readonly Edit[];
  readonly diffs: readonly CellDiff[];
}

/** Every table is looked for in its page, so that what is wrong comes out; only the proven ones and overrides have words to show. */
export async function checkPages(
  tables: readonly SaidTable[],
  unproven: readonly SaidTable[],
  folder: string,
  tell: Advance = () => {},
): Promise<readonly Checked[] | Refused> {
  const problems: Problem[] = [];
  const pages: Checked[] = [];
  const all = Map.groupBy(tables, ({ page }) => page);
  let looked = 0;
  for (const [name, onPage] of all) {
    tell((looked += 1), all.size);
    const file = join(folder, name);
    const written = await readWritten(file);
    if ('problem' in written) {
      const place = onPage[0]?.table.place;
      problems.push({ ...written.problem, ...(place !== undefined && { place }) });
      continue;
    }
    const read = readPage(file, written.file.bytes);
    if ('problems' in read) {
      problems.push(...read.problems);
      continue;
    }
    const found = onPage.map((table) => checkTable(read.page, table, !unproven.includes(table)));
    problems.push(...found.flatMap((one) => one.problems));
    pages.push({
      file,
      page: read.page,
      edits: found.flatMap(({ edits }) => edits),
      diffs: found.flatMap(({ diffs }) => diffs),
    });
  }
  return problems.length > 0 ? { problems } : pages;
}

/** Writes all pages or, where a word cannot stand in its cell, none; each is replaced at once. */
export async function writePages(pages: readonly Checked[]): Promise<readonly Problem[]> {
  const changed = pages
    .filter(({ diffs }) => diffs.length > 0)
    .map(({ file, page, edits }) => ({ file, written: writeCells(page, edits) }));
  const problems = changed.flatMap(({ written }) =>
    'problems' in written ? written.problems : [],
  );
  if (problems.length > 0) return problems;
  for (const { file, written } of changed) {
    if ('problems' in written) continue;
    try {
      await replaceFile(file, written.bytes);
    } catch (error) {
      const message = `cannot write ${file}: ${(error as Error).message}`;
      return [{ severity: 'error', message }];
    }
  }
  return [];
}
