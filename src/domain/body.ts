import type { Json } from './claim.ts';
import type { Body } from './exchange.ts';

/** A body read as JSON. */
export type Parsed =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'broken'; readonly why: string };

/** How deep a JSON body may nest: deeper than any real answer, and shallow enough for every walk through it. */
export const MAX_DEPTH = 100;

/** How many values a JSON body may hold: each takes many times the two bytes in which it can be written. */
export const MAX_VALUES = 1 << 20;

/** A shorter text costs little, whatever is in it, and is not looked through before it is parsed. */
const LEAST_COUNTED = 1 << 20;

const known = new WeakMap<Body, Parsed>();

/** A body read as JSON, or why it is none. All who ask for the same body share one value. */
export function parsedBody(body: Body): Parsed {
  const parsed = known.get(body) ?? parseJson(body.text);
  known.set(body, parsed);
  return parsed;
}

/** A text read as JSON, or why it is none. */
export function parseJson(text: string): Parsed {
  const excess = text.length < LEAST_COUNTED ? undefined : excessOf(text);
  if (excess !== undefined) return { kind: 'broken', why: excess };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { kind: 'broken', why: whyBroken(text) };
  }
  // Each level takes two characters.
  const isDeeper = text.length > 2 * MAX_DEPTH && isDeep(value, MAX_DEPTH);
  return isDeeper ? { kind: 'broken', why: TOO_DEEP } : { kind: 'json', value };
}

/** Whether a text begins as JSON does: what follows is data, and not for a reader, even where it does not parse. */
export function beginsAsJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

const TOO_DEEP = `JSON that nests deeper than ${MAX_DEPTH} levels`;
const TOO_MANY = `JSON of more than ${MAX_VALUES} values`;

/** What would make a text take gigabytes once it is parsed, if it is JSON at all; told from its brackets and commas. */
function excessOf(text: string): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === COMMA) {
      values++;
    } else if ((code | CASE) === BRACE) {
      values++;
      if (++depth > MAX_DEPTH) return TOO_DEEP;
    } else if ((code | CASE) === END_BRACE) {
      depth--;
    }
    if (values > MAX_VALUES) return TOO_MANY;
  }
  return undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** Square brackets are curly ones without this bit, as upper case is lower case without it. */
const CASE = 0x20;
const BRACE = 0x7b;
const END_BRACE = 0x7d;

/** Where the string that begins here ends: at the first quote behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

function whyBroken(text: string): string {
  if (text.trim() === '') return 'an empty body';
  return beginsAsJson(text) && !/[}\]]$/.test(text.trimEnd())
    ? `JSON that breaks off: ${JSON.stringify(text.slice(-40))}`
    : `no JSON: ${JSON.stringify(text.slice(0, 60))}`;
}

/** Whether it nests deeper than so many levels; the recursion ends there, so no body can overflow the stack. */
function isDeep(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return items.some((item) => isDeep(item, levels - 1));
}
