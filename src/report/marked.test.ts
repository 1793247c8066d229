import * as fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { describe, expect, test } from 'vitest';
import { code, codeCell, tableHead, tableRow } from './marked.ts';
import { printable } from './printable.ts';

/** What a Markdown reader finds, as far as these tests look at it. */
interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

function read(text: string): Node {
  return fromMarkdown(text, {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

function shownIn(node: Node): string {
  return node.value ?? (node.children ?? []).map(shownIn).join('');
}

function typesIn(node: Node): readonly string[] {
  return [node.type, ...(node.children ?? []).flatMap(typesIn)];
}

const HOSTILE = [
  'a | b',
  '\\|',
  '\\\\|x|',
  '||\\||',
  '`|`',
  '``',
  '` `',
  '<img src=x onerror=alert(1)>',
  '[a](https://example.com) https://example.com www.example.com a@b.example',
  '@somebody #1 &#124; &lt;',
  '\n# title\n- item\n',
  '*bold* _it_ ~~x~~ $y$',
  '\\',
];

/** Texts of what Markdown takes for more than text, and of anything else. */
const texts = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: fc.constantFrom('|', '\\', '`', ' ', 'a', '<', '&', '[', ']', '\n') }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** As it is meant to be shown: in one line. */
function inOneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

describe('a text of the world in Markdown', () => {
  test('stays in its cell of a table, is code, and reads as it was', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 3, maxLength: 3 }), (cells) => {
        const source = [...tableHead(['A', 'B', 'C']), tableRow(cells.map(codeCell))].join('\n');
        const [table, ...more] = read(source).children ?? [];
        expect([table?.type, more]).toEqual(['table', []]);
        const [, row, ...others] = table?.children ?? [];
        expect(others).toEqual([]);
        expect(row?.children?.map(shownIn)).toEqual(cells.map(inOneLine));
        const types = new Set(row?.children?.flatMap(typesIn));
        expect(
          [...types].filter((type) => !['tableCell', 'inlineCode', 'text'].includes(type)),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('in a list is nothing but code', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const item = read(`- it said ${code(text)}.`);
        expect(shownIn(item).replaceAll(/\s+/g, ' ')).toBe(
          `it said ${inOneLine(text)}.`.replaceAll(/\s+/g, ' '),
        );
        const known = ['root', 'list', 'listItem', 'paragraph', 'text', 'inlineCode'];
        expect(typesIn(item).filter((type) => !known.includes(type))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('is cut where it is too long to be read', () => {
    expect(code('😀'.repeat(500))).toHaveLength(404);
  });
});
