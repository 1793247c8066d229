import type { ZodType } from 'zod';
import type { Json } from '../claim.ts';
import type { Answered, Cause, Exchange } from '../exchange.ts';
import type { FoundImage } from '../images.ts';

/** The answer as expectations look at it; each view is made once, when first asked for. */
export interface Seen {
  readonly exchange: Exchange;
  readonly answer: Answered;
  /** The parsed body, or why it is not JSON. */
  readonly json: () => Parsed;
  /** Every image, in the order inline data, data URI in text, hosted URL; thoughts left out. */
  readonly images: () => readonly FoundImage[];
  /** Every text a reader would see: text parts that are not thoughts, message contents. */
  readonly texts: () => readonly string[];
}

/** A body read as JSON. */
export type Parsed =
  { readonly kind: 'json'; readonly value: Json } | { readonly kind: 'broken'; readonly why: string };

/** A way in which the answer misses an expectation; `what` is appended to the kind's name: `image.format`. */
export interface Miss {
  readonly what?: string;
  readonly expected: string;
  readonly actual: string;
}

/** What an expectation says of an answer: what it missed (nothing: it holds), or why it cannot be told. */
export type Judged = readonly Miss[] | { readonly cause: Cause; readonly detail: string };

/** One kind of expectation: what may be written, what cannot be evaluated, and how it judges. */
export interface Kind<Value> {
  readonly name: string;
  readonly keys: ZodType<Value>;
  /** What is wrong with a value that fits the keys: a pattern that cannot compile, a path that does not parse. */
  readonly check?: (value: Value, shape: Json | undefined) => string | undefined;
  readonly judge: (value: Value, seen: Seen, shape: Json | undefined) => Judged;
  /**
   * Whether the expectation names this answer's very status or reason, so that an answer that is
   * inconclusive for every other claim is judged for this one (suite-format, "Inconclusive for every claim").
   */
  readonly names?: (value: Value, answer: Answered, message: string | undefined) => boolean;
}
