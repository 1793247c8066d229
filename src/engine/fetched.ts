import type { Answered, Fetched } from '../domain/exchange.ts';
import { hostedUrls } from '../domain/images.ts';
import type { Ports } from './ports.ts';

/** How many hosted images of one answer are fetched at most. */
const MOST_FETCHES = 16;

/** A hosted image that takes longer than this is not waited for, and all together get no more time than the answer itself. */
const LONGEST_FETCH_MS = 60_000;

/**
 * The hosted images of a 2xx answer, by URL. One after the other: an answer chooses how many there are and how large,
 * and so must not choose how much memory we use. No signal ends it: the answer is paid for, and is judged even when
 * the run is interrupted.
 */
export async function fetchHosted(
  answer: Answered,
  { transport, clock, redactor }: Pick<Ports, 'transport' | 'clock' | 'redactor'>,
  timeoutMs: number,
): Promise<Readonly<Record<string, Fetched>>> {
  if (answer.status < 200 || answer.status > 299) return {};
  const fetched = new Map<string, Fetched>();
  const endsAt = clock.monotonic() + timeoutMs;
  for (const url of new Set(hostedUrls(answer))) {
    if (fetched.size === MOST_FETCHES) break;
    const leftMs = Math.floor(endsAt - clock.monotonic());
    if (redactor.text(url) !== url) fetched.set(url, SECRET);
    else if (leftMs <= 0) fetched.set(url, late(timeoutMs));
    else fetched.set(url, await transport.fetch(url, Math.min(leftMs, LONGEST_FETCH_MS)));
  }
  return Object.fromEntries(fetched);
}

/** The key goes to the target alone, even where an answer spells it out in an address. */
const SECRET: Fetched = {
  kind: 'unanswered',
  cause: 'guarded',
  detail: 'the address bears a secret of ours',
};

function late(timeoutMs: number): Fetched {
  const detail = `the images before it took ${timeoutMs} ms`;
  return { kind: 'unanswered', cause: 'unfetched', detail };
}
