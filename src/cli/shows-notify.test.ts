import { createHmac } from 'node:crypto';
import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assay } from './cli.fixture.ts';
import { textOf } from './desk.fixture.ts';
import {
  type Post,
  answers,
  aPost,
  changesIn,
  DAYS,
  secretOf,
  SIGNING_SECRET,
} from './webhook.fixture.ts';

const HTTPS = { HOOK: 'https://a.example/s' };

let post: Post;
beforeAll(async () => {
  post = await aPost();
});
afterAll(() => post.close());

/** The messages of `--format json`, each with what came of it and its changes. */
function messagesIn(stdout: string) {
  const { messages } = JSON.parse(stdout) as {
    readonly messages: readonly { readonly came: string; readonly again: boolean }[];
  };
  return messages.map((message) => ({ ...message, changes: changesIn(message) }));
}

/** A receiver that knows the words of the first day. */
async function known(to: string): Promise<void> {
  expect((await post.notify(to, DAYS.holds)).code).toBe(0);
}

describe('a change of a word', () => {
  test('is none the first time: all words are taken as known', async () => {
    const { code, stdout } = await post.notify('first', DAYS.holds);
    expect([code, post.changesTo('first')]).toEqual([0, []]);
    expect(stdout).toContain('4 words are taken as known; from now on changes are told');
  });

  test('is told once, page by page, with its reason, evidence and where it can be read', async () => {
    await known('once');
    const site = ['--pages-url', 'https://docs.example.com/'];
    const { code, stdout } = await post.notify('once', DAYS.decided, ...site);
    expect([code, stdout.includes('2 changes told in 1 message')]).toEqual([0, true]);
    const [posted, ...more] = post.webhook.posted.filter(({ path }) =>
      path.endsWith(secretOf('once')),
    );
    expect(more).toEqual([]);
    expect(posted?.body).toMatchObject({
      schema: 'assay.told.v1',
      again: false,
      pages: [
        {
          page: 'en/small.mdx',
          locale: 'en',
          url: 'https://docs.example.com/en/small',
          changes: [
            {
              under: 'Status',
              row: 'decided',
              from: 'Verified',
              to: 'Preview',
              targets: ['local'],
            },
          ],
        },
        { page: 'cn/small.mdx', locale: 'cn', changes: [{ row: 'decided' }] },
      ],
    });
    const [change] = changesIn(posted?.body);
    expect(change?.because).toContain('override by Ada until 2026-04-10: the fix is on its way');
    expect(change?.evidence).toHaveLength(1);
    expect(posted?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);

    const again = await post.notify('once', DAYS.decided, ...site);
    expect([again.code, again.stdout]).toEqual([0, 'no word has changed since it was last told\n']);
    expect(post.changesTo('once')).toHaveLength(2);
  });

  test('is said to follow from a decision whose time is over', async () => {
    await post.notify('over', DAYS.decided);
    await post.notify('over', DAYS.over);
    const posted = post.webhook.posted.find(({ path }) => path.endsWith(secretOf('over')));
    expect(changesIn(posted?.body)[0]).toMatchObject({ from: 'Preview', to: 'Verified' });
    expect(changesIn(posted?.body)[0]?.because).toContain(
      'the override by Ada has expired on 2026-04-10',
    );
  });

  test('to and fro is told each time', async () => {
    await known('flips');
    for (const day of [DAYS.stale, DAYS.holds, DAYS.stale]) await post.notify('flips', day);
    const ids = post.changesTo('flips');
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
  });

  test('is not what an empty ledger says of a proven row', async () => {
    await known('empty');
    const own = [
      'notify',
      '--to',
      'json',
      '--url',
      'env:HOOK',
      '--allow-private',
      '--now',
      DAYS.holds,
    ];
    const options = post.desk.optionsOf('notify').slice(0, -1);
    const said = await assay([...own, ...options, join(post.desk.folder, 'elsewhere')], {
      cwd: post.desk.folder,
      env: { HOOK: post.webhook.url + secretOf('empty') },
    });
    expect([said.code, post.changesTo('empty')]).toEqual([0, []]);
    expect(said.stdout).toContain('4 words left as they are: no live run has decided');
  });
});

