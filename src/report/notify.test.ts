import { describe, expect, test } from 'vitest';
import { sha256 } from '../adapters/sha256.ts';
import type { ReceiverName } from '../domain/delivery.ts';
import { aChange } from '../domain/told.fixture.ts';
import { type Change, messagesOf } from '../domain/told.ts';
import { bytesOf, pageUrl, shortened } from './letter.ts';
import { fitsReceiver, letterBody } from './notify.ts';

const AT = '2026-04-01T03:17:00.000Z';
const SITE = 'https://docs.example.com';

function bodiesOf(receiver: ReceiverName, changes: readonly Change[]): readonly object[] {
  return messagesOf(changes, AT, fitsReceiver(receiver, SITE), sha256).map((message) =>
    letterBody(receiver, { message, site: SITE, isAgain: false }),
  );
}

/** What would ring a whole channel, or lead somewhere else, if it were read. */
const LOUD = '<!channel> <@U123> @here <https://evil.example|click> <at id=all></at> & *b*';

/** As long as a text of a suite could be. */
const LONG = 'so it was said & written <b> '.repeat(2000);

const MANY = Array.from({ length: 300 }, (_, at) =>
  aChange({ page: `en/page-${at % 7}.mdx`, row: `row ${at}.`, because: 'it was so. '.repeat(20) }),
);

describe('a message for Slack', () => {
  test('has a heading for each page and a section for each change', () => {
    const changes = [aChange(), aChange({ row: 'masks' }), aChange({ page: 'cn/a.mdx' })];
    const [body, ...more] = bodiesOf('slack', changes) as readonly {
      readonly text: string;
      readonly blocks: readonly { readonly text: { readonly text: string } }[];
    }[];
    expect(more).toEqual([]);
    expect(body?.text).toBe('Assay: 3 words changed in 2 pages');
    expect(body?.blocks.map(({ text }) => text.text.split('\n')[0])).toEqual([
      'Assay: 3 words changed in 2 pages',
      '*<https://docs.example.com/en/a|en/a.mdx>*',
      'Status › edits',
      'Status › masks',
      '*<https://docs.example.com/cn/a|cn/a.mdx>*',
      'Status › edits',
    ]);
    expect(body?.blocks[2]).toEqual({
      type: 'section',
      text: {
        type: 'mrkdwn',
        verbatim: true,
        text: 'Status › edits\n`Beta` → `Verified`\na/edits on local: e-r1-1 (2026-03-30)\nevidence of 2026-03-30: e-r1-1',
      },
    });
  });

  test('rings nobody, and leads nowhere but to the page', () => {
    const loud = { row: LOUD, because: LOUD, from: LOUD, to: LOUD, under: LOUD, page: LOUD };
    const text = JSON.stringify(bodiesOf('slack', [aChange(loud)]));
    expect(text.match(/<[^>]*>/g)).toEqual([
      expect.stringMatching(/^<https:\/\/docs\.example\.com\/%3C!channel%3E[^|]*\|[^<>]*>$/),
    ]);
    expect(text).toContain('&lt;!channel&gt;');
  });

  test('is split where Slack would refuse it, and no change is lost', () => {
    const bodies = bodiesOf('slack', MANY) as readonly {
      readonly blocks: readonly { readonly text: { readonly text: string } }[];
    }[];
    expect(bodies.length).toBeGreaterThan(6);
    for (const { blocks } of bodies) {
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
    }
    const text = JSON.stringify(bodies);
    for (const { row } of MANY) expect(text.split(`› ${row}\\n`)).toHaveLength(2);
  });

  test('shortens what no section can hold, and says how much it has left out', () => {
    const long = {
      row: LONG,
      because: LONG,
      from: LONG,
      to: LONG,
      under: LONG,
      page: LONG,
      evidence: [LONG],
    };
    const [body] = bodiesOf('slack', [aChange(long)]) as readonly {
      readonly blocks: readonly { readonly text: { readonly text: string } }[];
    }[];
    for (const { text } of body?.blocks ?? []) expect(text.text.length).toBeLessThanOrEqual(3000);
    expect(body?.blocks[2]?.text.text).toMatch(/… \(\d{5} characters more\)/);
  });
});

describe('a message for Feishu', () => {
  test('is a post, with a link for each page', () => {
    const [body] = bodiesOf('feishu', [aChange()]);
    expect(body).toEqual({
      msg_type: 'post',
      content: {
        post: {
          en_us: {
            title: 'Assay: 1 word changed in 1 page',
            content: [
              [{ tag: 'a', text: 'en/a.mdx', href: 'https://docs.example.com/en/a' }],
              [{ tag: 'text', text: 'Status › edits' }],
              [{ tag: 'text', text: '`Beta` → `Verified`' }],
              [{ tag: 'text', text: 'a/edits on local: e-r1-1 (2026-03-30)' }],
              [{ tag: 'text', text: 'evidence of 2026-03-30: e-r1-1' }],
            ],
          },
        },
      },
    });
  });

  test('rings nobody', () => {
    const text = JSON.stringify(bodiesOf('feishu', [aChange({ row: LOUD, because: LOUD })]));
    expect(text).not.toMatch(/<at|"tag":"at"/);
  });

  test('is split where Feishu would refuse it, and no change is lost', () => {
    const bodies = bodiesOf('feishu', [
      ...MANY,
      aChange({ row: LONG, because: '因'.repeat(9999) }),
    ]);
    for (const body of bodies) expect(bytesOf(body)).toBeLessThanOrEqual(19_000);
    const text = JSON.stringify(bodies);
    for (const { row } of MANY) expect(text.split(`› ${row}"`)).toHaveLength(2);
  });
});

describe('a message in JSON', () => {
  test('has all of every change, however long', () => {
    const [body] = bodiesOf('json', [aChange({ because: LONG, row: LOUD })]);
    expect(body).toMatchObject({
      pages: [{ changes: [{ row: LOUD, because: LONG, evidence: ['e-r1-1'] }] }],
    });
  });
});

test.each([
  ['en/images/a.mdx', 'https://docs.example.com/en/images/a'],
  ['en/index.mdx', 'https://docs.example.com/en/'],
  ['a b/ü.md', 'https://docs.example.com/a%20b/%C3%BC'],
  ['', undefined],
])('the page %s stands at %s', (page, url) => {
  expect(pageUrl(page, SITE)).toBe(url);
});

test('a shortened text ends between two characters, never within one, and spells what would steer a screen', () => {
  expect(shortened('a😀😀😀', 4)).toBe('a😀 … (2 characters more)');
  expect(shortened('a\u001b[31m\u202eb', 99)).toBe('a\\u001b[31m\\u202eb');
});
