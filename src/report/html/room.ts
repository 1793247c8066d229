import type { Markup } from './markup.ts';

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

/**
 * Deals out a number of bytes: the shortest form to each, the most urgent first, as long as there is room; then the next longer
 * form, again to the most urgent first; and so on to the fullest.
 */
export function roomFor<One>(
  all: readonly One[],
  bytes: number,
  forms: readonly [shortest: (one: One) => Markup, ...((one: One) => Markup)[]],
): Room<One> {
  const [shortest, ...longer] = forms;
  const shown = new Map<One, Markup>();
  let left = bytes;
  for (const one of all) {
    const markup = shortest(one);
    const size = sizeOf(markup);
    if (size > left) break;
    left -= size;
    shown.set(one, markup);
  }
  let short = new Set(shown.keys());
  for (const form of longer) {
    let misses = 0;
    short = new Set(shown.keys());
    for (const [one, markup] of shown) {
      if (misses === MOST_MISSES) break;
      const fuller = form(one);
      const more = sizeOf(fuller) - sizeOf(markup);
      if (more > left) misses += 1;
      else {
        left -= more;
        shown.set(one, fuller);
        short.delete(one);
      }
    }
  }
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
