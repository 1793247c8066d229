import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** What is watched: all that matters below a folder, and single files elsewhere. */
export interface Watched {
  readonly folder: string;
  readonly files: readonly string[];
}

/** A change is told once nothing more has changed for so long: editors write in bursts, and replace a file by another. */
const QUIET_MS = 25;

/** Not even an endless burst keeps a change from being told for longer, in milliseconds. */
const PATIENCE_MS = 250;

/** So many folders are watched at most; suites are not kept in thousands. */
const MOST_FOLDERS = 500;

/** What a suite can follow from; not what editors put beside it for a moment. */
const MATTERS = /^[^.~#][^~#]*\.(?:ya?ml|json|[cm]?[jt]s)$/;
const LEFT_OUT = /^(?:\.|node_modules$)/;

/**
 * Tells of changes in files until it is closed. Folders are watched, not files: a file may be replaced by another of its name,
 * and so may a folder, which can also vanish for a while.
 */
export function watchFiles(
  { folder, files }: Watched,
  tell: (paths: readonly string[]) => void,
): { readonly close: () => void } {
  const root = plainPath(folder);
  const watchers = new Map<string, { readonly watcher: FSWatcher; readonly ino: number }>();
  const single = new Set([root, ...files.map(plainPath)]);
  const changed = new Set<string>();
  let quiet: NodeJS.Timeout | undefined;
  let firstAtMs = 0;

  const note = (path: string): void => {
    const now = performance.now();
    if (changed.size === 0) firstAtMs = now;
    changed.add(path);
    clearTimeout(quiet);
    quiet = setTimeout(settle, Math.max(0, Math.min(QUIET_MS, firstAtMs + PATIENCE_MS - now)));
  };
  const settle = (): void => {
    const paths = [...changed].toSorted();
    changed.clear();
    watchAll();
    tell(paths);
  };
  const open = (path: string, isMeant: (name: string) => boolean): void => {
    const ino = inodeOf(path);
    const known = watchers.get(path);
    if (ino === undefined || known?.ino === ino) return;
    known?.watcher.close();
    try {
      const watcher = watch(path, (_, name) => {
        if (name !== null && isMeant(name)) note(join(path, name));
      });
      watchers.set(path, { watcher, ino });
      watcher.on('error', () => note(path)); // it is gone, or cannot be watched any more
    } catch {
      // What has just vanished is told of by the folder above it.
    }
  };
  const watchAll = (): void => {
    const below = foldersBelow(root);
    const above = new Set([...single].map((path) => nearestAbove(path)));
    for (const path of below)
      open(path, (name) => MATTERS.test(name) || inodeOf(join(path, name), true) !== undefined);
    for (const path of above)
      if (!below.has(path)) open(path, (name) => isOnTheWay(join(path, name), single));
    for (const [path, { watcher }] of watchers) {
      if (below.has(path) || above.has(path)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  watchAll();
  return {
    close() {
      clearTimeout(quiet);
      for (const { watcher } of watchers.values()) watcher.close();
    },
  };
}

/** As `join` writes it, without `./` before it or `/` behind it. */
function plainPath(path: string): string {
  return relative('', path) || '.';
}

/** A folder with all below it; none where there is no such folder. */
function foldersBelow(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [folder];
  while (open.length > 0 && found.size < MOST_FOLDERS) {
    const path = open.shift() ?? '';
    try {
      const entries = readdirSync(path, { withFileTypes: true });
      found.add(path);
      for (const entry of entries)
        if (entry.isDirectory() && !LEFT_OUT.test(entry.name)) open.push(join(path, entry.name));
    } catch {
      // It is gone.
    }
  }
  return found;
}

/** The folder that a path stands in, or the nearest one above it that there is. */
function nearestAbove(path: string): string {
  const above = dirname(path);
  return above === path || inodeOf(above) !== undefined ? above : nearestAbove(above);
}

/** Whether a path is one of these, or leads to one. */
function isOnTheWay(path: string, wanted: ReadonlySet<string>): boolean {
  return [...wanted].some(
    (one) => one === path || (one.startsWith(path) && '/\\'.includes(one[path.length] ?? '')),
  );
}

function inodeOf(path: string, onlyFolder = false): number | undefined {
  if (onlyFolder && LEFT_OUT.test(basename(path))) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined || (onlyFolder && !found.isDirectory()) ? undefined : found.ino;
}