describe('each change arrives exactly once', () => {
  test.each([
    ['json', 'a refusal', answers.slackRefuses],
    ['slack', 'invalid_blocks', answers.slackRefuses],
    ['feishu', '200 with a code', answers.feishuRefuses],
  ] as const)('to %s, after %s it is sent again the next time', async (to, _, refusal) => {
    const name = `refused-${to}`;
    const ok = to === 'feishu' ? answers.feishuOk : answers.slackOk;
    await known(name);
    post.webhook.next(refusal);
    const refused = await post.notify(name, DAYS.decided, '--to', to);
    expect([refused.code, refused.stderr.includes('not told: answered')]).toEqual([3, true]);
    post.webhook.next(ok);
    const told = await post.notify(name, DAYS.decided, '--to', to);
    expect([told.code, told.stdout.includes('2 changes told')]).toEqual([0, true]);
    const keys = post.webhook.posted
      .filter(({ path }) => path.endsWith(secretOf(name)))
      .map(({ headers }) => headers['idempotency-key']);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect((await post.notify(name, DAYS.decided, '--to', to)).code).toBe(0);
  });

  test.each([
    ['json', [answers.throttles, answers.slackOk]],
    ['slack', [answers.isAway, answers.isAway, answers.slackOk]],
    ['feishu', [answers.feishuThrottles, answers.feishuOk]],
  ] as const)('to %s, which was busy, at another try', async (to, way) => {
    const name = `busy-${to}`;
    await known(name);
    post.webhook.next(...way);
    const { code, stdout } = await post.notify(name, DAYS.decided, '--to', to);
    expect([code, stdout.includes('2 changes told in 1 message')]).toEqual([0, true]);
  });

  test('where a receiver stays busy, it is told next time', async () => {
    await known('stays');
    post.webhook.next(answers.isAway, answers.isAway, answers.isAway);
    const { code, stderr } = await post.notify('stays', DAYS.decided);
    expect([code, stderr.includes('not told: answered 503')]).toEqual([3, true]);
    expect((await post.notify('stays', DAYS.decided)).stdout).toContain('2 changes told');
  });

  test.each([
    ['dies', answers.dies],
    ['fails', answers.fails],
  ] as const)(
    'or is named as doubtful, where the receiver %s, until a person says more',
    async (name, answer) => {
      await known(name);
      post.webhook.next(answer);
      const first = await post.notify(name, DAYS.decided);
      expect([first.code, first.stderr.includes('nobody knows whether')]).toEqual([3, true]);
      const second = await post.notify(name, DAYS.decided);
      expect([second.code, second.stderr.includes('nobody knows whether')]).toEqual([3, true]);
      expect(post.changesTo(name)).toHaveLength(2);

      const again = await post.notify(name, DAYS.decided, '--again', '--format', 'json');
      expect([again.code, messagesIn(again.stdout)[0]]).toMatchObject([
        0,
        { came: 'told', again: true },
      ]);
      const ids = post.changesTo(name);
      expect(ids.slice(2)).toEqual(ids.slice(0, 2));
      expect((await post.notify(name, DAYS.decided)).code).toBe(0);
    },
  );

  test('or is taken as told, where a person has seen it', async () => {
    await known('seen');
    post.webhook.next(answers.dies);
    await post.notify('seen', DAYS.decided);
    const open = await post.notify('seen', DAYS.decided, '--dry-run');
    expect([open.code, open.stdout]).toEqual([
      3,
      'no other word has changed since it was last told\n',
    ]);
    const { code, stdout } = await post.notify('seen', DAYS.decided, '--arrived');
    expect([code, post.changesTo('seen').length]).toEqual([0, 2]);
    expect(stdout).toContain('2 changes are taken as told: somebody has looked');
    expect((await post.notify('seen', DAYS.decided)).code).toBe(0);
  });

  test('also where nobody listens at first', async () => {
    const { url } = post.webhook;
    const nobody = url.replace(/:\d+/, ':1');
    const env = { HOOK: nobody + secretOf('away') };
    const around = { cwd: post.desk.folder, env };
    const own = ['notify', '--to', 'slack', '--url', 'env:HOOK', '--allow-private', '--now'];
    const notify = (day: string) => [...own, day, ...post.desk.optionsOf('notify')];
    await assay(notify(DAYS.holds), around);
    for (const _ of [1, 2]) {
      const { code, stderr } = await assay(notify(DAYS.decided), around);
      expect([code, stderr.includes('not told: '), stderr.includes('ECONNREFUSED')]).toEqual([
        3,
        true,
        true,
      ]);
      expect(stderr).not.toContain('nobody knows');
    }
  });

  /** Writes of a run that tells one message: its intent, and what came of it. */
  test.each(['1:0:0', '1:0.5:0', '1:1:-1', '1:1:0', '2:0:0', '2:0.5:0', '2:1:-1', '2:1:0'])(
    'over a kill at write %s, or is named as doubtful',
    async (at) => {
      const name = `killed-${at.replaceAll(/[:.]/g, '-')}`;
      await known(name);
      expect((await post.killed(at, name, DAYS.decided)).code).toBeNull();
      const before = post.changesTo(name).length;
      expect(before).toBe(at.startsWith('1') ? 0 : 2);

      const after = await post.notify(name, DAYS.decided);
      const isDoubtful = after.stderr.includes('nobody knows whether');
      expect(after.code).toBe(isDoubtful ? 3 : 0);
      expect([isDoubtful, post.changesTo(name).length]).toEqual(
        at === '2:1:0' || (at.startsWith('1:') && at !== '1:1:0') ? [false, 2] : [true, before],
      );
      await post.notify(name, DAYS.decided);
      expect(post.changesTo(name).length).toBeLessThanOrEqual(2);
    },
  );
});

