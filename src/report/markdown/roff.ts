import { type Block, readMarkdown, spoken, type TableBlock } from './read.ts';

/** Names a page for `man`: its name, and the version it is about. */
interface ManPage {
  readonly name: string;
  readonly version: string;
}

/**
 * Markdown as a page of section 1 for `man`. Its first heading says what it is about, behind a dash if it begins with a name;
 * after that, what stands under a heading of the least depth is a section, and all below it a part of one.
 */
export function roff(markdown: string, { name, version }: ManPage): string {
  const [title, ...blocks] = readMarkdown(markdown).children;
  const least = Math.min(...blocks.map((block) => (block.type === 'heading' ? block.depth : 9)));
  const about = title === undefined ? '' : spoken(title).split(' — ').at(-1);
  return [
    `.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(`assay ${version}`)}`,
    '.SH NAME',
    String.raw`${escaped(name)} \- ${escaped(about ?? '')}`,
    ...(blocks[0]?.type === 'heading' ? [] : ['.SH DESCRIPTION']),
    ...blocks.flatMap((block) => macros(block, least)),
    '',
  ].join('\n');
}

function macros(block: Block, least: number): readonly string[] {
  if (block.type === 'heading') {
    return block.depth === least
      ? [`.SH ${quoted(spoken(block).toUpperCase())}`]
      : [`.SS ${quoted(spoken(block))}`];
  }
  if (block.type === 'code')
    return ['.PP', '.RS 4', '.nf', ...block.value.split('\n').map(line), '.fi', '.RE'];
  if (block.type === 'table') return rows(block);
  if (block.type === 'list') {
    return block.children.flatMap((item) => [
      String.raw`.IP \(bu 2`,
      line(item.children.map(spoken).join(' ')),
    ]);
  }
  const text = spoken(block).replaceAll(/\s+/g, ' ');
  return text === '' ? [] : ['.PP', line(text)];
}

/** The first cell of each row, and the others below it, each under its column's name if it has one. */
function rows({ children }: TableBlock): readonly string[] {
  const [head = [], ...rest] = children.map((row) => row.children.map(spoken));
  return rest.flatMap(([first = '', ...others]) => [
    '.TP',
    line(first),
    others
      .filter((text) => text !== '')
      .map((text, at) => {
        const column = head[at + 1] ?? '';
        return line(others.length > 1 && column !== '' ? `${column}: ${text}` : text);
      })
      .join('\n.br\n') || String.raw`\&`,
  ]);
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '""')}"`;
}

/** A line of text: one that begins like a request of roff has a sign of no width before it. */
function line(text: string): string {
  const safe = escaped(text);
  return /^[.']/.test(safe) ? String.raw`\&${safe}` : safe;
}

/** Dashes of options stay dashes, so that they can be searched for and copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('`', String.raw`\(ga`)
    .replaceAll('^', String.raw`\(ha`)
    .replaceAll('~', String.raw`\(ti`)
    .replaceAll("'", String.raw`\(aq`);
}
