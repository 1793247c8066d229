import { expect, test } from 'vitest';
import { readPage } from './page.ts';
import type { Page } from './page.ts';
import { findRow, findTable, unclaimedRows } from './table.ts';
import type { FoundTable, TableName } from './table.ts';

function pageOf(text: string): Page {
  const read = readPage('en/p.mdx', new TextEncoder().encode(text));
  if ('problems' in read) throw new Error(read.problems[0]?.message);
  return read.page;
}

const TEXT = `---
title: A page
---

## Capability Status

Words before the tables.

| Term | Meaning |
|------|---------|
| \`Verified\` | shown |

<Note>
  | \`Capability\`  /  Spec | Status | Notes |
  |-----------|--------|-------|
  | \`T2I\` | \`Beta\` | a note with a trailing space  |
  | \`Reference  + 1..14\` refs | \`Verified\` | |
  | a \\| b |
</Note>

### Details

| Capability / Spec | Status |
|---|---|
| x | y |

## Other

| Model | Path | Status |
|---|---|---|
| m | /v1 | a |
| m | /v2 | b |

| Model | Path | Status |
|---|---|---|
| n | /v1 | c |
`;

const STATUS: TableName = {
  under: 'Capability Status',
  key: ['Capability / Spec'],
  owns: 'Status',
};

function tableOf(name: TableName, text = TEXT): FoundTable {
  const found = findTable(pageOf(text), name);
  if ('problems' in found) throw new Error(found.problems.map((p) => p.message).join('\n'));
  return found.table;
}

function problemOf(name: TableName, text = TEXT) {
  const found = findTable(pageOf(text), name);
  return 'problems' in found ? found.problems[0] : undefined;
}

test('a table is found by the heading above it and its columns, backticks and spaces aside', () => {
  const { line, rows } = tableOf(STATUS);
  expect(line).toBe(14);
  expect(rows.map(({ key, word, place }) => [key, word, place.line, place.column])).toEqual([
    [['`T2I`'], '`Beta`', 16, 13],
    [['`Reference  + 1..14` refs'], '`Verified`', 17, 33],
    [['a \\| b'], '', 18, 5],
  ]);
});

test('the columns choose between two tables under one heading', () => {
  expect(tableOf({ under: '`Capability`  Status', key: ['Term'], owns: 'Meaning' }).line).toBe(9);
});

test.each([
  ['Details', 23],
  ['Capability Status > Details', 23],
  ['Capability Status', 14],
])('the heading path %s leads to line %i', (under, line) => {
  expect(tableOf({ ...STATUS, under }).line).toBe(line);
});

test('a path may leave headings out, but not turn them round', () => {
  const text = `# A\n## B\n### C\n| k | s |\n|-|-|\n| x | y |\n`;
  for (const under of ['C', 'A > C', 'B > C', 'A > B > C']) {
    expect(tableOf({ under, key: ['k'], owns: 's' }, text).line).toBe(4);
  }
  for (const under of ['A', 'A > B', 'B > A > C', 'C > C']) {
    expect(problemOf({ under, key: ['k'], owns: 's' }, text)).toBeDefined();
  }
});

test('a heading that holds the sign of a path is found as it stands', () => {
  const text = `# A > B\n| k | s |\n|-|-|\n| x | y |\n`;
  expect(tableOf({ under: 'A > B', key: ['k'], owns: 's' }, text).line).toBe(2);
});

test('several tables that match are a problem that lists their lines, and nth settles it', () => {
  const name = { under: 'Other', key: ['Model', 'Path'], owns: 'Status' };
  expect(problemOf(name)).toMatchObject({
    message: '2 tables under "Other" match, in lines 29, 34',
    place: { file: 'en/p.mdx', line: 29, column: 1 },
    line: '| Model | Path | Status |',
  });
  expect(tableOf({ ...name, nth: 2 }).rows[0]?.word).toBe('c');
  for (const nth of [0, 3]) {
    expect(problemOf({ ...name, nth })?.message).toBe(
      `nth is ${nth}, but 2 tables under "Other" match: line 29, 34`,
    );
  }
  expect(problemOf({ ...STATUS, nth: 2 })?.message).toMatch(/nth is 2, but 1 table under/);
});

