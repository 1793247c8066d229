import { expect, test } from 'vitest';
import { readPage } from './page.ts';
import type { Page } from './page.ts';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function pageOf(file: string, text: string): Page {
  const read = readPage(file, bytes(text));
  if ('problems' in read) throw new Error(read.problems[0]?.message);
  return read.page;
}

function problemOf(file: string, content: string | Uint8Array) {
  const read = readPage(file, typeof content === 'string' ? bytes(content) : content);
  return 'problems' in read ? read.problems[0] : undefined;
}

const TABLE = '| a | b |\n|---|---|\n';

function lastRow(text: string, file = 'p.md'): readonly (readonly [string, string])[] {
  const page = pageOf(file, text);
  const row = page.tables.at(-1)?.rows.at(-1) ?? [];
  return row.map((cell) => [cell.text, page.text.slice(cell.start, cell.end)]);
}

test.each([
  ['plain cells', `${TABLE}| x | y |`, ['x', 'y']],
  ['no outer pipes', 'a | b\n-|-\nx | y  \n', ['x', 'y']],
  ['escaped pipes', `${TABLE}| \`a\\|b\` \\| c | d |`, ['`a\\|b` \\| c', 'd']],
  ['CJK and emoji before the cell', `${TABLE}| 能力 🟢🟢 | 状态 |`, ['能力 🟢🟢', '状态']],
  [
    'a cell of mixed inline nodes',
    `${TABLE}| **x** and \`y\` | [z](u) |`,
    ['**x** and `y`', '[z](u)'],
  ],
  ['a tab and many blanks', `${TABLE}|   x \t|  y   |`, ['x', 'y']],
  ['a row that is too short', `${TABLE}| x |`, ['x']],
  ['a row that is too long', `${TABLE}| x | y | z |`, ['x', 'y', 'z']],
  ['a block quote', '> | a | b |\n> |-|-|\n> | x | y |', ['x', 'y']],
  ['a list item', '- | a | b |\n  |-|-|\n  | x | y |', ['x', 'y']],
])('cells are found with %s', (_, text, cells) => {
  expect(lastRow(text)).toEqual(cells.map((cell) => [cell, cell]));
});

test.each([
  [`${TABLE}| x |  |`, '  '],
  [`${TABLE}| x ||`, ''],
  [`${TABLE}| x |\t|`, '\t'],
  [`> ${TABLE.trimEnd().replace('\n', '\n> ')}\n> | x |   |`, '   '],
])('an empty cell is the blanks between its pipes: %j', (text, blanks) => {
  expect(lastRow(text).at(-1)).toEqual(['', blanks]);
});

test('tables are found inside components of an MDX page', () => {
  const text = '<Note>\n  ## Status\n\n  | a | b |\n  |---|---|\n  | `{m}` | <br/> y |\n</Note>\n';
  expect(lastRow(text, 'p.mdx')).toEqual([
    ['`{m}`', '`{m}`'],
    ['<br/> y', '<br/> y'],
  ]);
  expect(pageOf('p.mdx', text).tables[0]?.path).toEqual(['Status']);
});

test('a table in a code fence, a comment or the frontmatter is no table', () => {
  const table = '| a | b |\n|---|---|\n| x | y |\n';
  const text = `---\nt: |\n  ${table.replaceAll('\n', '\n  ')}\n---\n\n\`\`\`md\n${table}\`\`\`\n`;
  expect(pageOf('p.md', `${text}\n<!--\n${table}-->\n`).tables).toEqual([]);
  expect(pageOf('p.mdx', `${text}\n{/*\n${table}*/}\n`).tables).toEqual([]);
});

test('lines and columns count from 1, in UTF-16 units, whatever ends the lines', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = `\uFEFF# 🟢${end}${end}| 🟢 | b |${end}|---|---|${end}| 🟢 |  |`;
    const [table] = pageOf('p.md', text).tables;
    expect(table).toMatchObject({ path: ['🟢'], line: 3, column: 1 });
    expect(table?.rows[0]?.map(({ line, column }) => [line, column])).toEqual([
      [5, 3],
      [5, 7],
    ]);
  }
});

test('a heading path follows the depth of the headings', () => {
  const text = `# A\n## \`B\` c ##\n### C\n## D\n${TABLE}`;
  expect(pageOf('p.md', text).headings.map(({ path }) => path.join(' > '))).toEqual([
    'A',
    'A > `B` c',
    'A > `B` c > C',
    'A > D',
  ]);
  expect(pageOf('p.md', text).tables[0]?.path).toEqual(['A', 'D']);
});

test.each([
  ['| x | {a |', 9, /closing brace/],
  ['| x | <30 |', 8, /before name/],
  ['| x | <!-- c --> |', 8, /comment in MDX/],
])(
  'MDX that would not build is a problem at its place, never read as Markdown: %s',
  (row, column, why) => {
    const problem = problemOf('p.mdx', `\uFEFF${TABLE}${row}\n`);
    expect(problem).toMatchObject({ place: { file: 'p.mdx', line: 3, column }, line: row });
    expect(problem?.message).toMatch(why);
    expect(problemOf('p.md', `${TABLE}${row}\n`)).toBeUndefined();
  },
);

test('bytes that are not UTF-8 are a problem at their line', () => {
  const page = new Uint8Array([...bytes('# 能力\n\nab'), 0xff, ...bytes('c\nd')]);
  expect(problemOf('p.md', page)).toMatchObject({
    message: 'the page is not UTF-8',
    place: { line: 3, column: 3 },
    line: 'ab\uFFFDc',
  });
  expect(problemOf('p.md', new Uint8Array([0xe8, 0x83]))).toMatchObject({ place: { line: 1 } });
});

test('a page of another kind is a problem', () => {
  expect(problemOf('p.html', '')?.message).toBe('p.html is neither a .md nor a .mdx page');
  expect(problemOf('P.MDX', '')).toBeUndefined();
});
