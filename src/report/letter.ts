import { type Change, type Message, byPage } from '../domain/told.ts';
import type { Delivery, ReceiverName } from '../domain/delivery.ts';
import { counted } from './counted.ts';
import { printable } from './printable.ts';

/** Where the pages stand, as a URL without a slash at its end; absent where messages have no links. */
export type Site = string | undefined;

/** A message as it is written down for a receiver. */
export interface Letter {
  readonly message: Message;
  readonly site: Site;
  /** It may have arrived before. */
  readonly isAgain: boolean;
}

/** The length of a body as it goes out. */
export function bytesOf(body: object): number {
  return new TextEncoder().encode(JSON.stringify(body)).length;
}

/** A letter, and what came of it; nothing where it was not sent. */
export interface Delivered {
  readonly letter: Letter;
  readonly delivery?: Delivery;
}

/** What `notify` did, or in a dry run would do. */
export interface Notice {
  /** ISO 8601. */
  readonly at: string;
  readonly receiver: ReceiverName;
  readonly site: Site;
  readonly isDry: boolean;
  /** Nothing was known before: all words are taken as told. */
  readonly isFirst: boolean;
  /** How many words are taken as known from now on. */
  readonly unknown: number;
  /** How many words stand in tables of which no live run has decided anything. */
  readonly unproven: number;
  readonly delivered: readonly Delivered[];
  /** Messages of which nobody knew whether they have arrived, and somebody says that they have. */
  readonly arrived: readonly Message[];
  /** Messages of which nobody knows whether they have arrived. */
  readonly doubtful: readonly Message[];
}

/** What a message is about, in one line. */
export function titleOf({ message: { changes }, isAgain }: Letter): string {
  const title = `Assay: ${counted(changes.length, 'word')} changed in ${counted(byPage(changes).length, 'page')}`;
  return isAgain ? `${title} (sent again, it may have arrived before)` : title;
}

/** The longest address of a page that a message has room for. */
const MOST_URL = 2000;

/** Where a page stands on a site: a path without the ending of its source. */
export function pageUrl(page: string, site: Site): string | undefined {
  if (site === undefined || page === '') return undefined;
  const path = page.replace(/\.mdx?$/, '').replace(/(^|\/)index$/, '$1');
  const url = `${site}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return url.length > MOST_URL ? undefined : url;
}

/** Days, ids and reasons of a change, in one line; JSON has all ids. */
export function restingOnLine({ evidence, observedAt }: Change): string | undefined {
  if (evidence.length === 0) return undefined;
  const [shown, more] = [evidence.slice(0, 3).join(', '), evidence.length - 3];
  const day = observedAt === undefined ? '' : ` of ${observedAt.slice(0, 10)}`;
  return `evidence${day}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * A text for a message, each character escaped, at most so long when it is; what is left out is counted, never dropped in
 * silence. What would steer a reader's screen is spelled.
 */
export function shortened(
  text: string,
  most: number,
  escape: (character: string) => string = (character) => character,
): string {
  const characters = Array.from(printable(text));
  let written = '';
  for (const [at, character] of characters.entries()) {
    const next = escape(character);
    if (written.length + next.length > most)
      return `${written} … (${characters.length - at} characters more)`;
    written += next;
  }
  return written;
}
