import { expect, test } from 'vitest';
import { cellDiff, writeCells } from './cells.ts';
import type { Edit } from './cells.ts';
import { readPage } from './page.ts';
import type { Cell, Page } from './page.ts';
import { findRow, findTable } from './table.ts';
import type { FoundRow } from './table.ts';

function read(file: string, content: string | Uint8Array): Page {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const result = readPage(file, bytes);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.page;
}

/** Any cell as a row whose owned cell it is, so that every column of a page can be written. */
function rowOf(cell: Cell): FoundRow {
  return {
    key: [],
    word: cell.text,
    cell,
    place: { file: 'p', line: cell.line, column: cell.column },
  };
}

function cellsOf(page: Page): readonly Cell[] {
  return page.tables.flatMap(({ rows }) => rows.flat());
}

/** Writes a word into each body cell that `choose` gives one. */
function write(page: Page, choose: (cell: Cell, at: number) => string | undefined) {
  const edits = cellsOf(page).flatMap((cell, at): Edit[] => {
    const word = choose(cell, at);
    return word === undefined ? [] : [{ row: rowOf(cell), word }];
  });
  return writeCells(page, edits);
}

function textOf(written: ReturnType<typeof writeCells>): string {
  if ('problems' in written) throw new Error(JSON.stringify(written.problems));
  return written.text;
}

function problemsOf(written: ReturnType<typeof writeCells>) {
  return 'problems' in written ? written.problems : [];
}

const TABLE = '| k | s |\n|---|---|\n';

test.each<[string, string, string, string]>([
  ['a cell', `${TABLE}| x | ~ | `, '`Verified`', `${TABLE}| x | \`Verified\` | `],
  ['a padded cell', `${TABLE}| x |  ~      |`, 'ok', `${TABLE}| x |  ok      |`],
  ['a cell without padding', `${TABLE}|x|~|y|`, 'ok', `${TABLE}|x|ok|y|`],
  ['a row without outer pipes', 'k | s\n-|-\nx | ~', 'ok', 'k | s\n-|-\nx | ok'],
  ['a page with a byte order mark', `\uFEFF${TABLE}| 🟢 | ~ |`, '🟠', `\uFEFF${TABLE}| 🟢 | 🟠 |`],
  [
    'CRLF lines',
    `${TABLE}| x | ~ |\n`.replaceAll('\n', '\r\n'),
    '好',
    `${TABLE}| x | 好 |\n`.replaceAll('\n', '\r\n'),
  ],
  [
    'a list in a quote',
    '> - | k | s |\n>   |-|-|\n>   | x | ~ |',
    'ok',
    '> - | k | s |\n>   |-|-|\n>   | x | ok |',
  ],
  [
    'an escaped pipe beside it',
    `${TABLE}| a \\| \`b\\|c\` | ~ |`,
    'd \\| e',
    `${TABLE}| a \\| \`b\\|c\` | d \\| e |`,
  ],
  ['a cell to be emptied', `${TABLE}| x | ~ |`, '', `${TABLE}| x |  |`],
])('a word is put into %s, and nothing else changes', (_, before, word, after) => {
  const written = write(read('p.mdx', before), (cell) => (cell.text === '~' ? word : undefined));
  expect(textOf(written)).toBe(after);
});

test.each([
  [`${TABLE}| x ||`, `${TABLE}| x | ok |`],
  [`${TABLE}| x | |`, `${TABLE}| x | ok |`],
  [`${TABLE}| x |\t   |\n`, `${TABLE}| x | ok |\n`],
])('an empty cell takes the word with a blank on either side: %j', (before, after) => {
  expect(textOf(write(read('p.md', before), ({ text }) => (text === '' ? 'ok' : undefined)))).toBe(
    after,
  );
});

