/** Deeper levels are no easier to read for being set in further. */
const MOST_LEVELS = 12;

/** A string, whole or cut off; what opens, parts or closes; white space between. */
const TOKEN = /"(?:[^"\\]|\\.)*"?|[[\]{}]|[,:]|\s+|[^\s"[\]{},:]+/gs;

/**
 * A text of JSON, whole or cut off, in lines that show its levels: every token of it stands there as it was written. A text
 * that does not begin as JSON is given back as it is.
 */
export function indented(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  let depth = 0;
  let written = '';
  let isOpen = false;
  const line = () => `\n${'  '.repeat(Math.min(Math.max(depth, 0), MOST_LEVELS))}`;
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^\s/.test(token)) continue;
    if (token === '}' || token === ']') {
      depth -= 1;
      written += isOpen ? token : line() + token;
      isOpen = false;
      continue;
    }
    if (isOpen) written += line();
    isOpen = token === '{' || token === '[';
    if (isOpen) depth += 1;
    written += token === ',' ? token + line() : token === ':' ? ': ' : token;
  }
  return written;
}
