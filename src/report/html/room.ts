import { type Markup, NOTHING } from './markup.ts';

/** What there is room for. */
export interface Room<One> {
  /** How one of them is shown; undefined where it is left out. */
  readonly markup: (one: One) => Markup | undefined;
  /** Those that are not shown in their fullest form, the most urgent first. */
  readonly brief: readonly One[];
  /** How many there was no room for at all. */
  readonly leftOut: number;
}

/** So many that do not fit end the search for one that does. */
const MOST_MISSES = 50;

/** How one thing is shown, from its shortest form to its fullest. */
interface Forms<One> {
  readonly shortest: (one: One) => Markup;
  readonly brief: (one: One) => Markup;
  readonly full: (one: One) => Markup;
}

/**
 * Deals out a number of bytes, always to the most urgent first: the shortest form to each as long as there is room; of the rest,
 * up to a half for the fullest form of those that somebody should look at; then a brief form to each; then the fullest.
 */
export function roomFor<One>(
  all: readonly One[],
  bytes: number,
  { shortest, brief, full }: Forms<One>,
  isPressing: (one: One) => boolean,
): Room<One> {
  const shown = new Map<One, Markup>();
  let left = bytes;
  for (const one of all) {
    const markup = shortest(one);
    const size = sizeOf(markup);
    if (size > left) break;
    left -= size;
    shown.set(one, markup);
  }
  const short = new Set(shown.keys());

  function lengthen(some: readonly One[], form: (one: One) => Markup, most: number): void {
    const least = left - most;
    let misses = 0;
    for (const one of some) {
      if (misses === MOST_MISSES) break;
      const markup = form(one);
      const more = sizeOf(markup) - sizeOf(shown.get(one) ?? NOTHING);
      if (left - more < least) misses += 1;
      else {
        left -= more;
        shown.set(one, markup);
        if (form === full) short.delete(one);
      }
    }
  }
  lengthen([...short].filter(isPressing), full, left / 2);
  lengthen([...short], brief, left);
  lengthen([...short], full, left);
  return {
    markup: (one) => shown.get(one),
    brief: [...short],
    leftOut: all.length - shown.size,
  };
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const NOT_ASCII = /[^\u0000-\u007f]/;

/** How long markup is in UTF-8, in bytes at most: no character takes more than three for each of its units. */
export function sizeOf({ html }: Markup): number {
  let size = html.length;
  if (!NOT_ASCII.test(html)) return size;
  for (let at = 0; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (code > 0x7f) size += code > 0x7ff ? 2 : 1;
  }
  return size;
}
