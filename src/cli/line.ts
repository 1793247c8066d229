import type { Clock } from '../engine/ports.ts';
import { clipped } from '../report/columns.ts';
import { printable } from '../report/printable.ts';

/** The one line of a terminal that is written over: what is long shows in it how far it is. */
export interface Line {
  /** Puts a text in the place of the last one, at once or as soon as an eye can follow: only the newest is made and shown. */
  readonly show: (text: () => string) => void;
  /** Takes it away, so that something else can be said in its place. */
  readonly clear: () => void;
}

/** A terminal: it may become wider or narrower at any time. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly columns: () => number;
}

/** Between one text and the next, in milliseconds: 20 a second. */
const LEAST_MS = 50;

/** To the beginning of the line, and all of it cleared. */
const CLEAR = '\r\u001B[2K';

/** A line that is never broken into two, whatever its text and however narrow the terminal: it ends before the last column. */
export function overwrittenLine(
  { write, columns }: Screen,
  { monotonic, sleep }: Pick<Clock, 'monotonic' | 'sleep'>,
): Line {
  let next: (() => string) | undefined;
  let shownAtMs = -Infinity;
  let isShown = false;
  let isWaiting = false;
  const showNext = () => {
    isWaiting = false;
    if (next === undefined) return;
    write(CLEAR + clipped(printable(next()).replaceAll(/\s/g, ' '), Math.max(1, columns() - 1)));
    next = undefined;
    isShown = true;
    shownAtMs = monotonic();
  };
  return {
    show(text) {
      next = text;
      const waitMs = shownAtMs + LEAST_MS - monotonic();
      if (waitMs <= 0) showNext();
      else if (!isWaiting) {
        isWaiting = true;
        void sleep(waitMs).then(showNext);
      }
    },
    clear() {
      next = undefined;
      if (isShown) write(CLEAR);
      isShown = false;
    },
  };
}

/** Told how much of something long is through, of how much. */
export type Advance = (done: number, all: number) => void;

/** Whoever waits for so long is shown what for, on a terminal. */
const LONG_MS = 300;

/** In a pipe nobody waits: what takes this long is worth a line for each tenth. */
const LONG_IN_PIPE_MS = 5_000;

const TENTHS = 10;

/** Shows how far something is that takes long, and says nothing of what does not: `reading the ledger: 42%`. */
export function advancing(
  { line, say }: { readonly line?: Line; readonly say: (text: string) => void },
  what: string,
  monotonic: Clock['monotonic'] = () => performance.now(),
): Advance {
  const begunMs = monotonic();
  let toldTenth = 0;
  return (done, all) => {
    const share = done / Math.max(1, all);
    if (monotonic() - begunMs < (line === undefined ? LONG_IN_PIPE_MS : LONG_MS)) return;
    const text = `${what}: ${Math.floor(share * 100)}%`;
    if (line !== undefined) {
      if (done < all) line.show(() => text);
      else line.clear();
      return;
    }
    const tenth = Math.floor(share * TENTHS);
    if (tenth > toldTenth) say(text);
    toldTenth = tenth;
  };
}
