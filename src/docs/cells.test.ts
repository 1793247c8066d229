import { expect, test } from 'vitest';
import { cellDiff, writeCells } from './cells.ts';
import type { Edit } from './cells.ts';
import { findRow, findTable } from './table.ts';
import { cellsOf, pageOf, rowOf, textOf, write } from './cells.fixture.ts';

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
  const written = write(pageOf('p.mdx', before), (cell) => (cell.text === '~' ? word : undefined));
  expect(textOf(written)).toBe(after);
});

test.each([
  [`${TABLE}| x ||`, `${TABLE}| x | ok |`],
  [`${TABLE}| x | |`, `${TABLE}| x | ok |`],
  [`${TABLE}| x |\t   |\n`, `${TABLE}| x | ok |\n`],
])('an empty cell takes the word with a blank on either side: %j', (before, after) => {
  expect(
    textOf(write(pageOf('p.md', before), ({ text }) => (text === '' ? 'ok' : undefined))),
  ).toBe(after);
});

test('the bytes are those of the text, byte order mark included', () => {
  const written = write(pageOf('p.md', `\uFEFF${TABLE}| 键 | ~ |`), () => '字');
  if ('problems' in written) throw new Error('refused');
  expect([...written.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(written.bytes)).toBe(written.text);
});

test('found rows are written, and their neighbours keep trailing spaces', () => {
  const text = '# S\n\n| k | s | n |\n|--|--|--|\n| `a` | `Beta` | note  |\n| b |  | |\n\ntail  \n';
  const page = pageOf('p.mdx', text);
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
    const page = pageOf('p.mdx', `${TABLE}| x | ~ |\n| y | fine |`);
    const problems = problemsOf(write(page, ({ text }) => (text === '~' ? word : undefined)));
    expect(problems).toMatchObject([{ place: { line: 3, column: 7 }, line: '| x | ~ |' }]);
  },
);

test('a word that passes for text, and yet changes the page around it, is refused after parsing once more', () => {
  const page = pageOf('p.md', 's | k\n-|-\nfine | y\n~ | x\nlast | z');
  for (const word of ['> quote', '- item', '# head', '']) {
    const written = write(page, ({ text }) => ({ '~': word, fine: 'better' })[text]);
    expect(problemsOf(written).map(({ place }) => place?.line)).toEqual([4]);
  }
  expect(textOf(write(page, ({ text }) => ({ '~': 'ok' })[text]))).toContain('\nok | x\n');
});

test('a row that ends before its owned cell is a problem, and so are two words for one cell', () => {
  const page = pageOf('p.md', `# S\n${TABLE}| x |\n| y | ~ |`);
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
  const page = pageOf('p.md', `${TABLE}| x | ~ |`);
  const other = pageOf('p.md', `${TABLE}| x | ~ |`);
  const edits = cellsOf(other).map((cell) => ({ row: rowOf(cell), word: 'ok' }));
  expect(problemsOf(writeCells(page, edits)).map(({ place }) => place?.column)).toEqual([3, 7]);
});
