import { printable } from '../printable.ts';

/** A piece of HTML that this code wrote: everything that was put into it is escaped. */
export interface Markup {
  readonly html: string;
}

/** What may be put into a template: markup as it is, anything else as text. */
export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * HTML from a template: each text put into it is escaped, so that it is never more than text, in an element and in a quoted
 * attribute alike; what a terminal would obey, or what turns the direction of a line, is spelled. Where the template itself
 * breaks a line, there is nothing, so that it can be laid out.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = written.get(template) ?? template.map((text) => text.replaceAll(/\n\s*/g, ''));
  written.set(template, texts);
  let html = texts[0] ?? '';
  for (const [at, part] of parts.entries()) html += put(part) + (texts[at + 1] ?? '');
  return { html };
}

/** The texts of a template without its line breaks; thousands of claims share one. */
const written = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Nothing at all. */
export const NOTHING: Markup = { html: '' };

/** Some parts, with a text between each two. */
export function joined(parts: readonly Part[], between: string): Part {
  return parts.map((part, at) => (at === 0 ? part : [between, part]));
}

/** A text cut to at most so many characters. */
export function cutTo(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function put(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(put).join('');
}

const SPECIAL = /[&<>"'\ufffe\uffff]/;
const EVERY_SPECIAL = new RegExp(SPECIAL, 'g');
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // No characters, though they can be written.
  '\ufffe': '\ufffd',
  '\uffff': '\ufffd',
};

function escaped(text: string): string {
  const safe = printable(text).toWellFormed();
  return SPECIAL.test(safe) ? safe.replaceAll(EVERY_SPECIAL, (sign) => ESCAPES[sign] ?? '') : safe;
}
