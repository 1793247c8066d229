/**
 * What both sides of the bench talk to, in a process of its own: `node server.ts [DELAY_MS]` prints its address, and
 * answers the same JSON to every POST. Three paths break one promise each, so that whoever measures can be seen to look.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
  const [status, body] = ANSWERS[path] ?? [404, {}];
  inFlight -= 1;
  answer(response, status, body);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
