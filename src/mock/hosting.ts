import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Ask } from './faults.ts';
import { fileOf, type Format, type Picture, sentFile } from './pictures.ts';
import { flood } from './delivery.ts';
import { type Film, FILM_FILE } from './video-route.ts';

/** Hosted images that are remembered; older ones answer 404. */
const KEPT_ARTIFACTS = 10_000;
/** A path in which the generator of references fills in the braces. */
const REFERENCE_TEMPLATE = '/{format}/{bytes}/{n}';
const REFERENCE = /^\/(png|jpeg|webp)\/(\d*)\/(\d{1,4})$/;
const MISSING_PATH = '/missing';

/** Id and time of a request, on the world's day. */
export interface Stamp {
  readonly requestId: string;
  readonly at: Date;
}

/** How often each kind of image was asked for. */
export interface HostingCounts {
  readonly references: number;
  readonly artifacts: number;
  /** Requests that carried a key: must stay 0, because fetched URLs are another origin. */
  readonly keysSeenByHosting: number;
}

/** The media host, for generated images, and the reference host, for images of any format and exact length. */
export interface Hosting {
  readonly server: ReturnType<typeof createServer>;
  readonly counts: () => HostingCounts;
  /** Hosts a picture or a film under this request's id, and tells its path. */
  readonly archive: (ask: Ask, artifact: Picture | Film, stamp: Stamp, index: number) => string;
  readonly referencePath: string;
  readonly missingPath: string;
}

/** A server that needs no key, not yet listening. */
export function createHosting(world: string, behaviour: (turn: number) => Ask): Hosting {
  const artifacts = new Map<string, Picture | Film>();
  const counts = { references: 0, artifacts: 0, keysSeenByHosting: 0 };
  const server = createServer((request, response) => {
    response.setHeader('x-assay-mock', world);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
    const reference = REFERENCE.exec(pathname);
    if (bearsKey(request, searchParams)) counts.keysSeenByHosting += 1;
    if (reference !== null || pathname === MISSING_PATH) {
      sendReference(response, reference, behaviour(counts.references++));
    } else {
      const ask = behaviour(counts.artifacts++);
      sendArtifact(request, response, artifacts.get(pathname), ask);
    }
  });
  return {
    server,
    counts: () => ({ ...counts }),
    referencePath: REFERENCE_TEMPLATE,
    missingPath: MISSING_PATH,
    archive: (ask, artifact, { requestId, at }, index) => {
      const day = at.toISOString().slice(0, 10).replaceAll('-', '/');
      const kind = artifact.format === 'mp4' ? 'video' : 'sync-image';
      const own = `/task-artifacts/${day}/${kind}`;
      const folder = ask('archive.path') === 'own' ? own : ask('archive.path');
      const path = `${folder}/${requestId}-${index + 1}.${artifact.format}`;
      artifacts.set(path, artifact);
      const [oldest] = artifacts.keys();
      if (artifacts.size > KEPT_ARTIFACTS && oldest !== undefined) artifacts.delete(oldest);
      return path;
    },
  };
}

function bearsKey({ headers }: IncomingMessage, query: URLSearchParams): boolean {
  const named = ['authorization', 'x-goog-api-key', 'x-api-key'];
  return named.some((name) => headers[name] !== undefined) || query.has('key');
}

/** Every number is another image, by its shade and its width; without a length it is a small one. */
function sendReference(response: ServerResponse, found: RegExpExecArray | null, ask: Ask): void {
  const [, format = '', bytes = '', number = ''] = found ?? [];
  if (found === null || ask('source', number) === 'missing') {
    send(response, 404, 'text/plain', Buffer.from('no such image'));
    return;
  }
  const n = Number(number);
  const length = Number(bytes) > 0 ? { bytes: Number(bytes) } : {};
  const picture: Picture = {
    format: format as Format,
    width: 64 + n,
    height: 64,
    shade: (n * 37) % 256,
    ...length,
  };
  try {
    send(response, 200, `image/${format}`, fileOf(picture));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    send(response, 400, 'text/plain', Buffer.from(error.message));
  }
}

function sendArtifact(
  request: IncomingMessage,
  response: ServerResponse,
  artifact: Picture | Film | undefined,
  ask: Ask,
): void {
  const redirect = ask('archive.redirect');
  if (ask('archive.auth') === 'required' && request.headers.authorization === undefined) {
    send(response, 401, 'text/plain', Buffer.from('a key is needed'));
  } else if (redirect !== 'none') {
    response.writeHead(302, { location: redirect }).end();
  } else if (artifact === undefined) {
    send(response, 404, 'text/plain', Buffer.from('no such image'));
  } else {
    sendFile(response, artifact, ask);
  }
}

function sendFile(response: ServerResponse, artifact: Picture | Film, ask: Ask): void {
  const status = Number(ask('archive.status'));
  const declared = ask('archive.type');
  const real = artifact.format === 'mp4' ? 'video/mp4' : `image/${artifact.format}`;
  const type = declared === 'real' ? real : declared;
  const file = () => (artifact.format === 'mp4' ? FILM_FILE : sentFile(artifact, ask));
  const body = ask('archive.body');
  switch (body) {
    case 'html':
      send(
        response,
        status,
        declared === 'real' ? 'text/html' : type,
        Buffer.from('<!doctype html><title>Gone</title>'),
      );
      return;
    case 'empty':
      send(response, status, type, Buffer.alloc(0));
      return;
    case 'never':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'endless':
      response.writeHead(status, { 'content-type': type });
      flood(response, file());
      return;
    default:
      send(response, status, type, file());
  }
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}
