import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createHash } from 'node:crypto';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/exchange.ts';
import type { Outgoing, Sha256 } from '../engine/ports.ts';
import { writeImage } from '../image/write.ts';
import { makeGuard } from './guard.ts';
import { type Caps, makeTransport } from './http.ts';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest('hex');
const never = new AbortController().signal;
const cleanup: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(cleanup.splice(0).map((close) => close()));
});

/** A server of HTTP, and its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await listen(server);
  cleanup.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that writes these bytes, whatever it is asked, and then does with the socket what it is told. */
async function serveRaw(head: string, then: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(head);
      then(socket);
    });
  });
  await listen(server);
  cleanup.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function listen(server: Server | TcpServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function transport(caps: Partial<Caps> = {}, exemptHosts: readonly string[] = ['127.0.0.1']) {
  const guard = makeGuard({
    exemptHosts,
    lookup: (hostname) =>
      hostname === 'rebinding.example'
        ? Promise.resolve([{ address: '127.0.0.1', family: 4 }])
        : Promise.reject(Object.assign(new Error(`ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })),
  });
  const made = makeTransport({ connections: 4, guard, sha256, caps });
  cleanup.push(() => made.close());
  return made;
}

function get(url: string, over: Partial<Outgoing> = {}): Outgoing {
  return { method: 'GET', url, headers: {}, timeoutMs: 5_000, guarded: false, ...over };
}

async function outcomeFrom(
  url: string,
  caps?: Partial<Caps>,
  over?: Partial<Outgoing>,
): Promise<Outcome> {
  return (await transport(caps).send(get(url, over), never)).outcome;
}

const answer =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };

describe('an answer', () => {
  it('comes with status, lower-case headers, text and timing', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(400, { 'X-Two': ['a', 'b'], 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ path: request.url, method: request.method, body }));
      });
    });
    const sending = await transport().send(
      get(`${url}/v1/a?b=c`, { method: 'POST', body: '{"grüße":1}' }),
      never,
    );
    expect(sending.outcome).toMatchObject({
      kind: 'answered',
      status: 400,
      headers: { 'x-two': 'a, b' },
    });
    const { body } = sending.outcome as Extract<Outcome, { kind: 'answered' }>;
    expect(JSON.parse(body.text)).toEqual({
      path: '/v1/a?b=c',
      method: 'POST',
      body: '{"grüße":1}',
    });
    expect(sending.firstMs).toBeGreaterThan(0);
    expect(sending.ms).toBeGreaterThanOrEqual(sending.firstMs ?? Infinity);
  });

  it('has its images reduced, in text and as a whole body', async () => {
    const png = writeImage({ format: 'png', width: 8, height: 4 });
    const base64 = Buffer.from(png).toString('base64');
    const inText = await outcomeFrom(await serve(answer(JSON.stringify({ b64_json: base64 }))));
    expect(inText).toMatchObject({
      body: { payloads: [{ type: 'image/png', width: 8, height: 4 }] },
    });
    expect(JSON.stringify(inText)).not.toContain(base64);
    const whole = await outcomeFrom(await serve(answer(png, { 'content-type': 'image/png' })));
    expect(whole).toMatchObject({ body: { bytes: png.length, payloads: [{ type: 'image/png' }] } });
    const misdeclared = await outcomeFrom(
      await serve(answer(png, { 'content-type': 'application/json' })),
    );
    expect(misdeclared).toMatchObject({ body: { payloads: [{ type: 'image/png' }] } });
  });

  it('is HTML or half a JSON as it stands: the judge decides, not the transport', async () => {
    const html = '<!doctype html><title>web</title>';
    expect(await outcomeFrom(await serve(answer(html)))).toMatchObject({
      kind: 'answered',
      body: { text: html },
    });
    const half = '{"data":[{"url":"htt';
    expect(
      await outcomeFrom(await serve(answer(half, { 'content-type': 'text/plain' }))),
    ).toMatchObject({
      kind: 'answered',
      body: { text: half },
    });
  });

  it('to an API request may be a redirect, which is not followed', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await outcomeFrom(url)).toMatchObject({ kind: 'answered', status: 307 });
    expect(asked).toBe(1);
  });

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['gzip, br', brotliCompressSync(gzipSync('{"a":1}'))],
  ])('is decoded when it comes as %s', async (encoding, bytes) => {
    const url = await serve(answer(bytes, { 'content-encoding': encoding }));
    expect(await outcomeFrom(url)).toMatchObject({ body: { text: '{"a":1}', bytes: 7 } });
  });

  it('asks for no compression, and shows no header that it was not told to', async () => {
    let seen: readonly string[] = [];
    const url = await serve((request, response) => {
      seen = Object.keys(request.headers);
      response.end();
    });
    await outcomeFrom(url, {}, { headers: { 'accept-language': 'en' } });
    expect(seen.toSorted()).toEqual(['accept-language', 'connection', 'host']);
  });

  it('goes over as many connections as there are lanes, and over the same ones again', async () => {
    let connections = 0;
    const server = createServer((_, response) => void response.end('{}')).on(
      'connection',
      () => (connections += 1),
    );
    await listen(server);
    cleanup.push(() => new Promise((resolve) => server.close(() => resolve())));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const made = transport();
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 4 }, () => made.send(get(url), never)));
    }
    expect(connections).toBeLessThanOrEqual(4);
  });
});

describe('no answer has its cause', () => {
  it('unreachable: nobody listens', async () => {
    const url = await serve(() => {});
    await Promise.all(cleanup.splice(0).map((close) => close()));
    const outcome = await outcomeFrom(url);
    expect(outcome).toMatchObject({ kind: 'unanswered', cause: 'unreachable' });
    expect(outcome).toHaveProperty('detail', expect.stringContaining('ECONNREFUSED'));
  });

  it('unreachable: a name that does not resolve', async () => {
    expect(await outcomeFrom('http://nowhere.invalid/')).toMatchObject({ cause: 'unreachable' });
  });

  it('timeout: it never answers', async () => {
    const url = await serve(() => {});
    expect(await outcomeFrom(url, {}, { timeoutMs: 50 })).toEqual({
      kind: 'unanswered',
      cause: 'timeout',
      detail: 'no answer within 50 ms',
    });
  });

  it('timeout: it begins, and never ends', async () => {
    const url = await serve((_, response) => void response.writeHead(200).write('{'));
    const sending = await transport().send(get(url, { timeoutMs: 200 }), never);
    expect(sending.outcome).toMatchObject({
      cause: 'timeout',
      detail: 'no end of the answer within 200 ms',
    });
    expect(sending.firstMs).toBeGreaterThan(0);
  });

  it('timeout: headers that do not come in their time, however long the whole may take', async () => {
    const url = await serve(() => {});
    expect(await outcomeFrom(url, { headersMs: 100 })).toMatchObject({ cause: 'timeout' });
  });

  it('disconnected: reset before and in the middle of the body', async () => {
    const before = await serveRaw('', (socket) => socket.resetAndDestroy());
    expect(await outcomeFrom(before)).toMatchObject({ cause: 'disconnected' });
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":';
    const middle = await serveRaw(head, (socket) => setImmediate(() => socket.resetAndDestroy()));
    expect(await outcomeFrom(middle)).toMatchObject({ cause: 'disconnected' });
  });

  it('disconnected: fewer bytes than content-length says', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}', (socket) =>
      socket.end(),
    );
    expect(await outcomeFrom(url)).toMatchObject({ cause: 'disconnected' });
  });

  it('more bytes than content-length says are no part of the answer, nor of the next one', async () => {
    const raw = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{"more":1}';
    const url = await serveRaw(raw, (socket) => socket.end());
    const made = transport();
    for (let round = 0; round < 2; round++) {
      const { outcome } = await made.send(get(url), never);
      if (outcome.kind === 'answered') expect(outcome.body.text).toBe('{}');
      else expect(['malformed', 'disconnected']).toContain(outcome.cause);
    }
  });

  it('malformed: what comes is not HTTP', async () => {
    const url = await serveRaw('SSH-2.0-OpenSSH_9.6\r\n', (socket) => socket.end());
    expect(await outcomeFrom(url)).toMatchObject({ cause: 'malformed' });
  });

  it.each([
    ['no gzip at all', 'gzip', Buffer.from('{"a":1}')],
    ['a gzip that is cut', 'gzip', gzipSync('x'.repeat(5_000)).subarray(0, 20)],
    ['an encoding that nobody knows', 'rot13', Buffer.from('{"a":1}')],
    ['encoded without end', 'gzip, gzip, gzip', gzipSync('{}')],
  ])('malformed: %s', async (_, encoding, bytes) => {
    const url = await serve(answer(bytes, { 'content-encoding': encoding }));
    expect(await outcomeFrom(url)).toMatchObject({ cause: 'malformed' });
  });

  it('oversized: more bytes than the cap, announced or not', async () => {
    const caps = { bodyBytes: 100_000 };
    const body = 'x'.repeat(100_001);
    expect(await outcomeFrom(await serve(answer(body)), caps)).toMatchObject({
      cause: 'oversized',
    });
    const chunked = await serve((_, response) => {
      response.write(body.slice(1));
      response.end('xy');
    });
    expect(await outcomeFrom(chunked, caps)).toMatchObject({ cause: 'oversized' });
    expect(await outcomeFrom(await serve(answer(body.slice(1))), caps)).toMatchObject({
      kind: 'answered',
    });
  });

  it('oversized: a gzip bomb, in bounded memory', async () => {
    const url = await serve(
      answer(gzipSync(Buffer.alloc(256 << 20)), { 'content-encoding': 'gzip' }),
    );
    const before = process.memoryUsage().rss;
    expect(await outcomeFrom(url, { bodyBytes: 4 << 20 })).toMatchObject({ cause: 'oversized' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
  });

  it('oversized: an endless stream, in bounded memory', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        if (response.destroyed) return;
        if (response.write(Buffer.alloc(1 << 16, 'x'))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const before = process.memoryUsage().rss;
    expect(await outcomeFrom(url, { bodyBytes: 4 << 20 })).toMatchObject({ cause: 'oversized' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
  });

  it('oversized: 10,000 headers', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => `x-${at}: value\r\n`).join('');
    const url = await serveRaw(`HTTP/1.1 200 OK\r\n${lines}content-length: 2\r\n\r\n{}`, (socket) =>
      socket.end(),
    );
    expect(await outcomeFrom(url)).toMatchObject({ cause: 'oversized' });
  });

  it('interrupted: the run ends while it waits, and before it starts', async () => {
    const made = transport();
    const end = new AbortController();
    const url = await serve(() => end.abort());
    expect((await made.send(get(url), end.signal)).outcome).toMatchObject({ cause: 'interrupted' });
    expect((await made.send(get(url), end.signal)).outcome).toMatchObject({ cause: 'interrupted' });
  });

  it('malformed: a header that cannot be sent never throws', async () => {
    const url = await serve(answer('{}'));
    expect(await outcomeFrom(url, {}, { headers: { 'x-bad': 'a\nb' } })).toMatchObject({
      kind: 'unanswered',
    });
  });
});

describe('a hosted image', () => {
  const png = writeImage({ format: 'png', width: 16, height: 9 });

  it('is fetched without any header of ours, through redirects', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers);
      if (request.url === '/a.png') response.writeHead(302, { location: 'b.png' }).end();
      else response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    });
    expect(await transport().fetch(`${url}/a.png`, 5_000)).toMatchObject({
      kind: 'answered',
      status: 200,
      type: 'image/png',
      payload: { width: 16, height: 9, bytes: png.length, sha256: sha256(png) },
    });
    expect(seen.map((headers) => Object.keys(headers).toSorted())).toEqual([
      ['connection', 'host'],
      ['connection', 'host'],
    ]);
  });

  it('that is none has no payload', async () => {
    const page = await transport().fetch(
      await serve(answer('<html>', { 'content-type': 'image/png' })),
      5_000,
    );
    expect(page).toEqual({ kind: 'answered', status: 200, type: 'image/png' });
    const gone = await transport().fetch(await serve(answer('gone', {}, 404)), 5_000);
    expect(gone).toMatchObject({ kind: 'answered', status: 404 });
    expect(gone).not.toHaveProperty('payload');
  });

  it('is not looked for behind more than five redirects', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(302, { location: `/${asked}` }).end();
    });
    expect(await transport().fetch(url, 5_000)).toMatchObject({
      kind: 'unanswered',
      cause: 'unfetched',
    });
    expect(asked).toBe(6);
  });

  it('is not fetched from an inward address, nor through a redirect to one, nor by a name that leads there', async () => {
    let asked = 0;
    const inward = await serve((_, response) => {
      asked += 1;
      response.end(png);
    });
    const { port } = new URL(inward);
    const host = await serve((_, response) => {
      response.writeHead(302, { location: `http://127.0.0.2:${port}/` }).end();
    });
    const guarded = transport({}, []);
    expect(await guarded.fetch(inward, 5_000)).toMatchObject({ cause: 'guarded' });
    expect(await guarded.fetch(`http://rebinding.example:${port}/`, 5_000)).toMatchObject({
      cause: 'guarded',
    });
    expect(await guarded.fetch('file:///etc/hostname', 5_000)).toMatchObject({ cause: 'guarded' });
    expect(await transport().fetch(host, 5_000)).toMatchObject({ cause: 'guarded' });
    const { outcome } = await guarded.send(get(inward, { guarded: true }), never);
    expect(outcome).toMatchObject({ kind: 'unanswered', cause: 'guarded' });
    expect(asked).toBe(0);
  });

  it('that does not come in time, or cannot be reached, is unanswered', async () => {
    const silent = await serve(() => {});
    expect(await transport().fetch(silent, 50)).toMatchObject({ cause: 'timeout' });
    expect(await transport().fetch('http://nowhere.example/a.png', 5_000)).toMatchObject({
      cause: 'unreachable',
    });
  });
});
