import type { Wish } from './wishes.ts';

/** What each key wishes; Ctrl-C and Ctrl-D arrive as keys where they are read one by one. */
const KEYS: Readonly<Record<string, Wish>> = {
  r: 'all',
  f: 'failed',
  '\r': 'again',
  '\n': 'again',
  q: 'quit',
  '\u0004': 'quit',
  '\u0003': 'interrupted',
};

const CTRL_Z = '\u001A';

/** What the keys are, for whoever sits at them. */
export const KEYS_TEXT = 'r runs all · f what failed · Enter the same again · q ends';

/**
 * Reads keys one by one where the input is a terminal, and no input at all elsewhere: whoever starts tasks may give none, or
 * close it. The terminal is left as it was found, however the process ends.
 */
export function readKeys(wish: (wish: Wish) => void): { readonly close: () => void } {
  const { stdin } = process;
  if (!stdin.isTTY) return { close: () => {} };
  const restore = () => void stdin.setRawMode(false);
  const read = (chunk: Buffer) => {
    for (const key of chunk.toString('latin1')) {
      const meant = KEYS[key.toLowerCase()];
      if (meant !== undefined) wish(meant);
      if (key === CTRL_Z) {
        restore();
        process.once('SIGCONT', () => stdin.setRawMode(true));
        process.kill(process.pid, 'SIGTSTP');
      }
    }
  };
  const end = () => wish('quit');
  process.on('exit', restore);
  stdin.setRawMode(true);
  stdin.on('data', read);
  stdin.on('end', end);
  return {
    close() {
      stdin.off('data', read);
      stdin.off('end', end);
      stdin.pause();
      restore();
      process.off('exit', restore);
    },
  };
}
