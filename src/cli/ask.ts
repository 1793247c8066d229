import { createInterface } from 'node:readline';

/** Whether somebody sits at a terminal who sees a question and can answer it. */
export function isSomebodyThere(): boolean {
  const { stdin, stderr, env } = process;
  return stdin.isTTY && stderr.isTTY && env['CI'] === undefined;
}

/** Asks on stderr, and waits for a line; anything but `y` or `yes` is no, and so are Ctrl-C and the end of the input. */
export async function saysYes(question: string): Promise<boolean> {
  const { stdin, stderr } = process;
  const lines = createInterface({ input: stdin });
  const close = () => lines.close();
  process.once('SIGINT', close);
  stderr.write(question); // not before: who is asked may be quick
  try {
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line);
    stderr.write('\n');
    return false;
  } finally {
    process.off('SIGINT', close);
  }
}
