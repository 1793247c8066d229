import { Agent, request } from 'undici';
import { type Format, formatOf } from './pictures.ts';

/** More than any limit that is searched. */
const CAP_BYTES = 65 * 2 ** 20;
const TIMEOUT_MS = 10_000;

/** What fetching a reference brought: an image, or why there is none. */
export type Reference =
  | { readonly kind: 'image'; readonly format: Format; readonly bytes: number }
  | { readonly kind: 'oversized' }
  | { readonly kind: 'missing'; readonly why: string };

/** Fetches reference images as the gateway does, but from this machine only: a mock reaches for nothing else. */
export function referenceFetcher(): {
  readonly fetch: (url: string) => Promise<Reference>;
  readonly close: () => Promise<void>;
} {
  const dispatcher = new Agent({ connectTimeout: TIMEOUT_MS });
  return {
    close: () => dispatcher.destroy(),
    fetch: async (url) => {
      if (!isLoopback(url)) {
        return { kind: 'missing', why: 'the mock gateway fetches from loopback addresses only' };
      }
      try {
        const answer = await request(url, {
          dispatcher,
          headersTimeout: TIMEOUT_MS,
          bodyTimeout: TIMEOUT_MS,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (answer.statusCode !== 200) {
          answer.body.on('error', () => {}).destroy();
          return { kind: 'missing', why: `it answers ${answer.statusCode}` };
        }
        return await weigh(answer.body);
      } catch (error) {
        return { kind: 'missing', why: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** Counts a body to its end or to the cap; keeps no more than its head. */
async function weigh(body: AsyncIterable<Uint8Array>): Promise<Reference> {
  let bytes = 0;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of body) {
    if (head.length < 12) head = Buffer.concat([head, chunk.subarray(0, 12)]);
    bytes += chunk.length;
    if (bytes > CAP_BYTES) return { kind: 'oversized' };
  }
  const format = formatOf(head);
  return format === undefined
    ? { kind: 'missing', why: 'it is no image' }
    : { kind: 'image', format, bytes };
}

/** URL parsing has already turned every spelling of an IPv4 address into four numbers. */
function isLoopback(url: string): boolean {
  const parsed = URL.parse(url);
  return (
    parsed !== null &&
    (parsed.protocol === 'http:' || parsed.protocol === 'https:') &&
    (parsed.hostname === 'localhost' ||
      parsed.hostname === '[::1]' ||
      /^127\.\d+\.\d+\.\d+$/.test(parsed.hostname))
  );
}
