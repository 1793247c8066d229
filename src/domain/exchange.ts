import type { Cause } from './cause.ts';
import type { Json } from './claim.ts';
import type { Settlement, Usage } from './usage.ts';

/**
 * What is left of an image in a reduced body: its real type, pixels, length and hash, from its bytes.
 * In the text stands `<image/png,1024x768,12345,sha256:HEX>`; only hashes listed in the body's payloads count as such,
 * so a server cannot write one by hand.
 */
export interface Payload {
  /** `image/png`, `image/jpeg`, `image/webp`, `image/gif`, or `application/octet-stream`. */
  readonly type: string;
  /** 0 where the header does not say. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Why it is not whole; absent for an image whose chunks, scan data and lengths reach to its end. */
  readonly flaw?: string;
}

/** A reduced, redacted body: nothing but image payloads is replaced. */
export interface Body {
  readonly text: string;
  /** As received, after decompression. */
  readonly bytes: number;
  readonly payloads: readonly Payload[];
  /** True once the text was cut for the ledger. */
  readonly cut: boolean;
}

/** A target's answer to one attempt. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** Names in lower case; several of one name are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** An attempt that brought no whole answer. */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly cause: Cause;
  readonly detail: string;
}

export type Outcome = Answered | Unanswered;

/** One sending of a case's request. */
export interface Attempt {
  /** Wall clock, ISO 8601, when it was sent. */
  readonly at: string;
  /** From sending to the first byte of the headers; absent if none came. */
  readonly firstMs?: number;
  /** From sending to the end. */
  readonly ms: number;
  readonly outcome: Outcome;
}

/** What was sent, redacted: enough to repeat it by hand. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; image payloads in it are reduced. */
  readonly body?: string;
}

/** What came of fetching a hosted image. */
export type Fetched =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly type: string;
      /** Absent where the body is no image at all. */
      readonly payload?: Payload;
    }
  | Unanswered;

/** Which planned exchange an exchange answers: what a run that was cut short needs to go on from it. */
export interface Answers {
  /** The fingerprint of the planned exchange. */
  readonly planned: string;
  /** 1, or 2 for the second trial. */
  readonly trial: number;
  /** Which step of a claim with steps it is, counted from 0. */
  readonly step?: number;
  /** What was paid for it at most, in US dollars, until it is known what it cost. */
  readonly usd: number;
  /** Where it was sent, with the port: a mock of a rehearsal has another one in each process. */
  readonly host: string;
  /** What `${target.name}` stood for then. */
  readonly let?: Readonly<Record<string, Json>>;
}

/** All attempts of one request, answered by the last. */
export interface Exchange {
  readonly id: string;
  readonly sent: Sent;
  /** At least one. */
  readonly attempts: readonly Attempt[];
  /** Hosted images by URL, fetched without the key after a 2xx answer. */
  readonly fetched: Readonly<Record<string, Fetched>>;
  /** What a usage source showed of its charge; absent where no case of it asked for that. */
  readonly usage?: Usage;
  /** Absent in lines that an older Assay wrote. */
  readonly answers?: Answers;
}

/** An exchange with what was shown of it once it was kept. */
export function settled(exchange: Exchange, { usage, usd }: Settlement): Exchange {
  const { answers } = exchange;
  return { ...exchange, usage, ...(answers && { answers: { ...answers, usd } }) };
}

/** The outcome that counts: the last attempt's. */
export function outcomeOf(exchange: Exchange): Outcome {
  const last = exchange.attempts.at(-1);
  if (last === undefined) throw new Error(`exchange ${exchange.id} has no attempt`);
  return last.outcome;
}

/** Whether the last attempt was answered with a 2xx. */
export function isFine(exchange: Exchange): boolean {
  const outcome = outcomeOf(exchange);
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
}