describe('notify', () => {
  test('shows what it would tell, and neither sends nor remembers it', async () => {
    await known('dry');
    const before = await textOf(join(post.desk.folder, 'told'));
    const { code, stdout } = await post.notify('dry', DAYS.decided, '--dry-run');
    expect([code, stdout]).toMatchObject([
      0,
      expect.stringContaining('decided: Verified → Preview'),
    ]);
    expect(stdout).toContain('2 changes would be told in 1 message');
    expect(post.changesTo('dry')).toEqual([]);
    expect(await textOf(join(post.desk.folder, 'told'))).toBe(before);
  });

  test('sends nothing to where a receiver redirects', async () => {
    await known('moved');
    const target = post.webhook.url + secretOf('moved-to');
    post.webhook.next((response) => void response.writeHead(302, { location: target }).end());
    const { code, stderr } = await post.notify('moved', DAYS.decided);
    expect([code, stderr.includes('redirects are not followed')]).toEqual([3, true]);
    expect(post.changesTo('moved-to')).toEqual([]);
  });

  test('says what a receiver says of it, but not the address in it', async () => {
    await known('echo');
    post.webhook.next(
      (response) =>
        void response.writeHead(404).end(`no hook at ${post.webhook.url}${secretOf('echo')}`),
    );
    const { code, stderr } = await post.notify('echo', DAYS.decided);
    expect([code, stderr.includes('answered 404: no hook at [redacted]')]).toEqual([3, true]);
  });

  test('says no part of the address either, where that is cut', async () => {
    await known('cut');
    const { url } = post.webhook;
    const answer = `${'x'.repeat(170 - url.length)} ${url}${secretOf('cut')}`;
    post.webhook.next((response) => void response.writeHead(500).end(answer));
    const { code, stdout, stderr } = await post.notify('cut', DAYS.decided);
    expect([code, stderr.includes('answered 500: xxx')]).toEqual([3, true]);
    const kept = await textOf(join(post.desk.folder, 'told'));
    expect(stdout + stderr + kept).not.toContain(secretOf('').slice(0, 12));
  });

  test('waits for nobody: while one tells a receiver, another says so', async () => {
    await known('busy');
    const met = Promise.withResolvers<() => void>();
    post.webhook.next((response) => met.resolve(() => void response.end('ok')));
    const first = post.notify('busy', DAYS.decided);
    const answer = await met.promise;
    const second = await post.notify('busy', DAYS.decided);
    answer();
    expect([second.code, second.stderr.includes('another assay notify')]).toEqual([3, true]);
    expect([(await first).code, post.changesTo('busy').length]).toEqual([0, 2]);
  });

  test('goes on behind a line that a crash has cut, and tells nothing where another cannot be read', async () => {
    await known('torn');
    const told = join(post.desk.folder, 'told');
    const files = await readdir(told);
    await known('torn-2');
    const [file = ''] = (await readdir(told)).filter((one) => !files.includes(one));
    await appendFile(join(told, file), '{"kind":"intent","at":"20');
    const cut = await post.notify('torn-2', DAYS.decided);
    expect([cut.code, cut.stderr.includes('the last line is cut')]).toEqual([0, true]);
    await appendFile(join(told, file), 'no line\n');
    const broken = await post.notify('torn-2', DAYS.holds);
    expect([broken.code, broken.stderr.includes('this line cannot be read')]).toEqual([3, true]);
    expect(post.changesTo('torn-2')).toHaveLength(2);
  });

  test('signs what goes to Feishu as its bots ask for, and keeps that secret, too', async () => {
    await known('signed');
    post.webhook.next(
      (response) => void response.end(`{"code":19021,"msg":"no match: ${SIGNING_SECRET}"}`),
    );
    const sign = ['--to', 'feishu', '--sign', 'env:SIGNING_SECRET'];
    const { code, stderr } = await post.notify('signed', DAYS.decided, ...sign);
    expect([code, stderr.includes('no match: [redacted]')]).toEqual([3, true]);
    const posted = post.webhook.posted.find(({ path }) => path.endsWith(secretOf('signed')));
    const body = posted?.body as { readonly timestamp: string; readonly sign: string } | undefined;
    const hmac = createHmac('sha256', `${body?.timestamp}\n${SIGNING_SECRET}`);
    expect(body?.sign).toBe(hmac.digest('base64'));
  });

  test('that is interrupted says that a message is in doubt, and sends no more', async () => {
    await known('ended');
    const met = Promise.withResolvers<void>();
    post.webhook.next(() => met.resolve());
    const { child, said } = post.start('ended', DAYS.decided);
    await met.promise;
    child.kill('SIGINT');
    const { code, stderr } = await said;
    expect([code, stderr.includes('nobody knows whether')]).toEqual([130, true]);
    expect((await post.notify('ended', DAYS.decided)).code).toBe(3);
    expect(post.changesTo('ended')).toHaveLength(2);
  });

  test.each([
    [['--to', 'slack'], {}, 'notify needs --to RECEIVER and --url env:NAME'],
    [['--to', 'teams', '--url', 'env:HOOK'], {}, '--to takes slack, feishu or json'],
    [['--to', 'slack', '--url', 'env:HOOK', '--sign', 'env:S'], HTTPS, '--sign is for --to feishu'],
    [
      ['--to', 'feishu', '--url', 'env:HOOK', '--sign', 'env:S'],
      HTTPS,
      'is read from S, which is not',
    ],
    [
      ['--to', 'slack', '--url', 'https://hooks.slack.com/services/T/B/s'],
      {},
      '--url takes env:NAME',
    ],
    [['--to', 'slack', '--url', 'env:HOOK'], {}, 'the webhook is read from HOOK, which is not set'],
    [['--to', 'slack', '--url', 'env:HOOK'], { HOOK: 'hooks' }, 'is no address of a webhook'],
    [['--to', 'slack', '--url', 'env:HOOK'], { HOOK: 'http://a.example/s' }, 'is http'],
    [['--to', 'slack', '--url', 'env:HOOK'], { HOOK: 'https://127.1/s' }, '127.0.0.1 is loopback'],
    [
      ['--to', 'slack', '--url', 'env:HOOK'],
      { HOOK: 'https://a:b@a.example/s' },
      'holds a user or a password',
    ],
    [
      ['--to', 'slack', '--url', 'env:HOOK', '--again', '--arrived'],
      { HOOK: 'https://a.example/s' },
      'the opposite',
    ],
  ])('refuses %j with %j', async (args, env, message) => {
    const { code, stderr } = await assay(['notify', ...args, ...post.desk.optionsOf('notify')], {
      cwd: post.desk.folder,
      env,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain('hooks.slack.com');
  });
});
