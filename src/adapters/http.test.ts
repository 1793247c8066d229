import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/exchange.ts';
import type { Outgoing } from '../engine/ports.ts';
import { writeImage } from '../image/write.ts';
import { type Caps } from './http.ts';
import {
  cleanup,
  closeAll,
  get,
  listen,
  never,
  serve,
  serveRaw,
  transport,
} from './loopback.fixture.ts';

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

afterEach(closeAll);

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

  it('malformed: a header that cannot be sent never throws, and the next request goes out', async () => {
    const url = await serve(answer('{}'));
    const one = transport({}, [], 1);
    const bad = { 'x-bad': 'a\nb', connection: 'a b', expect: '100-continue' };
    for (const [name, value] of Object.entries(bad)) {
      const { outcome } = await one.send(get(url, { headers: { [name]: value } }), never);
      expect(outcome).toMatchObject({ kind: 'unanswered', cause: 'malformed' });
      const next = await one.send(get(url, { timeoutMs: 1000 }), never);
      expect(next.outcome).toMatchObject({ kind: 'answered', status: 200 });
    }
  });

  it('an early hint is no answer: the status that follows is', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
    const url = await serveRaw(
      `${hint}HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}`,
      (socket) => socket.end(),
    );
    expect(await outcomeFrom(url)).toMatchObject({
      kind: 'answered',
      status: 201,
      body: { text: '{}' },
    });
    const silent = await serveRaw(hint, () => {});
    expect(await outcomeFrom(silent, {}, { timeoutMs: 50 })).toMatchObject({
      detail: 'no answer within 50 ms',
    });
  });

  it('timeout: one that waited for a connection until its time was over is never sent', async () => {
    const seen: string[] = [];
    const waiting: ServerResponse[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url ?? '');
      if (request.url === '/first') waiting.push(response);
      else response.end('{}');
    });
    const made = transport({}, ['127.0.0.1'], 1);
    const first = made.send(get(`${url}/first`), never);
    expect((await made.send(get(`${url}/late`, { timeoutMs: 50 }), never)).outcome).toMatchObject({
      cause: 'timeout',
    });
    for (const response of waiting) response.end('{}');
    expect((await first).outcome).toMatchObject({ kind: 'answered' });
    expect((await made.send(get(`${url}/next`), never)).outcome).toMatchObject({
      kind: 'answered',
    });
    expect(seen).toEqual(['/first', '/next']);
  });
});
