import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeImage } from '../image/write.ts';
import { type Desk, type RunDocument, aDesk } from './desk.fixture.ts';

const MIB = 1 << 20;
/** The most that a body may have (adapters/http.ts), and what may be under way beside it. */
const MOST_BODY_BYTES = 64 * MIB;
const SLACK_BYTES = 16 * MIB;

const IMAGE = Buffer.from(writeImage({ format: 'png', width: 1024, height: 1024 }));
const HALF = IMAGE.subarray(0, IMAGE.length >> 1);

/** One way to be hostile or broken, and the words by which a verdict names it. */
interface Hostile {
  readonly answer: (response: ServerResponse) => void;
  readonly verdict: 'fail' | 'inconclusive';
  readonly named: RegExp;
}

/** What a fetched address inside our network saw: it must stay 0. */
let inward = 0;
let flooded = 0;

const inwardServer = createServer((_, response) => {
  inward += 1;
  response.writeHead(200, { 'content-type': 'image/png' }).end(IMAGE);
});
const server = createServer((request, response) => {
  request.resume();
  const name = decodeURIComponent((request.url ?? '').slice(1));
  if (name === 'fine') json(response, { data: [{ b64_json: IMAGE.toString('base64') }] });
  else if (name === 'image.png') response.setHeader('content-type', 'image/png').end(IMAGE);
  else if (name === 'half.png') response.setHeader('content-type', 'image/png').end(HALF);
  else if (name === 'inward.png') redirect(response, inwardUrl());
  else if (name === 'loop.png') redirect(response, '/loop.png');
  else HOSTILE[name]?.answer(response);
});