test('the bytes are those of the text, byte order mark included', () => {
  const written = write(read('p.md', `\uFEFF${TABLE}| 键 | ~ |`), () => '字');
  if ('problems' in written) throw new Error('refused');
  expect([...written.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(written.bytes)).toBe(written.text);
});

test('found rows are written, and their neighbours keep trailing spaces', () => {
  const text = '# S\n\n| k | s | n |\n|--|--|--|\n| `a` | `Beta` | note  |\n| b |  | |\n\ntail  \n';
  const page = read('p.mdx', text);
  const found = findTable(page, { under: 'S', key: ['k'], owns: 's' });
  if ('problems' in found) throw new Error('not found');
  const edits = ['a', 'b'].map((key): Edit => {
    const row = findRow(found.table, [key]);
    if ('problems' in row) throw new Error('no row');
    return { row: row.row, word: '`Verified`' };
  });
  expect(textOf(writeCells(page, edits.toReversed()))).toBe(
    text.replace('`Beta`', '`Verified`').replace('| b |  |', '| b | `Verified` |'),
  );
  expect(edits.map((edit) => cellDiff(found.table, edit, 'a-1'))).toEqual([
    {
      page: 'p.mdx',
      line: 5,
      column: 9,
      under: 'S',
      row: '`a`',
      was: '`Beta`',
      word: '`Verified`',
      because: 'a-1',
    },
    {
      page: 'p.mdx',
      line: 6,
      column: 6,
      under: 'S',
      row: 'b',
      was: '',
      word: '`Verified`',
      because: 'a-1',
    },
  ]);
  const [first] = edits;
  expect(first && cellDiff(found.table, { ...first, word: '`Beta`' }, 'a-1')).toBeUndefined();
});

test.each([['{x}'], ['<30'], ['a | b'], ['a\nb'], ['<!-- x -->'], ['tail\\']])(
  'the word %j is refused at the row that it would break',
  (word) => {
    const page = read('p.mdx', `${TABLE}| x | ~ |\n| y | fine |`);
    const problems = problemsOf(write(page, ({ text }) => (text === '~' ? word : undefined)));
    expect(problems).toMatchObject([{ place: { line: 3, column: 7 }, line: '| x | ~ |' }]);
  },
);

test('a word that passes for text, and yet changes the page around it, is refused after parsing once more', () => {
  const page = read('p.md', 's | k\n-|-\nfine | y\n~ | x\nlast | z');
  for (const word of ['> quote', '- item', '# head', '']) {
    const written = write(page, ({ text }) => ({ '~': word, fine: 'better' })[text]);
    expect(problemsOf(written).map(({ place }) => place?.line)).toEqual([4]);
  }
  expect(textOf(write(page, ({ text }) => ({ '~': 'ok' })[text]))).toContain('\nok | x\n');
});

test('a row that ends before its owned cell is a problem, and so are two words for one cell', () => {
  const page = read('p.md', `# S\n${TABLE}| x |\n| y | ~ |`);
  const found = findTable(page, { under: 'S', key: ['k'], owns: 's' });
  const [short, whole] = 'problems' in found ? [] : found.table.rows;
  if (short === undefined || whole === undefined) throw new Error('not found');
  expect(problemsOf(writeCells(page, [{ row: short, word: 'ok' }]))).toMatchObject([
    { message: 'the row "x" ends before its owned cell', place: { line: 4 } },
  ]);
  const twice = (one: string, other: string) =>
    writeCells(page, [
      { row: whole, word: one },
      { row: { ...whole }, word: other },
    ]);
  expect(problemsOf(twice('a', 'b'))[0]?.message).toBe(
    'the row "y" is given two words, "a" and "b"',
  );
  expect(problemsOf(twice('~', 'b'))[0]?.message).toBe(
    'the row "y" is given two words, "~" and "b"',
  );
  expect(textOf(twice('a', 'a'))).toContain('| y | a |');
});

test('a row of another page is refused, not lost', () => {
  const page = read('p.md', `${TABLE}| x | ~ |`);
  const other = read('p.md', `${TABLE}| x | ~ |`);
  const edits = cellsOf(other).map((cell) => ({ row: rowOf(cell), word: 'ok' }));
  expect(problemsOf(writeCells(page, edits)).map(({ place }) => place?.column)).toEqual([3, 7]);
});
