/** What a walk sees of an image that arrives in pieces. */
export interface Window {
  /** The bytes at hand; only those from `at` on are kept when more of them arrive. */
  bytes: Uint8Array;
  /** Where the walk stands in them. It may be set beyond their end: what lies between is passed over as it arrives. */
  at: number;
}

/**
 * The steps of a walk. It yields how many bytes from `at` on it has to see (few of them: they are kept), and goes on when
 * they are there, or when the image has ended before: how many are left tells which.
 */
export type Steps<T> = Generator<number, T, void>;

/** A walk under way. */
export interface Walker<T> {
  /** Walks on through the next piece, of which it keeps no reference; what the walk came to, or undefined while it goes on. */
  readonly feed: (piece: Uint8Array) => { readonly value: T } | undefined;
  /** What the walk comes to where nothing more arrives. */
  readonly end: () => T;
}

const NOTHING = new Uint8Array();

/** Begins a walk. However the bytes are cut into pieces, it comes to the same. */
export function makeWalker<T>(walk: (window: Window) => Steps<T>): Walker<T> {
  const window: Window = { bytes: NOTHING, at: 0 };
  const steps = walk(window);
  let step = steps.next();
  return {
    feed(piece) {
      if (step.done === true) return step;
      window.bytes = joined(window.bytes, piece);
      while (step.done !== true && step.value <= left(window)) step = steps.next();
      if (step.done === true) return step;
      const beyond = Math.max(0, -left(window));
      window.bytes = Uint8Array.from(window.bytes.subarray(window.at));
      window.at = beyond;
      return undefined;
    },
    end() {
      while (step.done !== true) step = steps.next();
      return step.value;
    },
  };
}

/** How many bytes are at hand from where the walk stands; less than none where it is still to pass some over. */
export function left({ bytes, at }: Window): number {
  return bytes.length - at;
}

function joined(rest: Uint8Array, piece: Uint8Array): Uint8Array {
  return rest.length === 0 ? piece : Buffer.concat([rest, piece]);
}
