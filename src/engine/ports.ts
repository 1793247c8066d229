import type { Evidence } from '../domain/evidence.ts';
import type { Exchange, Fetched, Outcome } from '../domain/exchange.ts';
import type { Redactor } from '../domain/redact.ts';
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

/** Time. Wall time is for dates, monotonic time for durations; both in milliseconds. */
export interface Clock {
  readonly wall: () => number;
  readonly monotonic: () => number;
  /** Resolves early, without error, when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Where a run's exchanges and evidence are kept; resolves once the lines survive this process, rejects when they cannot. */
export interface Recorder {
  readonly exchange: (exchange: Exchange) => Promise<void>;
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
  /** Knows every secret of the run, the pinned key included. */
  readonly redactor: Redactor;
  readonly makeHash: MakeHash;
  readonly writeImage: WriteImage;
}
