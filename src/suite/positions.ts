import type { Span } from './source.ts';
import type { Written } from './written.ts';

/** Where a path leads: the value there, or the nearest one above it where the rest of the path is missing. */
export interface Spot {
  readonly node: Written;
  /** The key under which the value stands; its own place for an item of a list. */
  readonly key: Span;
  /** Whether the whole path was there. */
  readonly whole: boolean;
}

/** Follows a path of keys and indexes through what was written. */
export function locate(root: Written, path: readonly PropertyKey[]): Spot {
  let node = root;
  let key = root.span;
  for (const step of path) {
    if (node.kind === 'map') {
      const found = node.members.get(String(step));
      if (found === undefined) return { node, key: node.span, whole: false };
      key = found.key;
      node = found.value;
    } else {
      const found = node.kind === 'list' ? node.items[Number(step)] : undefined;
      if (found === undefined) return { node, key: node.span, whole: false };
      key = found.span;
      node = found;
    }
  }
  return { node, key, whole: true };
}
