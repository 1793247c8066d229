import { beginsAsJson, MAX_VALUES, type Parsed, parseJson } from './body.ts';
import type { Json } from './claim.ts';
import type { Answered, Body } from './exchange.ts';
import { type GatewayError, gatewayError, isMapping } from './gatewayError.ts';

/** One server-sent event that carries data. */
export interface StreamEvent {
  /** From its `event:` line; `message` without one. */
  readonly name: string;
  /** Its `data:` lines, joined by line feeds. */
  readonly data: string;
  readonly json: Parsed;
  /** False where the stream ended before the blank line that closes it: a browser would drop it. */
  readonly whole: boolean;
}

/** An event stream that has ended, as it came. */
export interface EventStream {
  /** Those with data; keep-alives aside. */
  readonly events: readonly StreamEvent[];
  /** Lines of comment, with their colon: gateways keep a connection alive with them. */
  readonly comments: readonly string[];
  /** True where there is more than we look at. */
  readonly isCut: boolean;
}

/** More lines than any honest stream has: a hostile one must not choose how much memory we use. */
export const MOST_LINES = 100_000;

const known = new WeakMap<Body, EventStream>();

/** The event stream that an answer is, by its declared type; JSON stays JSON, whatever type is declared. */
export function eventsOf({ headers, body }: Answered): EventStream | undefined {
  const type = Object.hasOwn(headers, 'content-type') ? headers['content-type'] : undefined;
  if (!/^\s*text\/event-stream\s*(?:;|,|$)/i.test(type ?? '')) return undefined;
  if (beginsAsJson(body.text)) return undefined;
  const stream = known.get(body) ?? readEvents(body.text);
  known.set(body, stream);
  return stream;
}

/** Reads a stream's text by the rules of the HTML standard (9.2.6, "Interpreting an event stream"); takes linear time. */
export function readEvents(text: string): EventStream {
  const events: StreamEvent[] = [];
  const comments: string[] = [];
  let name = '';
  let data: string[] = [];
  let isOpen = false;
  const close = (whole: boolean): void => {
    const event = eventOf(name, data.join('\n'), whole);
    if (isOpen && (!whole || !isKeepAlive(event))) events.push(event);
    name = '';
    data = [];
    isOpen = false;
  };
  let lines = 0;
  let values = 0;
  for (const line of linesOf(text)) {
    values += atMostValues(line);
    if (++lines > MOST_LINES || values > MAX_VALUES) return { events, comments, isCut: true };
    const [, field = '', value = ''] = FIELD.exec(line) ?? [];
    if (line === '') close(true);
    else if (field === '') comments.push(line);
    else isOpen = true;
    if (field === 'data') data.push(value);
    if (field === 'event') name = value;
  }
  close(false);
  return { events, comments, isCut: false };
}

/** How many values the JSON in a line can hold at most: no more than it has commas and opening brackets, wherever they stand. */
function atMostValues(line: string): number {
  let count = 1;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 0x2c || code === 0x5b || code === 0x7b) count++;
  }
  return count;
}

/** A line is a field and its value; one blank after the colon belongs to neither. */
const FIELD = /^([^:]*):? ?(.*)$/s;

/** A line ends with CR, LF or both; what follows the last of them is a line if it is not empty. */
function* linesOf(text: string): Generator<string> {
  const ending = /\r\n|\n|\r/g;
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let end = ending.exec(text); end !== null; end = ending.exec(text)) {
    yield text.slice(start, end.index);
    start = ending.lastIndex;
  }
  if (start < text.length) yield text.slice(start);
}

function eventOf(name: string, data: string, whole: boolean): StreamEvent {
  return { name: name === '' ? 'message' : name, data, json: parseJson(data), whole };
}

/** An event without data, or Anthropic's `ping`, says no more than a comment does, unless it says that something is wrong. */
function isKeepAlive(event: StreamEvent): boolean {
  if (errorOf(event) !== undefined) return false;
  const { name, data, json } = event;
  const value = json.kind === 'json' ? json.value : undefined;
  return data === '' || name === 'ping' || (isMapping(value) && value['type'] === 'ping');
}

/** The events of Anthropic and of the Responses API that are errors by their type, also where they give no reason. */
const FAILED: readonly unknown[] = ['error', 'response.failed'];

/**
 * What an event says went wrong: `event: error`, also without data; or data with an error object, as OpenAI, Gemini,
 * Anthropic and new-api send it; `response.failed` of the Responses API holds it one level deeper.
 */
export function errorOf({ name, data, json }: StreamEvent): GatewayError | undefined {
  const value = json.kind === 'json' ? json.value : undefined;
  const told = value === undefined ? undefined : errorIn(value);
  if (told !== undefined) return told;
  const isError = name === 'error' || (isMapping(value) && FAILED.includes(value['type']));
  if (!isError) return undefined;
  return (value === undefined ? undefined : gatewayError(value)) ?? { message: data };
}

function errorIn(value: Json): GatewayError | undefined {
  if (!isMapping(value)) return gatewayError(value);
  const inner = isMapping(value['response']) ? value['response'] : value;
  const { error } = inner;
  if (isMapping(error) || (typeof error === 'string' && error !== '')) return gatewayError(inner);
  return isTaskError(value) ? gatewayError(value) : undefined;
}

/** What task routes answer with, `{ code, message, data }`, if it says no success. */
function isTaskError({ code, message, data }: Readonly<Record<string, Json>>): boolean {
  const isCode = typeof code === 'string' || typeof code === 'number';
  if (!isCode || SUCCEEDED.includes(String(code))) return false;
  return typeof message === 'string' && message !== '' && !data;
}

const SUCCEEDED: readonly string[] = ['0', '200', 'success', 'ok'];
