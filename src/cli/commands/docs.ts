import { join } from 'node:path';
import { readWritten, replaceFile } from '../../adapters/files.ts';
import { type Edit, writeCells } from '../../docs/cells.ts';
import { checkTable } from '../../docs/check.ts';
import { type Page, readPage } from '../../docs/page.ts';
import type { CellDiff } from '../../domain/cell.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { Problem } from '../../domain/problem.ts';
import { type SaidTable, isProven, saidTables } from '../../domain/word.ts';
import { renderDiffs } from '../../report/diff.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { NOW_PROBLEM, REHEARSALS, ledgerFolder, nowMs, openLedger, remember } from '../memory.ts';
import type { ExitCode, Output } from '../output.ts';
import { chosenSuites, openProject } from '../project.ts';

/** A page with the cells that should say something else. */
interface Checked {
  readonly file: string;
  readonly page: Page;
  readonly edits: readonly Edit[];
  readonly diffs: readonly CellDiff[];
}

/** Holds the pages' own tables against the evidence (`--check`), or writes the words into their cells (`--write`). */
export async function docs(asked: Asked, output: Output): Promise<ExitCode> {
  const project = await openProject(asked, output);
  if (project === undefined) return 2;
  const suites = chosenSuites(project, asked.words);
  const now = nowMs(asked);
  const wrong = 'problems' in suites ? suites.problems : wrongAsking(asked, now);
  if (wrong.length > 0 || 'problems' in suites || now === undefined) {
    await output.problems(wrong);
    return 2;
  }
  const ledger = await openLedger(ledgerFolder(asked, false));
  if (ledger.problems.length > 0) await output.problems(ledger.problems);
  if (ledger.problems.some(({ severity }) => severity === 'error')) return 3;

  const remembered = remember(project, ledger.evidence, now);
  const tables = suites.flatMap((suite) => saidTables(suite, remembered));
  const unproven = tables.filter((table) => !isProven(table, remembered));
  const { pages, problems } = await checkPages(tables, unproven, valueOf(asked, 'pages') ?? '');
  if (problems.length > 0) {
    await output.problems(problems);
    return 2;
  }
  const diffs = pages.flatMap((page) => page.diffs);
  if (valueOf(asked, 'format') === 'json')
    output.print(
      JSON.stringify({ schema: 'assay.docs.v1', diffs, left: unproven.map(nameOf) }, null, 2),
    );
  else await sayDiffs(diffs, unproven, ledger.evidence, output);
  if (isGiven(asked, 'write')) {
    const refused = await writePages(pages);
    if (refused.length > 0) {
      await output.problems(refused);
      return 2;
    }
    output.say(
      `${diffs.length} cells written in ${pages.filter((page) => page.diffs.length > 0).length} pages`,
    );
  } else if (diffs.length > 0) {
    return 1;
  }
  return unproven.length > 0 ? 3 : 0;
}

function wrongAsking(asked: Asked, now: number | undefined): readonly Problem[] {
  const problems: Problem[] = [];
  if (now === undefined) problems.push(NOW_PROBLEM);
  if (valueOf(asked, 'pages') === undefined) {
    problems.push({
      severity: 'error',
      message: 'docs needs --pages DIR, the folder that the pages are below',
    });
  }
  if (isGiven(asked, 'check') === isGiven(asked, 'write')) {
    problems.push({ severity: 'error', message: 'docs needs one of --check and --write' });
  }
  const format = valueOf(asked, 'format');
  if (format !== undefined && format !== 'terminal' && format !== 'json') {
    problems.push({ severity: 'error', message: '--format is terminal or json' });
  }
  return problems;
}

/** Every table is looked for in its page, so that what is wrong comes out; only the proven ones have words to show. */
async function checkPages(
  tables: readonly SaidTable[],
  unproven: readonly SaidTable[],
  folder: string,
): Promise<{ pages: readonly Checked[]; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const pages: Checked[] = [];
  for (const [name, onPage] of Map.groupBy(tables, ({ page }) => page)) {
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
    const found = onPage.map((table) => ({ table, ...checkTable(read.page, table) }));
    problems.push(...found.flatMap((one) => one.problems));
    const words = found.filter(({ table }) => !unproven.includes(table));
    pages.push({
      file,
      page: read.page,
      edits: words.flatMap(({ edits }) => edits),
      diffs: words.flatMap(({ diffs }) => diffs),
    });
  }
  return { pages, problems };
}

async function sayDiffs(
  diffs: readonly CellDiff[],
  unproven: readonly SaidTable[],
  evidence: readonly Evidence[],
  output: Output,
): Promise<void> {
  if (diffs.length > 0) output.print(renderDiffs(diffs, output.columns, output.paint).trimEnd());
  else output.print('every owned cell of the proven tables says what its evidence says');
  if (unproven.length === 0) return;
  const { evidence: apart } = await openLedger(REHEARSALS);
  const why =
    apart.length > 0 || evidence.some(({ target }) => target.grade === 'rehearsal')
      ? 'no live run has decided any of its rows, and a rehearsal never reaches a page'
      : 'no live run has decided any of its rows';
  for (const table of unproven) output.say(`left as it is: ${nameOf(table)}: ${why}`);
}

function nameOf({ page, under }: SaidTable): string {
  return `${page} · ${under}`;
}

/** Writes all pages or, where a word cannot stand in its cell, none; each is replaced at once. */
async function writePages(pages: readonly Checked[]): Promise<readonly Problem[]> {
  const written = pages
    .filter(({ diffs }) => diffs.length > 0)
    .map(({ file, page, edits }) => ({ file, result: writeCells(page, edits) }));
  const problems = written.flatMap(({ result }) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) return problems;
  for (const { file, result } of written) {
    if ('problems' in result) continue;
    try {
      await replaceFile(file, result.bytes);
    } catch (error) {
      const message = `cannot write ${file}: ${(error as Error).message}`;
      return [{ severity: 'error', message }];
    }
  }
  return [];
}