test('a key that stands twice is a problem that names both lines, and a second key column settles it', () => {
  const name = { under: 'Other', key: ['Model'], owns: 'Status', nth: 1 };
  expect(problemOf(name)).toMatchObject({
    message: 'the key "m" stands twice, in lines 31 and 32',
    place: { line: 32 },
  });
  expect(tableOf({ ...name, key: ['Model', 'Path'] }).rows.map(({ word }) => word)).toEqual([
    'a',
    'b',
  ]);
});

test.each<[string, TableName, string, string]>([
  [
    'a heading near by',
    { ...STATUS, under: 'Capabilty Status' },
    'no heading "Capabilty Status"',
    'did you mean "Capability Status"?',
  ],
  [
    'a heading far off',
    { under: '能力状态', key: ['能力'], owns: '状态' },
    'no heading "能力状态"',
    'a page in another language',
  ],
  [
    'a table under another heading',
    { ...STATUS, under: 'Anything else' },
    'no heading "Anything else"',
    'line 14 has a table with these columns, under "Capability Status"',
  ],
  [
    'a column near by',
    { ...STATUS, owns: 'Statu' },
    'has the columns "Capability / Spec", "Statu"',
    'did you mean "Status"?',
  ],
  [
    'a column far off',
    { ...STATUS, key: ['Zone'] },
    'has the columns "Zone", "Status"',
    'line 9 has "Term", "Meaning"; line 14 has "Capability / Spec", "Status", "Notes"',
  ],
  ['a key column that is owned', { ...STATUS, owns: '`Capability` / Spec' }, 'is a key column', ''],
])('a table that is not there is a problem with a hint: %s', (_, name, message, hint) => {
  const problem = problemOf(name);
  expect(problem?.message).toContain(message);
  expect(problem?.hint ?? '').toContain(hint);
});

test('a heading without a table is a problem at the heading', () => {
  const text = '# A\n\ntext\n\n## B\n\n| k | s |\n|-|-|\n| x | y |\n';
  expect(problemOf({ under: 'A', key: ['k'], owns: 's' }, text)).toMatchObject({
    message: 'no table under "A"',
    place: { line: 1 },
    line: '# A',
    hint: 'line 7 has a table with these columns, under "A > B"',
  });
});

test('two columns of the same name are a problem', () => {
  const text = '# A\n| k | s | s |\n|-|-|-|\n| x | y | z |\n';
  expect(problemOf({ under: 'A', key: ['k'], owns: 's' }, text)?.message).toBe(
    'two columns are named "s"',
  );
});

test.each([['T2I'], ['`Reference` + 1..14  refs'], ['a | b'], ['a \\| b']])(
  'the row %j is found by its key',
  (key) => {
    expect(findRow(tableOf(STATUS), [key])).toHaveProperty('row');
  },
);

test('a row that is gone is a problem with the nearest key', () => {
  expect(findRow(tableOf(STATUS), ['Reference + 1..15 refs'])).toMatchObject({
    problems: [
      {
        message: 'no row "Reference + 1..15 refs" in the table under "Capability Status"',
        place: { line: 14, column: 3 },
        hint: 'did you mean "Reference + 1..14 refs"?',
      },
    ],
  });
  expect(findRow(tableOf(STATUS), ['T2I', 'Notes'])).toHaveProperty('problems');
});

test('a row that no key names is a problem at that row', () => {
  const problems = unclaimedRows(tableOf(STATUS), [['T2I'], ['a | b']]);
  expect(problems.map(({ message, place }) => [message, place?.line])).toEqual([
    ['no suite claims the row "`Reference  + 1..14` refs"', 17],
  ]);
});
