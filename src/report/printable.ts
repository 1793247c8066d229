/**
 * What a terminal would obey instead of showing it, or what turns the direction of what stands around it: control
 * characters (all of C0 and C1 but a line's end and a tab), separators of lines and paragraphs, and bidi marks.
 */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- those are the ones
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/g;

/** The styles of report/paint.ts, which no text of a server can make worse than coloured. */
// oxlint-disable-next-line no-control-regex -- a style begins with one
const STYLE = /\u001b\[(?:[129]|2[1-9]|3[1-9]|9[0-7])m/g;

/** A text of the world as it may be shown: what a terminal would obey is spelled as JSON spells it. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, spelled);
}

/** The same for a painted text, whose styles stay. */
export function printablePainted(text: string): string {
  if (text.search(UNPRINTABLE) < 0) return text;
  const styles = text.match(STYLE) ?? [];
  return text
    .split(STYLE)
    .map((between, at) => printable(between) + (styles[at] ?? ''))
    .join('');
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
