import type { Evidence } from '../domain/evidence.ts';
import type { Exchange, Outcome, Payload } from '../domain/exchange.ts';

/** A request as it goes out, with the key in it: never stored, never printed. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole answer. */
  readonly timeoutMs: number;
}

/** What one sending brought, reduced but not yet redacted, with its monotonic timing. */
export interface Sending {
  readonly outcome: Outcome;
  /** From sending to the first byte of the headers; absent if none came. */
  readonly firstMs?: number;
  readonly ms: number;
}

/** What fetching a hosted image brought. */
export type Fetching =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly type: string;
      readonly payload?: Payload;
    }
  | Extract<Outcome, { kind: 'unanswered' }>;

/** The network. It never throws for what the world does: that is an outcome. */
export interface Transport {
  /** Sends one request; redirects are not followed. */
  readonly send: (request: Outgoing, signal: AbortSignal) => Promise<Sending>;
  /** Gets a hosted image, without key, behind the address guard; redirects are guarded one by one. */
  readonly fetch: (url: string, timeoutMs: number, signal: AbortSignal) => Promise<Fetching>;
}

/** Time. Wall time is for dates, monotonic time for durations; both in milliseconds. */
export interface Clock {
  readonly wall: () => number;
  readonly monotonic: () => number;
  /** Resolves early, without error, when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Where a run's exchanges and evidence are kept; resolves once the lines survive this process. */
export interface Recorder {
  readonly exchange: (exchange: Exchange) => Promise<void>;
  readonly evidence: (evidence: Evidence) => Promise<void>;
}
