import type { Json } from './claim.ts';
import type { Parsed } from './expect/kind.ts';

/** How deep a JSON body may nest: deeper than any real answer, and shallow enough for every walk through it. */
export const MAX_DEPTH = 100;

/** Reads the text of a body as JSON, or says why it is none. */
export function parseBody(text: string): Parsed {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { kind: 'broken', why: whyBroken(text) };
  }
  return isDeep(value)
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

/** Level by level, since a recursion would end where the stack does. */
function isDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const nested = level.filter((one) => typeof one === 'object' && one !== null);
    if (nested.length === 0) return false;
    level = nested.flatMap((one) => Object.values(one as object) as readonly Json[]);
  }
  return true;
}
