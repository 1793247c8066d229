import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

/** A document in Markdown as its grammar has it. */
type Document = ReturnType<typeof fromMarkdown>;
/** What stands in it from top to bottom. */
export type Block = Document['children'][number];
/** A table. */
export type TableBlock = Extract<Block, { type: 'table' }>;

/** Reads Markdown with tables; any text is some document. */
export function readMarkdown(text: string): Document {
  return fromMarkdown(text, {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

/** Every heading of a text but its title, in order. */
export function headingsOf(text: string): readonly string[] {
  return readMarkdown(text).children.flatMap((block) =>
    block.type === 'heading' && block.depth > 1 ? [spoken(block)] : [],
  );
}

/** The part of a text from a heading to the next that is not below it; undefined where no heading says that. */
export function sectionOf(text: string, heading: string): string | undefined {
  const { children } = readMarkdown(text);
  const first = children.findIndex(
    (block) => block.type === 'heading' && spoken(block) === heading,
  );
  const head = children[first];
  if (head?.type !== 'heading') return undefined;
  const next = children.find(
    (block, at) => at > first && block.type === 'heading' && block.depth <= head.depth,
  );
  return text.slice(head.position?.start.offset, next?.position?.start.offset).trimEnd();
}

/** What stands in a node, as it is spoken: no signs of emphasis, a link by its text, no image and no HTML. */
export function spoken(node: Readonly<{ type: string }>): string {
  if (node.type === 'html' || node.type === 'image') return '';
  if (node.type === 'break') return ' ';
  if ('value' in node && typeof node.value === 'string') return node.value;
  return 'children' in node ? (node.children as Block[]).map(spoken).join('') : '';
}
