/**
 * Why a word cannot stand in a cell, or nothing if it can; `mdx` says whether the page is MDX.
 * It knows the text alone, so a suite can be refused before any page is read; `writeCells` parses the page as well.
 */
export function wordProblem(word: string, mdx: boolean): string | undefined {
  if (/\p{Cc}/u.test(word)) return 'a line break or control character would break the row';
  if (!word.isWellFormed()) return 'half a surrogate pair cannot be written as UTF-8';
  if (/^ | $/.test(word)) return 'the blanks around a cell are the page’s, not the word’s';
  // A table is cut at its pipes before anything else is read, backticks too.
  const unescaped = word.replaceAll(/\\[\\|]/g, '');
  if (unescaped.includes('|')) return 'a bare | would split the row: write \\|';
  if (unescaped.endsWith('\\')) return 'a \\ at the end could escape the pipe after it';
  const bare = outsideCode(word);
  if (bare.includes('<!--')) return 'an HTML comment would hide in the cell, and MDX refuses it';
  const sign = mdx ? /[{<]/.exec(bare)?.[0] : undefined;
  if (sign !== undefined) return `MDX reads a bare ${sign} as code: put it in backticks`;
  return undefined;
}

/** What of a word is neither escaped by a backslash nor in a code span, which ends at as many backticks as began it. */
function outsideCode(word: string): string {
  const token = /\\[\s\S]|(?<ticks>`+)(?!`)[\s\S]*?[^`]\k<ticks>(?!`)|`+/g;
  return word.replaceAll(token, ' ');
}
