import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfmTable } from 'micromark-extension-gfm-table';
import { mdxjs } from 'micromark-extension-mdxjs';
import type { Place } from '../domain/claim.ts';
import type { Problem } from '../domain/problem.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];
type TableNode = Extract<Node, { type: 'table' }>;
type CellNode = Extract<Node, { type: 'tableCell' }>;

/** A cell's content: its source text without the blanks around it; offsets are UTF-16 units of the page's text. */
export interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** A heading, as the source texts of the headings that lead to it; the last is its own. */
interface Heading {
  readonly path: readonly string[];
  readonly line: number;
  readonly column: number;
}

/** A table and the heading path it stands under, which is empty above the first heading. */
export interface PageTable {
  readonly path: readonly string[];
  readonly header: readonly Cell[];
  /** A row may have fewer cells than the header, or more. */
  readonly rows: readonly (readonly Cell[])[];
  readonly line: number;
  readonly column: number;
}

/** One node of the page's grammar, in document order: two pages with equal marks say the same to a reader. */
interface Mark {
  readonly type: string;
  readonly line: number;
  readonly start: number;
  /** The content of a cell, the source of any other leaf, nothing for a node that holds others. */
  readonly text: string;
}

/** A Markdown or MDX page, read as far as its tables. */
export interface Page {
  readonly file: string;
  /** Without the byte order mark. */
  readonly text: string;
  readonly bom: '' | '\uFEFF';
  readonly mdx: boolean;
  readonly headings: readonly Heading[];
  readonly tables: readonly PageTable[];
  readonly marks: readonly Mark[];
}

/** Reads a page by the grammar of its extension; bytes that are not UTF-8, and MDX that would not build, are problems. */
export function readPage(
  file: string,
  bytes: Uint8Array,
): { readonly page: Page } | { readonly problems: readonly Problem[] } {
  const extension = /\.(mdx?)$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === undefined) {
    const message = `${file} is neither a .md nor a .mdx page`;
    return { problems: [{ severity: 'error', message }] };
  }
  const decoded = decode(bytes);
  if (decoded === undefined) return { problems: [encodingProblem(file, bytes)] };
  const bom = decoded.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = decoded.slice(bom.length);
  const mdx = extension === 'mdx';
  try {
    return { page: { file, text, bom, mdx, ...survey(text, parse(text, mdx)) } };
  } catch (error) {
    // Plain Markdown would read the page all the same, but as other tables than those the site shows.
    return { problems: [grammarProblem(file, text, error)] };
  }
}

/** A problem at a place of the page, with the source line there. */
export function problemAt(
  page: Pick<Page, 'file' | 'text'>,
  at: { readonly line: number; readonly column: number },
  message: string,
  more: Pick<Problem, 'hint' | 'span'> = {},
): Problem {
  const place: Place = { file: page.file, line: at.line, column: at.column };
  const line = page.text.split(/\r\n|\r|\n/)[at.line - 1] ?? '';
  return { severity: 'error', message, place, line, see: 'tables', ...more };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Points at the first line whose bytes are not UTF-8; a line feed is never part of a longer character. */
function encodingProblem(file: string, bytes: Uint8Array): Problem {
  let start = 0;
  for (let line = 1; ; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    if (feed === -1 || decode(bytes.subarray(start, end)) === undefined) {
      const text = new TextDecoder().decode(bytes.subarray(start, end));
      const column = text.indexOf('\uFFFD') + 1;
      return {
        severity: 'error',
        message: 'the page is not UTF-8',
        place: { file, line, column: Math.max(1, column) },
        line: text,
        hint: 'save it as UTF-8; nothing of it was read',
      };
    }
    start = end + 1;
  }
}

function parse(text: string, mdx: boolean): Root {
  const fences: ('yaml' | 'toml')[] = ['yaml', 'toml'];
  return fromMarkdown(text, {
    extensions: [gfmTable(), frontmatter(fences), ...(mdx ? [mdxjs()] : [])],
    mdastExtensions: [
      gfmTableFromMarkdown(),
      frontmatterFromMarkdown(fences),
      ...(mdx ? [mdxFromMarkdown()] : []),
    ],
  });
}

function grammarProblem(file: string, text: string, error: unknown): Problem {
  if (!(error instanceof Error) || !('reason' in error)) throw error;
  const line = 'line' in error && typeof error.line === 'number' ? error.line : 1;
  const column = 'column' in error && typeof error.column === 'number' ? error.column : 1;
  const message = `the page is not MDX: ${String(error.reason)}`;
  const hint = 'in MDX, { and < begin code unless they stand in backticks';
  return problemAt({ file, text }, { line, column }, message, { hint });
}

/** One walk in document order, so that a heading inside a component or a list leads to what follows it, too. */
function survey(text: string, root: Root): Pick<Page, 'headings' | 'tables' | 'marks'> {
  const headings: Heading[] = [];
  const tables: PageTable[] = [];
  const marks: Mark[] = [];
  let above: { readonly depth: number; readonly text: string }[] = [];

  function visit(node: Node): void {
    const { line, column, offset: start } = placeOf(node).start;
    if (node.type === 'tableCell') {
      const cell = readCell(text, node);
      marks.push({ type: node.type, line, start: cell.start, text: cell.text });
      return;
    }
    if (node.type === 'heading') {
      const own = text.slice(...contentOf(node));
      above = [
        ...above.filter(({ depth }) => depth < node.depth),
        { depth: node.depth, text: own },
      ];
      headings.push({ path: above.map((heading) => heading.text), line, column });
    }
    if (node.type === 'table') {
      const path = above.map((heading) => heading.text);
      tables.push({ path, ...readTable(text, node), line, column });
    }
    const children: readonly Node[] = 'children' in node ? node.children : [];
    const leaf = children.length === 0;
    const source = leaf ? text.slice(start, placeOf(node).end.offset) : '';
    marks.push({ type: node.type, line, start, text: source });
    children.forEach(visit);
  }

  visit(root);
  return { headings, tables, marks };
}

function readTable(text: string, table: TableNode): Pick<PageTable, 'header' | 'rows'> {
  const [header = [], ...rows] = table.children.map((row) =>
    row.children.map((cell) => readCell(text, cell)),
  );
  return { header, rows };
}

/** An empty cell is the blanks after its pipe: it has one before it, and one after it. */
function readCell(text: string, node: CellNode): Cell {
  const begin = placeOf(node).start;
  let [start, end] = contentOf(node);
  if (node.children.length === 0) {
    start = begin.offset + 1;
    end = start;
    while (text[end] === ' ' || text[end] === '\t') end++;
    return { text: '', start, end, line: begin.line, column: begin.column + 1 };
  }
  const column = begin.column + start - begin.offset;
  return { text: text.slice(start, end), start, end, line: begin.line, column };
}

/** From the start of the first child to the end of the last. */
function contentOf(node: { readonly children: readonly Node[] }): [start: number, end: number] {
  const first = node.children.at(0);
  const last = node.children.at(-1);
  if (first === undefined || last === undefined) return [0, 0];
  return [placeOf(first).start.offset, placeOf(last).end.offset];
}

interface Point {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Every node that was read from a text has a position; the types allow for nodes made by hand. */
function placeOf(node: Node): { readonly start: Point; readonly end: Point } {
  const { start, end } = node.position ?? {};
  if (start?.offset === undefined || end?.offset === undefined) {
    throw new Error(`a ${node.type} without a position`);
  }
  return {
    start: { line: start.line, column: start.column, offset: start.offset },
    end: { line: end.line, column: end.column, offset: end.offset },
  };
}
