import { printable } from './printable.ts';

/** Signs that a terminal shows in two columns: East Asian wide and fullwidth ones, and emoji; of a flag, each half takes one. */
const WIDE =
  /[[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]--[\u{1f1e6}-\u{1f1ff}]]/v;

/** What makes an emoji of the narrow sign before it, which many terminals then show in two columns. */
const AS_EMOJI = '\uFE0F';

/** How many columns of a terminal a text takes: East Asian wide characters take two, joiners and marks none. */
export function width(text: string): number {
  // Nearly every text: a status of thousands of claims is long.
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    columns += columnsOf(character);
  }
  return columns;
}

function columnsOf(character: string): number {
  if (character === AS_EMOJI) return 1;
  if (/\p{M}|\p{Cf}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text, or as much of its beginning as fits into that many columns with a `…` behind it. */
export function clipped(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let cut = '';
  let left = columns - 1;
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    cut += character;
  }
  return `${cut}…`;
}

/** The text, and blanks up to that many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** The text, made printable, in lines of at most that many columns, broken between words where that is possible. */
export function wrapped(text: string, columns: number): readonly string[] {
  // Nearly every text fits, in a status of thousands of claims as in a short one.
  if (text.length <= columns && /^[!-~]+(?: [!-~]+)*$/.test(text)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(/\s+/)
    .filter((one) => one !== '')
    .flatMap((one) => pieces(printable(one), columns))) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Fewer columns than these are no room for a text. */
const LEAST_ROOM = 20;

/** A label in the margin, and its text wrapped beside it; below it, where the label leaves no room. */
export function labelled(label: string, text: string, indent: number, columns: number): string {
  const margin = indent + width(label);
  const room = columns - margin;
  if (room < LEAST_ROOM && margin > LEAST_ROOM)
    return [
      ...indented(label, indent, columns),
      ...indented(text, Math.min(indent + 4, LEAST_ROOM), columns),
    ].join('\n');
  const lines = wrapped(text, Math.max(LEAST_ROOM, room));
  return lines
    .map((line, at) => (at === 0 ? ' '.repeat(indent) + label : ' '.repeat(margin)) + line)
    .join('\n');
}

function indented(text: string, indent: number, columns: number): readonly string[] {
  const lines = wrapped(text, Math.max(LEAST_ROOM, columns - indent));
  return lines.map((line) => ' '.repeat(indent) + line);
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
