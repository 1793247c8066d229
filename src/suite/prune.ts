import { isMap, isSeq, parseDocument } from 'yaml';

/** A stretch of a text that goes. */
interface Cut {
  readonly from: number;
  readonly to: number;
}

/**
 * The text of a list of known contradictions without some of its entries, counted from 0: their lines go, with what is
 * said behind them in the same line, and every other character stays. Of entries in one line, only themselves and a comma.
 */
export function withoutEntries(text: string, gone: ReadonlySet<number>): string {
  const { contents } = parseDocument(text);
  const list = isMap(contents) ? contents.get('known') : undefined;
  if (!isSeq(list)) return text;
  const ranges = list.items.map(rangeOf);
  const cuts = list.flow === true ? flowCuts(text, ranges, gone) : lineCuts(text, ranges, gone);
  return cuts
    .toReversed()
    .reduce((left, { from, to }) => left.slice(0, from) + left.slice(to), text);
}

/** From the beginning of a value to its end; comments behind it are not of it. */
function rangeOf(node: unknown): Cut {
  const [from = 0, to = from] = (node as { range?: readonly number[] | null }).range ?? [];
  return { from, to };
}

function lineCuts(text: string, ranges: readonly Cut[], gone: ReadonlySet<number>): readonly Cut[] {
  return ranges.flatMap(({ from, to }, at) => {
    if (!gone.has(at)) return [];
    // The dash of an entry may stand in a line above it.
    const dash = text.lastIndexOf('-', from);
    const begin = text.lastIndexOf('\n', dash) + 1;
    const isAtLineStart = text[to - 1] === '\n';
    const feed = text.indexOf('\n', to);
    return [{ from: begin, to: isAtLineStart ? to : feed === -1 ? text.length : feed + 1 }];
  });
}

function flowCuts(text: string, ranges: readonly Cut[], gone: ReadonlySet<number>): readonly Cut[] {
  const kept = ranges.findLastIndex((_, at) => !gone.has(at));
  const end = ranges.at(-1)?.to ?? text.length;
  // Those behind the last that stays take the comma before them along.
  const behind = ranges[kept]?.to ?? ranges[0]?.from ?? end;
  const before = ranges.slice(0, Math.max(kept, 0)).flatMap(({ from }, at) => {
    const next = ranges[at + 1];
    return gone.has(at) && next !== undefined ? [{ from, to: next.from }] : [];
  });
  return [...before, { from: behind, to: end }];
}
