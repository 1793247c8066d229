import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import { type Said, startAssay } from './cli.fixture.ts';
import { type Desk, KEY, KEY_NAME, type RunDocument, aDesk } from './desk.fixture.ts';

/** What a hostile server answers to, and with. */
export interface Wire {
  readonly socket: Socket;
  /** An address of this server whose answer is the behaviour's `hosted`. */
  readonly hosted: string;
}

/** One way in which a server is hostile, and what a run must make of it. */
export interface Hostile {
  /** What it answers to a request. */
  readonly answer: (wire: Wire) => void | Promise<void>;
  /** What it answers to whoever fetches its hosted image. */
  readonly hosted?: (wire: Wire) => void;
  /** Of the claim; that the answer is `{"ok":true}`, unless it says otherwise. */
  readonly expect?: readonly object[];
  readonly timeout?: string;
  readonly exit: 0 | 1 | 3;
  /** In the verdict, the cause and its detail, or the findings. */
  readonly said: RegExp;
  /** The peak of resident memory, in MiB above a run against an honest server. */
  readonly mostMiB?: number;
}

/** What a run against one behaviour came to. */
export interface Met extends Said {
  readonly document: RunDocument;
  /** The verdict with its cause and detail, or its findings. */
  readonly told: string;
  readonly ms: number;
  /** Of the whole process's resident memory, in MiB. */
  readonly peakMiB: number;
}

/** A request as a hostile server saw it. */
interface Request {
  readonly name: string;
  readonly isHosted: boolean;
  readonly bearsKey: boolean;
}

const PEAK = new URL('./peak.fixture.ts', import.meta.url).href;

/**
 * What a large answer may take, in MiB: half as much again as was measured of the most that one took, since a peak counts
 * garbage as well, and when that is collected is not for us to say. Of 24 MiB that was 190, most of it garbage; of 60 MiB,
 * just under the cap of a body, 213: its text, the value it is parsed to, and what it came in.
 */
export const LARGE_MIB = { of24: 280, of60: 320 } as const;

/** A process that runs longer is killed: it would not have ended. */
const MOST_MS = 120_000;

/** A server that is hostile in the way that its path names, and what it was asked. */
export async function startHostile(
  behaviours: Readonly<Record<string, Pick<Hostile, 'answer' | 'hosted'>>>,
) {
  const requests: Request[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const head = /^(?:GET|POST|HEAD) \/(\S*)/.exec(bytes.subarray(0, 2000).toString('latin1'));
      if (head === null) return; // the rest of a request
      const [name = '', hosted] = (head[1] ?? '').split('/').map(decodeURIComponent);
      requests.push({ name, isHosted: hosted !== undefined, bearsKey: bytes.includes(KEY) });
      const behaviour = behaviours[name];
      const wire = { socket, hosted: `${origin}/${encodeURIComponent(name)}/hosted` };
      if (hosted === undefined) void behaviour?.answer(wire);
      else behaviour?.hosted?.(wire);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    /** What was asked of one behaviour. */
    requests: (name: string) => requests.filter((one) => one.name === name),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Runs one claim against one behaviour of the server at that origin in a process of its own. */
export async function meet(
  origin: string,
  name: string,
  { expect, timeout }: Hostile,
): Promise<Met & { readonly desk: Desk }> {
  const desk = await aDesk({
    suites: { 'hostile.yaml': suite(name, expect ?? [{ json: { at: '$.ok', equals: true } }]) },
    target: { baseUrl: origin, timeout: timeout ?? '30s' },
  });
  const peak = join(desk.folder, 'peak');
  const startedAt = performance.now();
  const args = ['run', '--target', 'production', '--format', 'json', ...desk.optionsOf('run')];
  const { child, said } = startAssay(args, {
    cwd: desk.folder,
    env: {
      [KEY_NAME]: KEY,
      NODE_OPTIONS: `--import=${PEAK}`,
      ASSAY_TEST_PEAK: peak,
    },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), MOST_MS);
  const ended = await said;
  clearTimeout(timer);
  const ms = performance.now() - startedAt;
  if (ended.stdout === '') {
    await desk.close();
    throw new Error(`exit ${ended.code} without a document: ${ended.stderr.slice(-2000)}`);
  }
  const document = JSON.parse(ended.stdout) as RunDocument;
  const peakMiB = Number(await readFile(peak, 'utf8')) / 1024;
  return { ...ended, document, told: told(document), ms, peakMiB, desk };
}

function suite(name: string, expect: readonly object[]): string {
  const request = { path: `/${encodeURIComponent(name)}`, json: { prompt: 'a banana' } };
  const claim = { id: 'meets', says: `A server that ${name} is met`, request, expect };
  return JSON.stringify({ suite: 'hostile', claims: [claim] });
}

function told({ cases }: RunDocument): string {
  return cases
    .map(({ verdict, cause, detail, findings }) =>
      verdict === 'inconclusive'
        ? `${cause}: ${detail}`
        : [verdict, ...findings.map(({ expected, actual }) => `${expected}, ${actual}`)].join('; '),
    )
    .join('; ');
}

/** A whole response, and the end of the connection, announced so that no request is sent into it. */
export function respond(
  body: string | Uint8Array,
  { status = '200 OK', headers = '' }: { readonly status?: string; readonly headers?: string } = {},
): (wire: Wire) => void {
  return ({ socket }) => {
    const bytes = Buffer.from(body);
    const typed = /content-type/i.test(headers) ? '' : 'Content-Type: application/json\r\n';
    const head = `HTTP/1.1 ${status}\r\n${typed}Content-Length: ${bytes.length}\r\nConnection: close\r\n${headers}\r\n`;
    socket.end(Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  };
}

/** These bytes and no more; the connection stays open. */
export function write(...pieces: readonly (string | Uint8Array)[]): (wire: Wire) => void {
  return ({ socket }) => {
    for (const piece of pieces) socket.write(Buffer.from(piece as string, 'latin1'));
  };
}

/** These bytes, and the end of the connection. */
export function writeAndEnd(bytes: string): (wire: Wire) => void {
  return ({ socket }) => socket.end(Buffer.from(bytes, 'latin1'));
}

/** These bytes, and then a piece over and over, as fast as it is taken, until the other side goes away. */
export function pour(
  head: string,
  piece: string | Uint8Array,
  times = Infinity,
): (wire: Wire) => void {
  return ({ socket }) => {
    socket.write(Buffer.from(head, 'latin1'));
    const bytes = Buffer.from(piece);
    let left = times;
    const go = (): void => {
      while (!socket.destroyed && left-- > 0) if (!socket.write(bytes)) return;
      if (!socket.destroyed) socket.end();
    };
    socket.on('drain', go);
    go();
  };
}

/** These bytes, and then the pieces, one each time so many milliseconds have passed. */
export function trickle(head: string, pieces: Iterable<string>, ms: number): (wire: Wire) => void {
  return ({ socket }) => {
    socket.write(head);
    const rest = pieces[Symbol.iterator]();
    const timer = setInterval(() => {
      const { done, value } = rest.next();
      if (done === true || socket.destroyed) {
        clearInterval(timer);
        socket.end();
      } else socket.write(value);
    }, ms);
    socket.on('close', () => clearInterval(timer));
  };
}

/** The same piece again and again. */
export function* endlessly(piece: string): Iterable<string> {
  for (;;) yield piece;
}
