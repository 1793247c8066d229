import type { Better, Need, Override, Row, Suite, Table, Text, Words } from '../domain/claim.ts';
import { STANDINGS, textFor } from '../domain/claim.ts';
import { didYouMean, type Problem } from '../domain/problem.ts';
import type { Surroundings } from './expectation.ts';
import { defined } from './issues.ts';
import type { Mention } from './mentions.ts';
import type { TableKeys, TableOutline } from './outline.ts';
import { complainer, explainedBy, placeOf, quoted, type Span } from './source.ts';
import { itemsOf, member, type Written } from './written.ts';

type RowKeys = TableKeys['rows'][number];

/** A table with its selectors resolved; everything that would print a wrong word is noted. */
export function tableOf(
  { keys, written }: TableOutline,
  pages: Suite['pages'],
  home: Surroundings,
  mentions: Mention[],
): Table {
  const around = { ...home, complain: explainedBy('tables', home.complain) };
  const locales = keys.in ?? Object.keys(pages);
  checkLocales(written, pages, around);
  noteMentions(member(written, 'from'), around, mentions);
  const key = [keys.key].flat();
  if (key.some((column) => locales.some((locale) => same(column, keys.owns, locale)))) {
    around.complain(spanOf(written, 'owns'), 'the column that is written cannot be a key column');
  }
  const nodes = itemsOf(member(written, 'rows'));
  const rows = keys.rows.map((row, index) => {
    const node = nodes[index] ?? written;
    noteMentions(member(node, 'from'), around, mentions);
    return rowOf(row, node, { keys, written }, around);
  });
  refuseTwins(rows, nodes, locales, around);
  return {
    under: keys.under,
    ...(keys.nth === undefined ? {} : { nth: keys.nth }),
    ...(keys.in === undefined ? {} : { locales: keys.in }),
    key,
    owns: keys.owns,
    rows,
    place: placeOf(around.source, written.span.start),
  };
}

function rowOf(row: RowKeys, node: Written, table: TableOutline, around: Surroundings): Row {
  const { complain, source } = around;
  const key = [row.row].flat();
  const columns = [table.keys.key].flat().length;
  const at = spanOf(node, 'row');
  if (key.length !== columns) {
    complain(at, `this row has ${key.length} key cells, and its table ${columns} key columns`);
  }
  if (row.leave !== undefined && row.override !== undefined) {
    complain(spanOf(node, 'override'), 'a row that is left as it is cannot be overridden');
  } else if (row.needs === undefined ? !(row.leave ?? row.override) : row.leave !== undefined) {
    complain(at, 'a row has exactly one of needs and leave');
  }
  const from = row.from ?? table.keys.from ?? [];
  const words = { ...table.keys.words, ...row.words } as Words;
  if (row.leave === undefined) {
    if (from.length === 0 && row.needs !== undefined) {
      complain(at, 'no target is named whose evidence counts', {
        hint: 'from: [NAME], here or on the table',
      });
    }
    checkWords(words, row.words === undefined ? table.written : node, around);
  }
  const better = betterOf(row, node, around);
  return {
    key,
    needs: needsIn(node, around),
    from,
    words,
    ...(better === undefined ? {} : { better }),
    ...(row.leave === undefined ? {} : { leave: row.leave }),
    ...(row.override === undefined ? {} : { override: overrideOf(row.override, node, around) }),
    place: placeOf(source, node.span.start),
  };
}

/** The claims that a mapping names under `needs`. */
function needsIn(node: Written | undefined, { resolve }: Surroundings): readonly Need[] {
  return itemsOf(member(node, 'needs')).flatMap((selector): readonly Need[] => {
    const text = selector.kind === 'scalar' ? String(selector.value) : '';
    return [resolve(text, selector.span) ?? []].flat();
  });
}

function betterOf(
  row: RowKeys,
  node: Written,
  around: Surroundings,
): readonly Better[] | undefined {
  if (row.better !== undefined && row.needs === undefined) {
    around.complain(spanOf(node, 'better'), 'a better word is for a row that needs claims itself');
  }
  const nodes = itemsOf(member(node, 'better'));
  return row.better?.map(({ word }, index) => ({ word, needs: needsIn(nodes[index], around) }));
}

