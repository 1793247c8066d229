import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './delivery.ts';
import { delaysOf } from './billing.ts';
import { openBooks } from './books.ts';
import { behaveAs } from './faults.ts';
import { isGeneration, visit } from './gateway.ts';
import { createHosting, type HostingCounts, type Stamp } from './hosting.ts';
import { referenceFetcher } from './references.ts';
import { USER } from './usage-rows.ts';
import type { Videos } from './video-route.ts';
import { worldWith } from './worlds.ts';

const HOST = '127.0.0.1';
const KEPT_LOG_LINES = 1000;
const AFTERNOON_SECONDS = 12 * 3600;

/** Which gateway to start, and where. */
export interface MockOptions {
  /** The day: one of listWorlds(). */
  readonly world: string;
  /** In the language of faults, on top of the world. */
  readonly faults?: readonly string[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly hostingPort?: number;
  /** The keys that are accepted; absent: every key that begins with `sk-`. */
  readonly keys?: readonly string[];
  /** Before each answer begins. */
  readonly delayMs?: number;
  /** The time by which what is charged becomes due, in milliseconds; absent: that of this machine. */
  readonly clock?: () => number;
  /** What the management endpoints take, with user 1. */
  readonly accessToken?: string;
}

/** How the charges of a mock are read. */
interface MockUsage {
  readonly accessToken: string;
  readonly user: number;
  /** After this, everything that its behaviours delay has shown. */
  readonly withinMs: number;
  /** How often it writes its counters; 0 where it does so at once. */
  readonly batchMs: number;
}

/** How much the mock has been asked, now and at most at once. */
interface MockCounts extends HostingCounts {
  readonly generations: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
}

/** One request that the gateway has seen; never its query, in which a key may stand. */
interface LogLine {
  readonly method: string;
  readonly path: string;
  readonly model?: string;
}

/** A running mock gateway with its host of media and references. */
export interface Mock {
  readonly url: string;
  readonly hostingUrl: string;
  readonly world: string;
  /** URL of reference images, with `{n}`, `{format}` and `{bytes}` to be filled in; an empty length means any. */
  readonly references: string;
  /** URL of a reference that answers 404. */
  readonly missing: string;
  readonly usage: MockUsage;
  readonly counts: () => MockCounts;
  /** The last thousand requests, oldest first. */
  readonly log: () => readonly LogLine[];
  readonly close: () => Promise<void>;
}

/** Starts the gateway of a day on loopback; throws an Error for a world or fault that is unknown, or a port in use. */
export async function startMock(options: MockOptions): Promise<Mock> {
  const { world } = options;
  const delay = options.delayMs === undefined ? [] : [`delay=${options.delayMs}`];
  const faults = worldWith(world, [...delay, ...(options.faults ?? [])]);
  const behaviour = behaveAs(faults);
  const named = faults.filter(({ name }) => name === 'model' || name === 'alias');
  const models = [...new Set(named.flatMap(({ subject }) => subject ?? []))];

  const hosting = createHosting(world, behaviour);
  await listen(hosting.server, options.hostingPort ?? 0);
  const hostingPort = portOf(hosting.server);
  const fetcher = referenceFetcher();
  const counts = { generations: 0, inFlight: 0, peakInFlight: 0 };
  const log: LogLine[] = [];
  const videos: Videos = new Map();
  const { keys, accessToken } = options;
  const books = openBooks({
    clock: options.clock ?? Date.now,
    keys,
    accessToken,
    ask: behaviour(0),
  });
  let requests = 0;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    const method = request.method ?? 'GET';
    const generation = isGeneration(method, url.pathname);
    const turn = counts.generations;
    const stamp = stampOf(world, requests++);
    if (generation) counts.generations += 1;
    counts.inFlight += 1;
    counts.peakInFlight = Math.max(counts.peakInFlight, counts.inFlight);
    response.once('close', () => (counts.inFlight -= 1));
    const line: { method: string; path: string; model?: string } = { method, path: url.pathname };
    log.push(line);
    if (log.length > KEPT_LOG_LINES) log.shift();

    const ask = behaviour(turn);
    response.setHeader('x-assay-mock', world);
    response.setHeader('x-new-api-version', ask('gateway.version'));
    if (ask('request-id') === 'present') response.setHeader('x-oneapi-request-id', stamp.requestId);
    const answering = visit({
      ...stamp,
      request,
      url,
      ask,
      models,
      videos,
      behaviour,
      turn,
      keys,
      books,
      note: (model) => (line.model = model),
      fetchReference: fetcher.fetch,
      archive: (artifact, index) => {
        const path = hosting.archive(ask, artifact, stamp, index);
        return `http://${hostOf(ask('archive.host'), request.headers.host, hostingPort)}${path}`;
      },
    });
    answering
      .then(({ answer, key, settle }) => {
        const sent = deliver(response, answer, generation ? ask : behaveAs([])(0), key);
        return sent.finally(settle);
      })
      .catch((error: unknown) => panic(response, error));
  });
  server.keepAliveTimeout = 60_000;
  try {
    await listen(server, options.port ?? 0);
  } catch (error) {
    await Promise.all([closed(hosting.server), fetcher.close()]);
    throw error;
  }
  const hostingUrl = `http://${HOST}:${hostingPort}`;
  return {
    url: `http://${HOST}:${portOf(server)}`,
    hostingUrl,
    world,
    references: hostingUrl + hosting.referencePath,
    missing: hostingUrl + hosting.missingPath,
    usage: { accessToken: books.accessToken, user: USER, ...delaysOf(faults) },
    counts: () => ({ ...counts, ...hosting.counts() }),
    log: () => [...log],
    close: async () => {
      await Promise.all([closed(server), closed(hosting.server), fetcher.close()]);
    },
  };
}

/** What new-api says when it panics; with what went wrong, because here that is the mock's own fault. */
function panic(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message: String(error), type: 'new_api_panic' } }));
}

/** Time and id of a request: they go on from noon of the world's day, a second each, and so are the same in every run. */
function stampOf(world: string, request: number): Stamp {
  const at = new Date(Date.parse(`${world}T12:00:00Z`) + (request % AFTERNOON_SECONDS) * 1000);
  const seconds = at.toISOString().slice(0, 19).replaceAll(/\D/g, '');
  const hash = createHash('sha256').update(`${world} ${request}`).digest();
  const nanoseconds = hash.readUInt32BE(0) % 1_000_000_000;
  const letters = hash
    .toString('base64')
    .replaceAll(/[^0-9A-Za-z]/g, '')
    .slice(0, 8);
  return { at, requestId: `${seconds}${nanoseconds}${letters}` };
}

/** The name under which the caller reached us, because it can reach the media host under that as well. */
function hostOf(wished: string, hostHeader: string | undefined, port: number): string {
  if (wished !== 'own') return /:\d+$/.test(wished) ? wished : `${wished}:${port}`;
  return `${URL.parse(`http://${hostHeader ?? HOST}`)?.hostname ?? HOST}:${port}`;
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
