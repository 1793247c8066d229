import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import type { Outgoing, Sha256 } from '../engine/ports.ts';
import type { MakeHash } from '../image/payload.ts';
import { makeGuard } from './guard.ts';
import { type Caps, makeTransport } from './http.ts';

/** The SHA-256 of the tests. */
export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest('hex');
/** The same of bytes that arrive in pieces. */
export const makeHash: MakeHash = () => {
  const begun = createHash('sha256');
  return { add: (piece) => void begun.update(piece), hex: () => begun.digest('hex') };
};
/** A signal that nobody aborts. */
export const never = new AbortController().signal;
/** What closes when a test is over. */
export const cleanup: (() => Promise<void>)[] = [];

/** Closes all that a test has opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(cleanup.splice(0).map((close) => close()));
}

/** A server of HTTP, and its address. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await listen(server);
  cleanup.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that writes these bytes, whatever it is asked, and then does with the socket what it is told. */
export async function serveRaw(head: string, then: (socket: Socket) => void): Promise<string> {
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

/** Listens on a free port of this machine. */
export function listen(server: Server | TcpServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** A transport that may reach these hosts only. */
export function transport(
  caps: Partial<Caps> = {},
  exemptHosts: readonly string[] = ['127.0.0.1'],
  connections = 4,
) {
  const guard = makeGuard({
    exemptHosts,
    lookup: (hostname) =>
      hostname === 'rebinding.example'
        ? Promise.resolve([{ address: '127.0.0.1', family: 4 }])
        : Promise.reject(Object.assign(new Error(`ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })),
  });
  const made = makeTransport({ connections, guard, makeHash, caps });
  cleanup.push(() => made.close());
  return made;
}

/** A GET as it goes out. */
export function get(url: string, over: Partial<Outgoing> = {}): Outgoing {
  return { method: 'GET', url, headers: {}, timeoutMs: 5_000, guarded: false, ...over };
}
