import type { Json } from './claim.ts';
import type { Body } from './exchange.ts';

/** A body read as JSON. */
export type Parsed =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'broken'; readonly why: string };

/** How deep a JSON body may nest: deeper than any real answer, and shallow enough for every walk through it. */
export const MAX_DEPTH = 100;

const known = new WeakMap<Body, Parsed>();

/** A body read as JSON, or why it is none. All who ask for the same body share one value. */
export function parsedBody(body: Body): Parsed {
  const parsed = known.get(body) ?? parseJson(body.text);
  known.set(body, parsed);
  return parsed;
}

/** A text read as JSON, or why it is none. */
export function parseJson(text: string): Parsed {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { kind: 'broken', why: whyBroken(text) };
  }
  return isDeep(value, MAX_DEPTH)
    ? { kind: 'broken', why: `JSON that nests deeper than ${MAX_DEPTH} levels` }
    : { kind: 'json', value };
}

/** Whether a text begins as JSON does: what follows is data, and not for a reader, even where it does not parse. */
export function beginsAsJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
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
