/**
 * What both sides of the bench talk to, in a process of its own: `node server.ts [DELAY_MS]` prints its address, and
 * answers the same JSON to every POST, below `/v1/pictures/` with an image in base64 that makes it so many MiB long.
 * Three paths break one promise each, so that whoever measures can be seen to look.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeImage } from '../image/write.ts';

/** What `/peak` answers. */
export interface Peak {
  /** The most requests that were in flight at once since the last look. */
  readonly inFlight: number;
}

const WIDGET = {
  id: 'w-4711',
  state: 'ready',
  created: 1_775_000_000,
  tags: ['small', 'blue', 'round'],
  owner: { name: 'Ada', teams: ['assay', 'press'] },
};

const ANSWERS: Readonly<Record<string, readonly [status: number, body: object]>> = {
  '/v1/widgets': [200, WIDGET],
  '/v1/wrong-value': [200, { ...WIDGET, state: 'broken' }],
  '/v1/wrong-shape': [200, { ...WIDGET, tags: 'small' }],
  '/v1/refused': [400, WIDGET],
};

const delayMs = Number(process.argv[2] ?? 0);
let inFlight = 0;
let most = 0;

const server = createServer((request, response) => {
  if (request.url === '/peak') {
    answer(response, 200, { inFlight: most } satisfies Peak);
    most = 0;
    return;
  }
  inFlight += 1;
  most = Math.max(most, inFlight);
  request.resume().on('end', () => void respond(request.url ?? '', response));
});

async function respond(path: string, response: ServerResponse): Promise<void> {
  if (delayMs > 0) await sleep(delayMs);
  const bodyMiB = Number(/^\/v1\/pictures\/(\d+)$/.exec(path)?.[1]);
  const [status, body] = bodyMiB > 0 ? [200, picture(bodyMiB)] : (ANSWERS[path] ?? [404, {}]);
  inFlight -= 1;
  answer(response, status, body);
}

function answer(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

const pictures = new Map<number, Buffer>();

/** The body with an image that makes it so long; made once. */
function picture(bodyMiB: number): Buffer {
  const known = pictures.get(bodyMiB);
  if (known !== undefined) return known;
  const bytes = bodyMiB * 2 ** 18 * 3; // three of them are four characters of base64
  const image = Buffer.from(writeImage({ format: 'png', width: 1024, height: 1024, bytes }));
  const made = Buffer.from(JSON.stringify({ ...WIDGET, image: image.toString('base64') }));
  pictures.set(bodyMiB, made);
  return made;
}

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
