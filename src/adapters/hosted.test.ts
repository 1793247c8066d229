import { type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { writeImage } from '../image/write.ts';
import { makeTransport } from './http.ts';
import {
  cleanup,
  closeAll,
  get,
  makeHash,
  never,
  serve,
  sha256,
  transport,
} from './loopback.fixture.ts';

const answer =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };

afterEach(closeAll);

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

  it('is not read from this machine because a redirect says so', async () => {
    const url = await serve((_, response) => {
      response.writeHead(302, { location: 'file:///etc/hostname' }).end();
    });
    expect(await transport().fetch(url, 5_000)).toMatchObject({ cause: 'guarded' });
  });

  it('is not fetched if the socket has come to another address than the one that was checked', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end(png);
    });
    const made = makeTransport({
      connections: 1,
      makeHash,
      guard: {
        urlProblem: () => undefined,
        resolve: async () => ({ address: '127.0.0.1', family: 4 }),
        addressProblem: (address) => `${address} is loopback`,
      },
    });
    cleanup.push(() => made.close());
    expect(await made.fetch(url, 5_000)).toMatchObject({
      cause: 'guarded',
      detail: '127.0.0.1 is loopback',
    });
    expect(asked).toBe(0);
  });
});
