const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** How many columns of a terminal a text takes: East Asian wide characters take two, joiners and marks none. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{M}|\p{Cf}/u.test(character)) continue;
    columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}

/** The text, and blanks up to that many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** The text in lines of at most that many columns, broken between words where that is possible. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(/\s+/)
    .filter((one) => one !== '')
    .flatMap((one) => pieces(one, columns))) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A label in the margin, and its text wrapped beside it. */
export function labelled(label: string, text: string, indent: number, columns: number): string {
  const margin = indent + width(label);
  const lines = wrapped(text, Math.max(20, columns - margin));
  return lines
    .map((line, at) => (at === 0 ? ' '.repeat(indent) + label : ' '.repeat(margin)) + line)
    .join('\n');
}

/** A word longer than a line, cut into pieces that fit. */
function pieces(word: string, columns: number): readonly string[] {
  if (width(word) <= columns) return [word];
  const cut: string[] = [];
  let piece = '';
  for (const character of word) {
    if (width(piece + character) > columns) {
      cut.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...cut, piece];
}
