import { expect, test } from 'vitest';
import { plain } from '../paint.ts';
import { headingsOf, readMarkdown, sectionOf } from './read.ts';
import { renderBlocks } from './terminal.ts';

const TEXT = `# Title

## First *one*

A paragraph with \`code\`, **strong words** and [a link](https://example.com/x)
over two lines. <br> ![no image](x.svg)

### Below

- one
- two, which is longer than a line has room for, and so goes on below

## Second

\`\`\`sh
assay run   # as it stands,    blanks and all
\`\`\`

| name | what it is | |
| --- | --- | --- |
| a \\| b | a long cell that has to be wrapped in its own column | end |
`;

const shown = (markdown: string, columns: number) =>
  renderBlocks(readMarkdown(markdown).children, columns, plain);

test('a section goes as far as the next heading that is not below it', () => {
  expect(headingsOf(TEXT)).toEqual(['First one', 'Below', 'Second']);
  expect(sectionOf(TEXT, 'First one')).toMatch(/^## First[\s\S]*goes on below$/);
  expect(sectionOf(TEXT, 'Below')).toMatch(/^### Below\n\n- one\n- two/);
  expect(sectionOf(TEXT, 'Second')).toContain('a \\| b');
  expect(sectionOf(TEXT, 'Third')).toBeUndefined();
});

test('what is emphasis or a link is spoken as its text, wrapped, and lists hang', () => {
  expect(shown(sectionOf(TEXT, 'First one') ?? '', 40)).toBe(`First one

A paragraph with code, strong words and
a link over two lines.

Below

  - one
  - two, which is longer than a line has
    room for, and so goes on below`);
});

test('code stands as it is, and a table keeps its columns within the width', () => {
  expect(shown(sectionOf(TEXT, 'Second') ?? '', 40)).toBe(`Second

    assay run   # as it stands,    blanks and all

  name   what it is
  a | b  a long cell that has to be  end
         wrapped in its own column`);
});

test('a table without a head has none', () => {
  expect(shown('| | |\n| --- | --- |\n| a | b |', 40)).toBe('  a  b');
});