const HOSTILE: Readonly<Record<string, Hostile>> = {
  'never answers': { answer: () => {}, verdict: 'inconclusive', named: /timeout: no answer/ },
  'stops in the middle': {
    answer: (response) => void response.writeHead(200).write('{"data":['),
    verdict: 'inconclusive',
    named: /timeout: no end of the answer/,
  },
  'sends without end': {
    answer: flood,
    verdict: 'inconclusive',
    named: /oversized: a body of more than 67108864 bytes/,
  },
  'announces more than the cap': {
    answer: (response) => void response.writeHead(200, { 'content-length': 9e9 }).write('{'),
    verdict: 'inconclusive',
    named: /oversized: a body of more than 67108864 bytes/,
  },
  'sends headers without end': {
    answer: (response) => void response.writeHead(200, { 'x-long': 'x'.repeat(70_000) }).end('{}'),
    verdict: 'inconclusive',
    named: /oversized/,
  },
  'hangs up': {
    answer: (response) => void response.socket?.resetAndDestroy(),
    verdict: 'inconclusive',
    named: /disconnected/,
  },
  'speaks no HTTP': {
    answer: (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.7\r\n'),
    verdict: 'inconclusive',
    named: /malformed/,
  },
  'answers HTML': {
    answer: (response) => html(response),
    verdict: 'inconclusive',
    named: /html: 200 with an HTML page/,
  },
  'cuts its JSON': {
    answer: (response) => json(response, `{"data":[{"b64_json":"${'A'.repeat(50)}`),
    verdict: 'fail',
    named: /JSON that breaks off/,
  },
  'answers JSON as text/html': {
    answer: (response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('{"data":[]}'),
    verdict: 'fail',
    named: /an image, no image/,
  },
  'says gzip and sends none': {
    answer: (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'),
    verdict: 'inconclusive',
    named: /malformed/,
  },
  'cuts its image': {
    answer: (response) => json(response, { data: [{ b64_json: HALF.toString('base64') }] }),
    verdict: 'fail',
    named: /it ends inside its IDAT chunk/,
  },
  'breaks its base64 into lines': {
    answer: (response) =>
      json(response, {
        data: [{ b64_json: IMAGE.toString('base64').replace(/.{76}/g, '$&\n') }],
      }),
    verdict: 'fail',
    named: /base64 with line breaks/,
  },
  'sends garbage for base64': {
    answer: (response) => json(response, { data: [{ b64_json: '%%%not-base64%%%' }] }),
    verdict: 'fail',
    named: /a whole image, no base64/,
  },
  'sends base64 of no image': {
    answer: (response) =>
      json(response, {
        data: [{ b64_json: Buffer.from('x'.repeat(999)).toString('base64') }],
      }),
    verdict: 'fail',
    named: /base64 of no image/,
  },
  'hosts an image inside our network': hosts(
    () => inwardUrl(),
    'inconclusive',
    /guarded: .*loopback/,
  ),
  'hosts an image at a redirect inwards': hosts(
    () => ownUrl('inward.png'),
    'inconclusive',
    /guarded: .*loopback/,
  ),
  'hosts an image at a redirect in circles': hosts(
    () => ownUrl('loop.png'),
    'inconclusive',
    /unfetched: .*redirects/,
  ),
  'hosts half an image': hosts(() => ownUrl('half.png'), 'fail', /it ends inside its IDAT chunk/),
  'redirects inwards': {
    answer: (response) => redirect(response, inwardUrl()),
    verdict: 'fail',
    named: /302/,
  },
};

let desk: Desk;
let document: RunDocument;
let code: number | null;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  inwardServer.listen(0, '127.0.0.2');
  await Promise.all([once(server, 'listening'), once(inwardServer, 'listening')]);
  desk = await aDesk({
    suites: { 'hostile.yaml': suite(Object.keys(HOSTILE)) },
    target: { baseUrl: ownUrl(''), timeout: '2s', concurrency: 2 },
  });
  ({ document, code } = await desk.run());
});
afterAll(async () => {
  for (const one of [server, inwardServer]) {
    one.closeAllConnections();
    one.close();
  }
  await desk.close();
});

describe('a server that', () => {
  test.each(Object.entries(HOSTILE))(
    '%s gets a verdict that names it',
    (name, { verdict, named }) => {
      const one = caseOf(name);
      const said =
        one?.verdict === 'fail'
          ? one.findings.map(({ expected, actual }) => `${expected}, ${actual}`).join('; ')
          : `${one?.cause}: ${one?.detail}`;
      expect(one?.verdict, said).toBe(verdict);
      expect(said).toMatch(named);
    },
  );

  test('behaves between hostile requests still passes its own claim', () => {
    expect(caseOf('fine')).toMatchObject({ verdict: 'pass', attempts: 1 });
    expect(document.cases).toHaveLength(Object.keys(HOSTILE).length + 1);
    expect(document.leftOut).toEqual([]);
    expect(code).toBe(1);
  });

  test('names an address inside our network never has it asked', () => {
    expect(inward).toBe(0);
  });

  test('sends without end is cut off at the cap', () => {
    expect(flooded).toBeGreaterThanOrEqual(MOST_BODY_BYTES);
    expect(flooded).toBeLessThan(MOST_BODY_BYTES + SLACK_BYTES);
  });
});

test('a run against an address that answers nothing but HTML says what the base URL looks wrong for', async () => {
  const away = await aDesk({
    suites: { 'hostile.yaml': suite(['answers HTML']) },
    target: { baseUrl: ownUrl('') },
  });
  const { code: exit, stdout } = await away.assay([
    'run',
    'hostile/answers-html',
    '--target',
    'local',
  ]);
  await away.close();
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('is the base URL that of the API?');
  expect(exit).toBe(3);
});

/** One claim for each name, in a suite whose other claim is fine. */
function suite(names: readonly string[]): string {
  const claims = [...names, 'fine'].map((name) => ({
    id: idOf(name),
    says: `A server that ${name} answers with an image`,
    request: { path: `/${encodeURIComponent(name)}` },
    expect: [{ image: { size: '1K' } }],
  }));
  return JSON.stringify({
    suite: 'hostile',
    requests: { ask: { path: '/', json: { prompt: 'a banana' } } },
    claims,
  });
}

function idOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function caseOf(name: string) {
  return document.cases.find(({ claim }) => claim === `hostile/${idOf(name)}`);
}

function ownUrl(path: string): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
}

function inwardUrl(): string {
  return `http://127.0.0.2:${(inwardServer.address() as AddressInfo).port}/a.png`;
}

function hosts(url: () => string, verdict: Hostile['verdict'], named: RegExp): Hostile {
  return { answer: (response) => json(response, { data: [{ url: url() }] }), verdict, named };
}

function json(response: ServerResponse, body: object | string): void {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}

function html(response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!doctype html><title>New API</title>');
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}

/** Sends until the other side goes away, and counts what it took: the first time only. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(MIB, ' ');
  const pour = (): void => {
    do flooded += chunk.length;
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', pour);
  pour();
}
