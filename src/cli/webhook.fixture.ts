import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ASSAY, type Said, type Started, startProgram } from './cli.fixture.ts';
import { type Desk, aDesk, textOf } from './desk.fixture.ts';
import { aServer } from './pages.fixture.ts';

/** For tests only: what a receiver does with a message that it has read. */
export type Answer = (response: ServerResponse) => void;

/** For tests only: the answers of receivers, as they are documented. */
export const answers = {
  slackOk: (response) => void response.end('ok'),
  slackRefuses: (response) => void response.writeHead(400).end('invalid_blocks'),
  feishuOk: (response) =>
    void response.end(
      '{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}',
    ),
  feishuRefuses: (response) => void response.end('{"code":9499,"msg":"Bad Request","data":{}}'),
  feishuThrottles: (response) => void response.end('{"code":11232,"msg":"frequency limited"}'),
  throttles: (response) => void response.writeHead(429, { 'retry-after': '1' }).end(),
  isAway: (response) => void response.writeHead(503).end('upstream is starting'),
  fails: (response) => void response.writeHead(500).end('rollup_error'),
  /** It has read the request, and dies before it answers. */
  dies: (response) => void response.socket?.destroy(),
} satisfies Readonly<Record<string, Answer>>;

/** For tests only: one message, as a receiver met it. */
interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** For tests only: a receiver on this machine that answers as it is told, and by default as Slack does. */
interface Webhook {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** Its answers to the next messages, in order. */
  readonly next: (...answers: readonly Answer[]) => void;
  readonly close: () => Promise<void>;
}

/** For tests only: starts one; its address ends in a secret, as those of Slack and Feishu do. */
async function aWebhook(): Promise<Webhook> {
  const posted: Posted[] = [];
  const queue: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      posted.push({ path: request.url ?? '', headers: request.headers, body });
      (queue.shift() ?? answers.slackOk)(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T0001/B0001/`,
    posted,
    next: (...more) => void queue.push(...more),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const SUITE = `
suite: small
page: { en: en/small.mdx, cn: cn/small.mdx }
documented: { as: open }
requests: { get: { method: GET, path: /good } }
claims:
  - { id: good, says: It works, fresh: 30d, expect: [ { json: { at: $.ok, equals: true } } ] }
tables:
  - under: Status
    key: Feature
    owns: State
    from: [local]
    words: { holds: Verified, stale: Stale, else: Beta }
    rows:
      - { row: plain, needs: [good] }
      - row: decided
        needs: [good]
        override: { word: Preview, by: Ada, on: 2026-04-01, until: 2026-04-10, why: the fix is on its way }
      - { row: price, leave: A person's word }
`;

/** For tests only: days on which the words differ: two words hold; a person decides one, and his time is over; both are stale. */
export const DAYS = {
  holds: '2026-03-31',
  decided: '2026-04-05',
  over: '2026-04-15',
  stale: '2026-06-01',
};

/** For tests only: a desk with two words in each of two pages that change with the clock, and a receiver. */
export interface Post {
  readonly desk: Desk;
  readonly webhook: Webhook;
  /** Runs `notify` as of a day; nothing that it says or keeps may hold the secret of its receiver. `to` is a name for the receiver's address. */
  readonly notify: (to: string, day: string, ...args: readonly string[]) => Promise<Said>;
  /** The same, for tests that interrupt it. */
  readonly start: (to: string, day: string) => Started;
  /** The same, killed at one of its writes (kill.fixture.ts). */
  readonly killed: (at: string, to: string, day: string) => Promise<Said>;
  /** The ids of the changes that came to an address, in order. */
  readonly changesTo: (to: string) => readonly string[];
  readonly close: () => Promise<void>;
}

const KILL = join(import.meta.dirname, 'kill.fixture.ts');

/** For tests only: what stands in the variable of that name. */
export const SIGNING_SECRET = 'theSigningSecretOfABot';

/** For tests only: the end of an address, which nobody else may learn. */
export const secretOf = (to: string): string => `secretTokenOfTheWebhook-${to}`;

/** For tests only: sets up such a desk, with one run. */
export async function aPost(): Promise<Post> {
  const server = await aServer();
  const desk = await aDesk({ suites: { 'small.yaml': SUITE }, target: server.target });
  const webhook = await aWebhook();
  const ran = await desk.assay(['run', '--target', 'local', '--now', '2026-03-30']);
  expect(ran.code).toBe(0);

  function start(
    to: string,
    day: string,
    args: readonly string[],
    { killAt }: { readonly killAt?: string } = {},
  ): Started {
    const own = ['notify', '--to', 'json', '--url', 'env:HOOK', '--allow-private', '--now', day];
    const asked = args.includes('--to') ? [...own.toSpliced(1, 2), ...args] : [...own, ...args];
    const before = killAt === undefined ? [] : ['--import', KILL];
    const env = { HOOK: webhook.url + secretOf(to), SIGNING_SECRET, ASSAY_KILL_AT: killAt ?? '' };
    const { child, said } = startProgram(
      process.execPath,
      [...before, ASSAY, ...asked, ...desk.optionsOf('notify')],
      { cwd: desk.folder, env },
    );
    return { child, said: said.then((all) => withoutSecrets(all, to, desk)) };
  }

  return {
    desk,
    webhook,
    start: (to, day) => start(to, day, []),
    notify: (to, day, ...args) => start(to, day, args).said,
    killed: (killAt, to, day) => start(to, day, [], { killAt }).said,
    changesTo: (to) =>
      webhook.posted
        .filter(({ path }) => path.endsWith(secretOf(to)))
        .flatMap(({ body }) => changesIn(body).map(({ id }) => id)),
    async close() {
      await Promise.all([desk.close(), server.close(), webhook.close()]);
    },
  };
}

async function withoutSecrets(said: Said, to: string, desk: Desk): Promise<Said> {
  const all = said.stdout + said.stderr + (await textOf(join(desk.folder, 'told')));
  for (const secret of [secretOf(to), SIGNING_SECRET]) expect(all).not.toContain(secret);
  return said;
}

/** For tests only: one change as `json` has it. */
interface Changed {
  readonly id: string;
  readonly row: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
  readonly evidence: readonly string[];
}

/** For tests only: the changes in a body, or a message of `notify --format json`. */
export function changesIn(body: unknown): readonly Changed[] {
  const { pages } = body as {
    readonly pages: readonly { readonly page: string; readonly changes: readonly Changed[] }[];
  };
  return pages.flatMap(({ changes }) => changes);
}
