import { labelled, padded, width, wrapped } from '../columns.ts';
import type { Paint } from '../paint.ts';
import { type Block, spoken, type TableBlock } from './read.ts';

/** Blanks between two columns of a table, and the narrowest that a column is made. */
const GAP = 2;
const NARROWEST = 8;

/** Blocks of Markdown for a terminal: wrapped, tables in columns, code as it stands. */
export function renderBlocks(blocks: readonly Block[], columns: number, paint: Paint): string {
  return blocks
    .map((block) => renderBlock(block, columns, paint))
    .filter((text) => text !== '')
    .join('\n\n');
}

function renderBlock(block: Block, columns: number, paint: Paint): string {
  if (block.type === 'heading') return paint('bold', wrapped(spoken(block), columns).join('\n'));
  if (block.type === 'code') return indented(block.value);
  if (block.type === 'table') return renderTable(block, columns, paint);
  if (block.type === 'list') {
    return block.children
      .map(({ children }, at) => {
        const mark = block.ordered === true ? `${(block.start ?? 1) + at}. ` : '- ';
        return labelled(mark, children.map(spoken).join(' '), 2, columns);
      })
      .join('\n');
  }
  return wrapped(spoken(block), columns).join('\n');
}

function indented(code: string): string {
  return code
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}

/** Columns side by side, each as wide as what is in it; where that is too wide, the widest give way and wrap. */
function renderTable({ children }: TableBlock, columns: number, paint: Paint): string {
  const [head = [], ...rows] = children.map((row) => row.children.map(spoken));
  const isHeaded = head.some((text) => text !== '');
  const widths = fitted([head, ...rows], columns);
  const line = (cells: readonly string[]) => {
    const texts = cells.map((text, at) => wrapped(text, widths[at] ?? NARROWEST));
    const height = Math.max(1, ...texts.map((lines) => lines.length));
    return Array.from({ length: height }, (_, nth) =>
      texts
        .map((lines, at) => padded(lines[nth] ?? '', widths[at] ?? 0))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  const bold = line(head).map((text) => paint('bold', text));
  return [...(isHeaded ? bold : []), ...rows.flatMap(line)].map((text) => `  ${text}`).join('\n');
}

function fitted(rows: readonly (readonly string[])[], columns: number): readonly number[] {
  const count = Math.max(...rows.map((cells) => cells.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(1, ...rows.map((cells) => width(cells[at] ?? ''))),
  );
  const room = Math.max(count * NARROWEST, columns - 2 - GAP * (count - 1));
  let over = widths.reduce((sum, one) => sum + one, 0) - room;
  for (; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}
