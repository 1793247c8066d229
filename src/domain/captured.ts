import { parsedBody } from './body.ts';
import type { Capture, Expectation, Json, Request } from './claim.ts';
import type { Answered } from './exchange.ts';
import { type Judged, type Miss, shown } from './expect/kind.ts';
import { select } from './path.ts';

/** What the captures of earlier steps took, by name. */
export type Captured = ReadonlyMap<string, Json>;

/** What a hole looks like: `${name}`. */
export const HOLE = /\$\{([^{}]+)\}/g;

const ONLY_HOLE = /^\$\{([^{}]+)\}$/;
const HEADER = 'header:';

/** Longer than any id or signed URL: an answer must not choose how much is sent, nor how long a line of the ledger is. */
const MOST_CHARACTERS = 65_536;

/** The header that a capture reads, in lower case; nothing for one that reads the body. */
function headerOf(from: string): string | undefined {
  return from.startsWith(HEADER) ? from.slice(HEADER.length).toLowerCase() : undefined;
}

/** Takes a value from an answer, or says why it cannot: exactly one value counts, and null or an empty text is none. */
export function take(
  { from }: Capture,
  answer: Answered,
): { readonly value: Json } | { readonly judged: Judged } {
  const header = headerOf(from);
  if (header !== undefined) {
    const value = Object.hasOwn(answer.headers, header) ? answer.headers[header] : undefined;
    return taken(value === undefined ? [] : [value], from, answer);
  }
  const parsed = parsedBody(answer.body);
  if (parsed.kind === 'broken') return missed({ expected: 'a JSON body', actual: parsed.why });
  return taken([...select(from, parsed.value)], from, answer);
}

function taken(values: readonly Json[], from: string, { body }: Answered): ReturnType<typeof take> {
  const [value, second] = values;
  const expected = `one value at ${from}`;
  if (value === undefined) return missed({ expected, actual: 'nothing there' });
  if (second !== undefined) return missed({ expected, actual: `${values.length} values` });
  if (value === null || value === '') return missed({ expected, actual: shown(value) });
  if (typeof value === 'number' && !isExact(value)) {
    const detail = `the number at ${from} has more digits than can be kept: ${shown(value)}`;
    return { judged: { cause: 'unseen', detail } };
  }
  const text = textOf(value);
  if (text.length > MOST_CHARACTERS) {
    const detail = `${text.length} characters at ${from}; at most ${MOST_CHARACTERS} are captured`;
    return { judged: { cause: 'oversized', detail } };
  }
  if (body.payloads.some(({ sha256 }) => text.includes(sha256))) {
    const detail = `there is an image at ${from}, of which only type, pixels and hash are kept`;
    return { judged: { cause: 'unseen', detail } };
  }
  return { value };
}

/** Of a longer number, such as an id of 30 digits, the last ones are lost once it is read. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function missed(miss: Miss): { readonly judged: Judged } {
  return { judged: [miss] };
}

/** A captured value as part of a text: half a character, as JSON can escape it, has no place in an address. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
}

/**
 * A path or url, filled: each captured value is one segment, or a part of one, whatever stands in it. What the suite or
 * the target says, by `other`, stands as it is.
 */
export function fillAddress(
  address: string,
  captured: Captured,
  other: (name: string) => Json | undefined = () => undefined,
): string {
  return address.replace(HOLE, (hole, name: string, at: number) => {
    const own = other(name);
    if (own !== undefined) return textOf(own);
    const value = captured.get(name);
    if (value === undefined) return hole;
    // A url may be captured whole.
    return at === 0 ? textOf(value) : encodeURIComponent(textOf(value));
  });
}

/** How a request cannot be made of what was captured: a url that is none, or a path that would lead elsewhere. */
export function unfit(request: Request, captured: Captured): Miss | undefined {
  const { path, url } = request;
  if (path !== undefined && holes(path, captured)) {
    const filled = fillAddress(path, captured);
    const astray = filled.split('/').some((segment) => segment === '.' || segment === '..');
    if (astray) {
      return { what: 'path', expected: `one segment in ${path}`, actual: shown(filled) };
    }
  }
  if (url !== undefined && holes(url, captured)) {
    const filled = fillAddress(url, captured);
    const isUrl = /^https?:\/\/\S+$/i.test(filled) && URL.canParse(filled);
    if (!isUrl) return { what: 'url', expected: 'an http or https URL', actual: shown(filled) };
  }
  return undefined;
}

function holes(text: string, captured: Captured): boolean {
  return Array.from(text.matchAll(HOLE)).some(([, name = '']) => captured.has(name));
}

/** An expectation with the captured values in it; alone in a string a value keeps its type, where JSON is compared. */
export function fillExpectation(expectation: Expectation, captured: Captured): Expectation {
  const typed = expectation.kind === 'json';
  return { ...expectation, value: fillValue(expectation.value, captured, typed) };
}

function fillValue(value: Json, captured: Captured, typed: boolean): Json {
  if (typeof value === 'string') return fillText(value, captured, typed);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => fillValue(item, captured, typed));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, fillValue(one, captured, typed)]),
  );
}

function fillText(text: string, captured: Captured, typed: boolean): Json {
  const alone = typed ? ONLY_HOLE.exec(text)?.[1] : undefined;
  const whole = alone === undefined ? undefined : captured.get(alone);
  if (whole !== undefined) return whole;
  return text.replace(HOLE, (hole, name: string) => {
    const value = captured.get(name);
    return value === undefined ? hole : textOf(value);
  });
}