function overrideOf(
  keys: NonNullable<RowKeys['override']>,
  row: Written,
  { complain, source }: Surroundings,
): Override {
  if (keys.until < keys.on) {
    const until = member(member(row, 'override'), 'until') ?? row;
    complain(until.span, `this override ends before it begins, on ${keys.on}`);
  }
  return { ...defined(keys), place: placeOf(source, spanOf(row, 'override').start) };
}

function checkWords(words: Words, node: Written, { complain }: Surroundings): void {
  const without = STANDINGS.filter((standing) => words[standing] === undefined);
  if (words.else !== undefined || without.length === 0) return;
  complain(spanOf(node, 'words'), `there is no word for ${without.join(', ')}`, {
    hint: 'else: WORD serves the standings that are not named',
  });
}

function refuseTwins(
  rows: readonly Row[],
  nodes: readonly Written[],
  locales: readonly string[],
  { complain, source }: Surroundings,
): void {
  for (const locale of locales) {
    const seen = new Map<string, number>();
    for (const [index, row] of rows.entries()) {
      const span = spanOf(nodes[index], 'row');
      const key = row.key.map((cell) => folded(textFor(cell, locale))).join('\n');
      const line = seen.get(key);
      if (line === undefined) seen.set(key, placeOf(source, span.start).line);
      else complain(span, `the row of line ${line} has the same key`);
    }
  }
}

/** Every locale that a table names must be one of the suite's pages. */
function checkLocales(table: Written, pages: Suite['pages'], { complain }: Surroundings): void {
  const known = Object.keys(pages);
  const unknown = (locale: string, at: Span) => {
    if (Object.hasOwn(pages, locale) && locale !== '') return;
    complain(at, `the suite has no page for ${quoted(locale)}`, didYouMean(locale, known));
  };
  for (const node of itemsOf(member(table, 'in'))) {
    if (node.kind === 'scalar') unknown(String(node.value), node.span);
  }
  const rows = itemsOf(member(table, 'rows'));
  const words = [table, ...rows].flatMap((node) => {
    const written = member(node, 'words');
    return written?.kind === 'map' ? [...written.members.values()].map(({ value }) => value) : [];
  });
  const overrides = rows.map((row) => member(member(row, 'override'), 'word'));
  const better = rows.flatMap((row) =>
    itemsOf(member(row, 'better')).map((one) => member(one, 'word')),
  );
  const cells = [member(table, 'key'), ...rows.map((row) => member(row, 'row'))];
  const columns = cells.flatMap((cell) => (cell?.kind === 'list' ? [...cell.items] : [cell]));
  const texts = [
    member(table, 'under'),
    member(table, 'owns'),
    ...columns,
    ...words,
    ...overrides,
    ...better,
  ];
  for (const text of texts) {
    if (text?.kind !== 'map') continue;
    for (const [locale, { key }] of text.members) unknown(locale, key);
  }
}

function noteMentions(from: Written | undefined, around: Surroundings, mentions: Mention[]): void {
  for (const node of itemsOf(from)) {
    const spot: Problem[] = [];
    complainer(around.source, spot)(node.span, '');
    const target = node.kind === 'scalar' ? String(node.value) : '';
    mentions.push(...spot.map((problem) => ({ target, problem })));
  }
}

function spanOf(node: Written | undefined, name: string): Span {
  if (node?.kind !== 'map') return node?.span ?? { start: 0, end: 1 };
  return node.members.get(name)?.key ?? node.span;
}

function same(a: Text, b: Text, locale: string): boolean {
  return folded(textFor(a, locale)) === folded(textFor(b, locale));
}

/** Headings and keys are compared with backticks stripped and blanks folded, as in the page. */
function folded(text: string): string {
  return text.replaceAll('`', '').replace(/\s+/g, ' ').trim();
}
