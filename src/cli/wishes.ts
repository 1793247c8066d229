/** What is wished of a watching session: to run what changed, what failed, what ran last or all; or that it ends. */
export type Wish = 'failed' | 'again' | 'changed' | 'all' | 'quit' | 'interrupted';

/** The later one stands for the earlier one too, where both are wished at once. */
const ORDER: readonly Wish[] = ['failed', 'again', 'changed', 'all', 'quit', 'interrupted'];

/** What is wished, whenever it is, for whoever fulfils one wish after the other. */
export interface Wishes {
  /** Wishes something, and ends what is under way for an earlier wish. */
  readonly wish: (wish: Wish) => void;
  /** The next wish, and a signal that aborts once there is another one. */
  readonly next: () => Promise<{ readonly wish: Wish; readonly signal: AbortSignal }>;
}

/** Nothing is wished yet. */
export function makeWishes(): Wishes {
  let wished: Wish | undefined;
  let made = Promise.withResolvers<void>();
  let underWay = new AbortController();
  return {
    wish(wish) {
      if (wished === undefined || ORDER.indexOf(wish) > ORDER.indexOf(wished)) wished = wish;
      underWay.abort();
      made.resolve();
    },
    async next() {
      await made.promise;
      const wish = wished ?? 'changed';
      wished = undefined;
      made = Promise.withResolvers();
      underWay = new AbortController();
      return { wish, signal: underWay.signal };
    },
  };
}
