import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { KEY_NAME, aDesk } from './desk.fixture.ts';
import { everythingAfter, leaks, ODD_KEY } from './leaks.fixture.ts';

const ACCESS_NAME = 'OWN_ACCESS_TOKEN';
const PLAIN_KEY = 'sk-PlainAsMostKeysAre0123456789abcdef';
const PLAIN_TOKEN = 'Q7f+ZkT0vW3/xPlainAccessToken9dLm2R=';
const ODD_TOKEN = ODD_KEY.replace('sk-', 'at_');

/** The last expectation fails on an echo, and its finding quotes it. */
const SUITE = `
suite: echoes
requests: { ask: { path: /v1/images/generations, json: { model: m, prompt: p } } }
cost: { usd: 0.05 }
claims:
  - id: works
    says: It works
    expect: [ { json: { at: $.echo, equals: nothing } } ]
  - id: works.charged
    says: It is charged once
    given: [ { status: 200 } ]
    expect: [ { charged: aligned } ]
`;

const RUN = ['run', '--target', 'production', '--format', 'json'];

/** Every verb that prints or keeps something of a charge. */
const VERBS: readonly (readonly string[])[] = [
  ['plan', '--target', 'production', '--format', 'json'],
  ['run', '--target', 'production'],
  RUN,
  ['run', '--target', 'production', '--format', 'csv'],
  ['explain', 'echoes'],
  ['status', '--format', 'json'],
  ['judge', '--format', 'json'],
];

/** How the endpoints that show a charge give secrets away; each quotes all that it has seen of them. */
type Manner = 'rows' | 'refusals' | 'errors' | 'pages' | 'broken';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const MANAGEMENT = { source: 'management', key: `env:${ACCESS_NAME}`, user: 1, token: 409 };

test.each([
  ['plain', PLAIN_KEY, PLAIN_TOKEN],
  ['full of characters that must be escaped', ODD_KEY, ODD_TOKEN],
])(
  'an access token and a key that are %s reach neither file nor screen from the rows of a log',
  async (_, key, accessToken) => {
    const { seen, quoted } = await seenWith('rows', MANAGEMENT, key, accessToken, VERBS);
    expect(quoted).toContain(accessToken);
    expect(seen).toContain('"upstreamModel":"Bearer [redacted] and Bearer [redacted]"');
    expect(leaks(seen, accessToken)).toEqual([]);
    expect(leaks(seen, key)).toEqual([]);
  },
  30_000,
);

test.each(['refusals', 'errors', 'pages', 'broken'] as const)(
  'an access token and a key reach neither file nor screen from %s',
  async (manner) => {
    const verbs = [RUN, ['explain', 'echoes']];
    const { seen, quoted } = await seenWith(manner, MANAGEMENT, ODD_KEY, ODD_TOKEN, verbs);
    expect(quoted).toContain(ODD_TOKEN);
    expect(leaks(seen, ODD_TOKEN)).toEqual([]);
    expect(leaks(seen, ODD_KEY)).toEqual([]);
  },
  30_000,
);

test.each(['rows', 'refusals', 'broken'] as const)(
  'a key that an older log takes in its address reaches neither file nor screen from %s',
  async (manner) => {
    const verbs = [RUN, ['explain', 'echoes']];
    const { seen, quoted } = await seenWith(manner, { source: 'token' }, ODD_KEY, '', verbs);
    expect(quoted).toContain(`?key=${ODD_KEY}`);
    expect(leaks(seen, ODD_KEY)).toEqual([]);
  },
  30_000,
);

/** All that is printed and kept of a gateway that gives its secrets away, and all that this gateway said. */
async function seenWith(
  manner: Manner,
  usage: object,
  key: string,
  accessToken: string,
  verbs: readonly (readonly string[])[],
) {
  const gateway = await aGateway(manner);
  closing.push(gateway.close);
  const target = { baseUrl: gateway.url, concurrency: 1, usage: { ...usage, within: '50ms' } };
  const desk = await aDesk({ suites: { 'echoes.yaml': SUITE }, target });
  closing.push(desk.close);
  const seen = await everythingAfter(desk, { [KEY_NAME]: key, [ACCESS_NAME]: accessToken }, verbs);
  expect(seen).toContain('[redacted]');
  return { seen, quoted: gateway.quoted() };
}

/** A gateway that quotes, wherever it can, the credentials and the addresses of all requests that it has seen. */
async function aGateway(manner: Manner) {
  const secrets = new Set<string>();
  const said: string[] = [];
  let spent = 0;
  const rows: object[] = [];
  const server = createServer((request, response) => {
    for (const secret of secretsOf(request)) secrets.add(secret);
    const quote = [...secrets].join(' and ');
    const path = (request.url ?? '').replace(/\?.*/, '');
    request.resume();
    const send = (status: number, body: unknown, type = 'application/json') => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      said.push(quote);
      response.writeHead(status, { 'content-type': type, 'x-echo': encodeURI(quote) }).end(text);
    };
    if (request.method === 'POST') {
      const id = `${spent}`;
      spent += 100;
      rows.unshift(rowOf(id, quote));
      response.setHeader('x-oneapi-request-id', id);
      send(200, { echo: quote, base64: Buffer.from(quote).toString('base64') });
    } else if (path === '/api/status') send(200, { success: true, data: {} });
    // What a build without the header form says; the key in the address is all that opens it.
    else if (path === '/api/log/token' && !request.url?.includes('?key='))
      send(200, { success: false, message: quote });
    else answer(manner, path, { quote, spent, rows }, response, send);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    quoted: () => said.join('\n'),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the gateway has to tell of a charge. */
interface Told {
  readonly quote: string;
  readonly spent: number;
  readonly rows: readonly object[];
}

function answer(
  manner: Manner,
  path: string,
  { quote, spent, rows }: Told,
  response: ServerResponse,
  send: (status: number, body: unknown, type?: string) => void,
): void {
  const isCounter = path === '/api/usage/token/';
  if (isCounter)
    send(200, {
      code: true,
      data: { total_used: spent, total_available: 0, unlimited_quota: false },
    });
  else if (manner === 'refusals') send(200, { success: false, message: quote, data: quote });
  else if (manner === 'errors') send(500, { error: { message: quote, code: quote } });
  else if (manner === 'pages') send(200, `<!doctype html><title>${quote}</title>`, 'text/html');
  else if (manner === 'broken') response.destroy();
  else if (path.includes('/log/')) send(200, { success: true, data: rows });
  else send(200, { success: true, data: { used_quota: spent, name: quote, key: quote } });
}

/** A row that gives secrets away in every text that is kept of it. */
function rowOf(id: string, quote: string): object {
  const other = JSON.stringify({ upstream_model_name: quote, group_ratio: 1 });
  return {
    type: 2,
    quota: 100,
    created_at: 1_800_000_000,
    model_name: quote,
    request_id: id,
    other,
  };
}

function secretsOf({ url = '', headers }: IncomingMessage): readonly string[] {
  const { authorization } = headers;
  return [
    ...(authorization === undefined ? [] : [authorization]),
    ...(url.includes('?key=') ? [url, decodeURIComponent(url)] : []),
  ];
}
