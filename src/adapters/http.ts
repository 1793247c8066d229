import { callbackify, promisify } from 'node:util';
import type { buildConnector, Dispatcher } from 'undici';
import makeConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Body, Fetched, Outcome, Unanswered } from '../domain/exchange.ts';
import type { Outgoing, Transport } from '../engine/ports.ts';
import type { MakeHash } from '../image/payload.ts';
import { makeBytesReducer, type Reduced } from '../image/reduce.ts';
import { makeBody } from './body.ts';
import { faultOf, Refused } from './faults.ts';
import type { Guard } from './guard.ts';
import { type Headers, receive, type Received, type ResponseLimits } from './receive.ts';

/** The most that one answer may take of this machine. */
export interface Caps {
  /** All headers of an answer together. */
  readonly headerBytes: number;
  /** A body, as it comes over the wire and once more after decompression. */
  readonly bodyBytes: number;
  /** Until a connection stands. */
  readonly connectMs: number;
  /** Until the headers of an answer are there; the time for the whole answer is the request's own. */
  readonly headersMs: number;
  /** Of a hosted image; an API request follows none. */
  readonly redirects: number;
}

/** Larger than any honest answer; images of 4K come in tens of MiB of base64, and take minutes to draw. */
const CAPS: Caps = {
  headerBytes: 64 * 1024,
  bodyBytes: 64 * 1024 * 1024,
  connectMs: 5_000,
  headersMs: 600_000,
  redirects: 5,
};

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What a transport is made of. */
export interface TransportOptions {
  /** As many as requests go out at once. */
  readonly connections: number;
  readonly guard: Guard;
  readonly makeHash: MakeHash;
  readonly caps?: Partial<Caps>;
}

/** The network through undici; `close` ends all its connections. */
export function makeTransport(
  options: TransportOptions,
): Transport & { readonly close: () => Promise<void> } {
  const { connections, guard, makeHash } = options;
  const caps = { ...CAPS, ...options.caps };
  const common = { connections, maxHeaderSize: caps.headerBytes, bodyTimeout: 0, allowH2: false };
  const own = new Agent({ ...common, connect: { timeout: caps.connectMs, allowH2: false } });
  const foreign = new Agent({ ...common, connect: guardedConnector(guard, caps.connectMs) });

  const limits = (timeoutMs: number): ResponseLimits => ({ bodyBytes: caps.bodyBytes, timeoutMs });

  const openBody = (headers: Headers) => makeBody(headers['content-type'] ?? '', makeHash);
  const openBytes = () => makeBytesReducer(makeHash);

  return {
    async send(request, signal) {
      const startedAt = performance.now();
      const problem = request.guarded ? guard.urlProblem(request.url) : undefined;
      if (problem !== undefined) return { outcome: refused(request.url, problem), ms: 0 };
      const dispatcher = request.guarded ? foreign : own;
      const { response, firstMs } = await receive(
        dispatcher,
        dispatched(request, caps),
        limits(request.timeoutMs),
        openBody,
        signal,
      );
      const timed = { outcome: outcomeOf(response), ms: performance.now() - startedAt };
      return firstMs === undefined ? timed : { ...timed, firstMs };
    },

    async fetch(url, timeoutMs) {
      const endsAt = performance.now() + timeoutMs;
      let next = url;
      for (let hop = 0; hop <= caps.redirects; hop++) {
        const problem = guard.urlProblem(next);
        if (problem !== undefined) return refused(next, problem);
        const request = { method: 'GET', url: next, headers: {}, timeoutMs, guarded: true };
        const leftMs = Math.max(1, Math.ceil(endsAt - performance.now()));
        const { response } = await receive(
          foreign,
          dispatched(request, caps),
          limits(leftMs),
          openBytes,
        );
        if (response.kind === 'unanswered') return response;
        const { location } = response.headers;
        if (!REDIRECTS.includes(response.status) || location === undefined) {
          return hosted(response);
        }
        next = URL.parse(location, next)?.href ?? location;
      }
      const detail = `more than ${caps.redirects} redirects from ${url}`;
      return { kind: 'unanswered', cause: 'unfetched', detail };
    },

    async close() {
      await Promise.all([own.destroy(), foreign.destroy()]);
    },
  };
}

/** Of an API request: whatever comes is the answer, redirects too. */
function outcomeOf(response: Received<Body> | Unanswered): Outcome {
  if (response.kind === 'unanswered') return response;
  const { status, headers, body } = response;
  return { kind: 'answered', status, headers, body };
}

/** What stands at the end of a hosted URL: an image, whatever it is declared as, or something else. */
function hosted({ status, headers, body }: Received<Reduced>): Fetched {
  const [payload] = body.payloads;
  const seen = { kind: 'answered', status, type: headers['content-type'] ?? '' } as const;
  return payload?.type.startsWith('image/') === true ? { ...seen, payload } : seen;
}

function dispatched(request: Outgoing, caps: Caps): Dispatcher.DispatchOptions {
  return {
    ...addressOf(request.url),
    method: request.method,
    headers: request.headers,
    headersTimeout: caps.headersMs,
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

interface Address {
  readonly origin: string;
  readonly path: string;
}

/** The address of the newest request: the next one most often has the same. */
let newest: { readonly url: string; readonly address: Address } | undefined;

function addressOf(url: string): Address {
  if (newest?.url !== url) {
    const { origin, pathname, search } = new URL(url);
    newest = { url, address: { origin, path: pathname + search } };
  }
  return newest.address;
}

/** Connects to the one address that the guard has checked, and looks at where the socket has really come. */
function guardedConnector(guard: Guard, timeoutMs: number): buildConnector.connector {
  const connect = promisify(makeConnector({ timeout: timeoutMs, allowH2: false }));
  const connectGuarded = callbackify(async (options: buildConnector.Options) => {
    const resolved = await guard.resolve(options.hostname);
    if ('refused' in resolved) throw new Refused(resolved.refused);
    const socket = await connect({ ...options, hostname: resolved.address });
    if (socket === null) throw new Error(`no socket to ${options.hostname}`);
    const problem = guard.addressProblem(socket.remoteAddress, options.hostname);
    if (problem === undefined) return socket;
    socket.destroy();
    throw new Refused(problem);
  });
  return (options, callback) =>
    connectGuarded(options, (error, socket) =>
      error === null ? callback(null, socket) : callback(error, null),
    );
}

function refused(url: string, problem: string): Unanswered {
  return { ...faultOf(new Refused(`${url}: ${problem}`), false), cause: 'guarded' };
}
