/** A command line as far as it is typed, as the shell will read it. */
export interface Typed {
  /** What follows `assay`, without quotes; the last is what is being typed, and may be empty. */
  readonly words: readonly [string, ...string[]];
  /** The quote that is open in the last one. */
  readonly quote: '' | '"' | "'";
  /** How much of the last one stands before the word that bash completes, which begins behind a sign at which it breaks words. */
  readonly kept: number;
}

/** Signs that end a command, behind which another one begins. */
const ENDS = ';|&(\n';

/** Reads what is typed up to the cursor; `breaks` are the signs at which bash breaks words (its `COMP_WORDBREAKS`). */
export function readLine(line: string, breaks = ''): Typed {
  let words: string[] = [''];
  let [quote, kept]: [Typed['quote'], number] = ['', 0];
  const put = (text: string) => words.push((words.pop() ?? '') + text);
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (sign === '\\' && quote !== "'") {
      at += 1;
      put(line[at] ?? '');
    } else if (quote !== '') {
      if (sign === quote) quote = '';
      else put(sign);
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      kept = words.at(-1)?.length ?? 0;
    } else if (ENDS.includes(sign)) {
      [words, kept] = [[''], 0];
    } else if (/\s/.test(sign)) {
      if (words.at(-1) !== '') words.push('');
      kept = 0;
    } else {
      put(sign);
      if (breaks.includes(sign)) kept = words.at(-1)?.length ?? 0;
    }
  }
  const command = words.findIndex((word, at) => at < words.length - 1 && /(^|\/)assay$/.test(word));
  const [first = '', ...others] = words.slice(command < 0 ? 1 : command + 1);
  return { words: [first, ...others], quote, kept };
}
