import type { Bill } from './billing.ts';
import type { Refusal } from './errors.ts';
import type { Ask } from './faults.ts';
import type { Picture } from './pictures.ts';
import type { Reference } from './references.ts';
import type { Film, Videos } from './video-route.ts';

/** The members of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** One generation, as a route sees it. */
export interface Call {
  readonly ask: Ask;
  /** The model that was asked for, and the one that its alias stands for. */
  readonly model: string;
  readonly canonical: string;
  readonly fields: Fields;
  readonly url: URL;
  readonly requestId: string;
  /** When it was asked, on the world's day. */
  readonly at: Date;
  readonly bill: Bill;
  readonly videos: Videos;
  /** Hosts an image or a film and tells its URL. */
  readonly archive: (artifact: Picture | Film, index: number) => string;
  readonly fetchReference: (url: string) => Promise<Reference>;
}

/** The JSON of a route or the text of an event stream, with how many images or films it brings; or why there is neither. */
export type Reply =
  | { readonly json: object; readonly made: number }
  | { readonly stream: string; readonly made: number }
  | Refusal;

/** An object of JSON, or nothing where something else stands. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** A text of JSON that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
