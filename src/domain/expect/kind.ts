import type { output, z, ZodType } from 'zod';
import type { Json } from '../claim.ts';
import type { Parsed } from '../body.ts';
import type { EventStream } from '../events.ts';
import type { Answered, Exchange } from '../exchange.ts';
import type { FoundImage } from '../images.ts';
import type { Untold } from '../verdict.ts';

/** The answer as expectations look at it; each view is made once, when first asked for. */
export interface Seen {
  readonly exchange: Exchange;
  readonly answer: Answered;
  /** The parsed body, or why it is not JSON. */
  readonly json: () => Parsed;
  /** What came, where the answer is an event stream. */
  readonly events: () => EventStream | undefined;
  /** The JSON of the answer: its body, or the data of each event. */
  readonly values: () => readonly Json[];
  /** Every image, in the order inline data, data URI in text, hosted URL; thoughts left out. */
  readonly images: () => readonly FoundImage[];
  /** Every text a reader would see: text parts that are not thoughts, message contents, a plain body; of a stream, what its pieces come to. */
  readonly texts: () => readonly string[];
}

/** A way in which the answer misses an expectation; `what` is appended to the kind's name: `image.format`. */
export interface Miss {
  readonly what?: string;
  readonly expected: string;
  readonly actual: string;
}

/** What an expectation says of an answer: what it missed (nothing: it holds), or why it cannot be told. */
export type Judged = readonly Miss[] | Untold;

/** What makes an answer inconclusive for every claim that does not name it. */
export type Special =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'reason'; readonly reason: string }
  | { readonly kind: 'html' };

/** The library of schemas, as keys are made with it: it is handed in, since judging does without, and it takes long to load. */
export type Zod = typeof z;

/** What some keys let through. */
export type ValueOf<Keys extends (zod: Zod) => ZodType> = output<ReturnType<Keys>>;

/** Keys that several kinds share, made once: those with an id may be there only once. */
export function once<Keys extends ZodType>(make: (z: Zod) => Keys): (z: Zod) => Keys {
  let made: Keys | undefined;
  return (z) => (made ??= make(z));
}

/** One kind of expectation: what may be written, what cannot be evaluated, and how it judges. */
export interface Kind<Value> {
  readonly name: string;
  readonly keys: (z: Zod) => ZodType<Value>;
  /** The files below suites/shapes/ that a value names. */
  readonly files?: (value: Value) => readonly string[];
  /** What is wrong with a value that fits the keys: a pattern that cannot compile, a path that does not parse. */
  readonly check?: (value: Value, shape: Json | undefined) => string | undefined;
  readonly judge: (value: Value, seen: Seen, shape: Json | undefined) => Judged;
  /** Whether the expectation names that very status or reason (suite-format, "Inconclusive for every claim"). */
  readonly names?: (value: Value, special: Special) => boolean;
}

/** Tells misses from an answer that could not be told. */
export function isUntold(judged: Judged): judged is Untold {
  return 'cause' in judged;
}

/** Characters of a value in a finding. */
const MOST_SHOWN = 200;

/** A value as findings show it: JSON, at most 200 characters. */
export function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : written(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

/**
 * JSON, of which what is far behind the last character shown is left out: a value may be as large as a body. JSON can
 * spell numbers that are too large to be held, 1e999, and nothing in it can spell what they are read as.
 */
function written(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MOST_SHOWN));
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  let text = isList ? '[' : '{';
  for (const member of Object.keys(value)) {
    if (text.length > MOST_SHOWN) break;
    if (text.length > 1) text += ',';
    if (!isList) text += `${written(member)}:`;
    text += written((value as Readonly<Record<string, Json>>)[member] ?? null);
  }
  return text + (isList ? ']' : '}');
}
