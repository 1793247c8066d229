import type { Cause } from '../domain/cause.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange, Fetched, Outcome } from '../domain/exchange.ts';
import type { Redactor } from '../domain/redact.ts';
import type { Target } from '../domain/target.ts';
import type { LogRow, Settlement, UsageSourceName } from '../domain/usage.ts';
import type { MakeHash } from '../image/payload.ts';

/** A request as it goes out, with the key in it: never stored, never printed. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For the whole answer. */
  readonly timeoutMs: number;
  /** True for an absolute URL of a suite: it bears no key, and goes out behind the address guard. */
  readonly guarded: boolean;
}

/** What one sending brought, reduced but not yet redacted, with its monotonic timing. */
interface Sending {
  readonly outcome: Outcome;
  /** From sending to the first byte of the headers; absent if none came. */
  readonly firstMs?: number;
  readonly ms: number;
}

/** The network. It never throws for what the world does: that is an outcome. */
export interface Transport {
  /** Sends one request; redirects are not followed. An aborted one is unanswered, cause `interrupted`. */
  readonly send: (request: Outgoing, signal: AbortSignal) => Promise<Sending>;
  /** Gets a hosted image, without key, behind the address guard; redirects are guarded one by one. */
  readonly fetch: (url: string, timeoutMs: number) => Promise<Fetched>;
}

/** Puts one question to a gateway: the sending of a transport, or one that is held to a pace; it never throws for what the world does. */
export type Ask = (
  request: Outgoing,
  signal: AbortSignal,
) => Promise<{ readonly outcome: Outcome }>;

/** What was read of a usage source, or why nothing was: it is lacking, refused, throttled, unreachable. */
export type Read<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'unread'; readonly cause: Cause; readonly detail: string };

/** What a gateway says of its own counting. */
export interface Counting {
  /** Units of quota that make one US dollar (`quota_per_unit`). */
  readonly quotaPerUsd: number;
  /** Whether counters are written in batches, while rows of the log come at once (`enable_batch_update`). */
  readonly isBatching: boolean;
}

/** A key's counter at one moment. */
export interface CounterRead {
  /** Units of quota that the key has spent, on a scale of its own: only differences tell. */
  readonly spent: number;
  readonly isUnlimited?: boolean;
}

/** One place in which a gateway shows what it charged a key; it never throws for what the world does. */
export interface UsageSource {
  readonly name: UsageSourceName;
  readonly sees: { readonly counter: boolean; readonly log: boolean };
  /** For how many milliseconds its counter may show what is no longer true; the most it can be, until a counter was read that tells. */
  readonly staleMs: number;
  /** Whether it may be asked so seldom that every reading counts. */
  readonly isScarce: boolean;
  /** Asked of the gateway until it has told; later calls tell the same. */
  readonly counting: (signal: AbortSignal) => Promise<Read<Counting>>;
  readonly counter: (signal: AbortSignal) => Promise<Read<CounterRead>>;
  /** The newest rows of the key's log, at most a hundred, newest first. */
  readonly rows: (signal: AbortSignal) => Promise<Read<readonly LogRow[]>>;
  /** What the price list asks for one image of a model, in units of quota; undefined where it lists no such price. Asked until it has told. */
  readonly listedPerImage: (
    model: string,
    signal: AbortSignal,
  ) => Promise<Read<number | undefined>>;
  /** How many requests it has sent. */
  readonly asked: () => number;
}

/** Time. Wall time is for dates, monotonic time for durations; both in milliseconds. */
export interface Clock {
  readonly wall: () => number;
  readonly monotonic: () => number;
  /** Resolves early, without error, when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Where a run's exchanges, what they were charged and evidence are kept; resolves once the lines survive this process, rejects when they cannot. */
export interface Recorder {
  readonly exchange: (exchange: Exchange) => Promise<void>;
  /** Comes behind its exchange, and before the evidence that was judged with it. */
  readonly usage: (usage: Settlement) => Promise<void>;
  readonly evidence: (evidence: Evidence) => Promise<void>;
}

/** The SHA-256 of a text (as UTF-8) or of bytes, in lower-case hexadecimal. */
export type Sha256 = (data: string | Uint8Array) => string;

/** Makes a flat image; throws where no image of that format can be as small as `bytes`. */
export type WriteImage = (image: {
  readonly format: 'png' | 'jpeg' | 'webp';
  readonly width: number;
  readonly height: number;
  readonly bytes?: number;
}) => Uint8Array;

/** All that the engine works with. */
export interface Ports {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** Where the charges of a target are read; nothing where they cannot be. */
  readonly usageOf: (target: Target) => UsageSource | undefined;
  /** Knows every secret of the run, the pinned key included. */
  readonly redactor: Redactor;
  readonly makeHash: MakeHash;
  readonly writeImage: WriteImage;
}
