import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { makeGuard } from './guard.ts';
import type { Address, Guard, Lookup } from './guard.ts';

function lookupTo(...addresses: readonly string[]): Lookup {
  return () =>
    Promise.resolve(
      addresses.map((address): Address => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function listen(server: Server): Promise<number> {
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** How a client uses the guard: one look-up, a connection to the checked address, a last look at the socket. */
function agentOf(guarding: Guard, connect = buildConnector({})): Agent {
  async function socketTo(options: buildConnector.Options) {
    const found = await guarding.resolve(options.hostname);
    if ('refused' in found) throw new Error(found.refused);
    const socket = await new Promise<Socket>((resolved, rejected) => {
      connect({ ...options, hostname: found.address }, (...[error, made]) => {
        if (error) rejected(error);
        else resolved(made);
      });
    });
    const problem = guarding.addressProblem(socket.remoteAddress, options.hostname);
    if (problem === undefined) return socket;
    socket.destroy();
    throw new Error(problem);
  }
  const agent = new Agent({
    connect(options, connected) {
      void socketTo(options).then(
        (socket) => connected(null, socket),
        (error: Error) => connected(error, null),
      );
    },
  });
  closing.push(() => agent.close());
  return agent;
}

test('a client connects to the checked address of an exempt host, looks it up once, and keeps the Host', async () => {
  const hosts: (string | undefined)[] = [];
  const port = await listen(
    createServer(({ headers }, response) => {
      hosts.push(headers.host);
      response.end('ok');
    }),
  );
  const looked: string[] = [];
  const lookup: Lookup = (hostname) => {
    looked.push(hostname);
    return lookupTo('127.0.0.1')(hostname);
  };
  const dispatcher = agentOf(makeGuard({ exemptHosts: ['media.test'], lookup }));
  const { body } = await request(`http://media.test:${port}/`, { dispatcher });
  expect(await body.text()).toBe('ok');
  expect([hosts, looked]).toEqual([[`media.test:${port}`], ['media.test']]);
});

test('the name stays in the TLS greeting when the connection goes to its address', async () => {
  let greeting = '';
  const port = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        greeting = bytes.toString('latin1');
        socket.destroy();
      });
    }),
  );
  const dispatcher = agentOf(
    makeGuard({ exemptHosts: ['media.test'], lookup: lookupTo('127.0.0.1') }),
  );
  await expect(request(`https://media.test:${port}/`, { dispatcher })).rejects.toThrow();
  expect(greeting).toContain('media.test');
});

test('nothing connects to a loopback address, however it is spelled, or looked up', async () => {
  const hosts = [
    '127.0.0.1',
    '127.9.9.9',
    '0x7f.1',
    '2130706433',
    '017700000001',
    '0',
    'localhost',
  ];
  hosts.push('[::1]', '[::]', '[::ffff:127.0.0.1]', 'evil.test');
  let connections = 0;
  const server = createServer((_, response) => response.end('reached'));
  server.on('connection', () => connections++);
  const port = await listen(server);
  const dispatcher = agentOf(makeGuard({ exemptHosts: [], lookup: lookupTo('127.0.0.1') }));
  for (const host of hosts) {
    await expect(request(`http://${host}:${port}/`, { dispatcher })).rejects.toThrow(/ is /);
  }
  expect(connections).toBe(0);
});

test('a connection that ends elsewhere than it was sent is dropped before a byte is written', async () => {
  let requests = 0;
  const port = await listen(
    createServer((_, response) => {
      requests++;
      response.end('reached');
    }),
  );
  const connect = buildConnector({});
  const astray: typeof connect = (options, callback) =>
    connect({ ...options, hostname: '127.0.0.1' }, callback);
  const dispatcher = agentOf(makeGuard({ exemptHosts: [], lookup: lookupTo('8.8.8.8') }), astray);
  await expect(request(`http://evil.test:${port}/`, { dispatcher })).rejects.toThrow(
    '127.0.0.1 is loopback',
  );
  expect(requests).toBe(0);
});
