import type { Answered, Fetched } from '../domain/exchange.ts';
import { hostedUrls } from '../domain/images.ts';
import type { Transport } from './ports.ts';

/** How many hosted images of one answer are fetched at most. */
const MOST_FETCHES = 16;

/** A hosted image that takes longer than this is not waited for. */
const LONGEST_FETCH_MS = 60_000;

/**
 * The hosted images of a 2xx answer, by URL. One after the other: an answer chooses how many there are and how large,
 * and so must not choose how much memory we use. No signal ends it: the answer is paid for, and is judged even when
 * the run is interrupted.
 */
export async function fetchHosted(
  answer: Answered,
  transport: Transport,
  timeoutMs: number,
): Promise<Readonly<Record<string, Fetched>>> {
  if (answer.status < 200 || answer.status > 299) return {};
  const fetched = new Map<string, Fetched>();
  for (const url of new Set(hostedUrls(answer))) {
    if (fetched.size === MOST_FETCHES) break;
    fetched.set(url, await transport.fetch(url, Math.min(timeoutMs, LONGEST_FETCH_MS)));
  }
  return Object.fromEntries(fetched);
}
