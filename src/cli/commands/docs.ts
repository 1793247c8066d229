import type { CellDiff } from '../../domain/cell.ts';
import type { Problem } from '../../domain/problem.ts';
import { type SaidTable, isOverridden, isProven } from '../../domain/word.ts';
import { renderDiffs } from '../../report/diff.ts';
import { counted } from '../../report/counted.ts';
import { type Asked, isGiven, valueOf } from '../arguments.ts';
import { advancing } from '../line.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { checkPages, writePages } from '../pages.ts';
import { openWords } from '../words.ts';

/** Holds the pages' own tables against the evidence (`--check`), or writes the words into their cells (`--write`). */
export async function docs(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const wrong = wrongAsking(asked);
  if (wrong.length > 0) return { problems: wrong };
  const words = await openWords(asked, output);
  if (typeof words === 'number' || 'problems' in words) return words;
  const { tables, remembered } = words;
  const unproven = tables.filter((table) => !isProven(table, remembered));
  const pages = await checkPages(
    tables,
    unproven,
    valueOf(asked, 'pages') ?? '',
    advancing(output, 'reading pages'),
  );
  if ('problems' in pages) return pages;
  const diffs = pages.flatMap((page) => page.diffs);
  sayDiffs(diffs, unproven, unproven.length < tables.length, asked, output);
  if (isGiven(asked, 'write')) {
    const problems = await writePages(pages);
    if (problems.length > 0) return { problems };
    const changed = pages.filter((page) => page.diffs.length > 0).length;
    output.say(`${counted(diffs.length, 'cell')} written in ${counted(changed, 'page')}`);
  } else if (diffs.length > 0) {
    return 1;
  }
  return unproven.length > 0 ? 3 : 0;
}

function wrongAsking(asked: Asked): readonly Problem[] {
  const messages = [
    ...(valueOf(asked, 'pages') === undefined
      ? ['docs needs --pages DIR, the folder that the pages are below']
      : []),
    ...(isGiven(asked, 'check') === isGiven(asked, 'write')
      ? ['docs needs one of --check and --write']
      : []),
  ];
  return messages.map((message) => ({ severity: 'error', message, see: 'tables' }));
}

function sayDiffs(
  diffs: readonly CellDiff[],
  unproven: readonly SaidTable[],
  isAnyProven: boolean,
  asked: Asked,
  output: Output,
): void {
  if (valueOf(asked, 'format') === 'json') {
    output.print(
      JSON.stringify({ schema: 'assay.docs.v1', diffs, left: unproven.map(nameOf) }, null, 2),
    );
    return;
  }
  if (diffs.length > 0) output.print(renderDiffs(diffs, output.columns, output.paint).trimEnd());
  else if (isAnyProven)
    output.print('every owned cell of the proven tables says what its evidence says');
  else output.print('no table is proven, so no cell was held against anything');
  for (const table of unproven) {
    const but = table.rows.some(isOverridden) ? ', but for its overrides' : '';
    output.say(
      `left as it is${but}: ${nameOf(table)}: no live run has decided any of its rows, and a rehearsal never reaches a page`,
    );
  }
}

function nameOf({ page, under }: SaidTable): string {
  return `${page} · ${under}`;
}
