import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, never } from '../loopback.fixture.ts';
import {
  type Asked,
  gateway,
  honest,
  KEY,
  logRow,
  ok,
  type Reply,
  sourceAt,
} from './gateway.fixture.ts';
import { CACHE_MS } from './token.ts';

afterEach(closeAll);

const LOG = '/api/log/token';
const usage = (total_used: number, total_available: number, unlimited_quota: boolean): Reply => ({
  body: { code: true, message: 'ok', data: { total_used, total_available, unlimited_quota } },
});

describe('what a limited key has used', () => {
  it('is told by what it has left, which a cache keeps fresh', async () => {
    const { url, now } = await gateway({ '/api/usage/token/': usage(100, 900, false) });
    const source = sourceAt(url, 'token');
    expect(source.staleMs).toBe(CACHE_MS);
    expect(await source.counter(never)).toEqual({
      kind: 'read',
      value: { spent: 100, isUnlimited: false },
    });
    expect(source.staleMs).toBe(0);
    now.replies = { '/api/usage/token/': usage(100, -50, false) };
    expect(await source.counter(never)).toMatchObject({ value: { spent: 1050 } });
  });

  it('is what it says of a key without a limit, up to a minute late', async () => {
    const { url } = await gateway({ '/api/usage/token/': usage(100, -900, true) });
    const source = sourceAt(url, 'token');
    expect(await source.counter(never)).toEqual({
      kind: 'read',
      value: { spent: 100, isUnlimited: true },
    });
    expect(source.staleMs).toBe(CACHE_MS);
  });

  it.each([
    { total_used: -1, total_available: 1 },
    { total_used: 1.5, total_available: 1 },
    { total_used: '1', total_available: 1 },
    { total_used: 1, total_available: null },
    { total_used: 1, total_available: 1e300 },
    { total_used: 2 ** 53 - 1, total_available: 1 },
    { total_used: 1, total_available: 1, unlimited_quota: 'no' },
  ])('is not read from %j', async (data) => {
    const { url } = await gateway({ '/api/usage/token/': { body: { code: true, data } } });
    expect(await sourceAt(url, 'token').counter(never)).toMatchObject({ cause: 'malformed' });
  });

  it('is asked for with the key as bearer', async () => {
    const { url, seen } = await gateway(honest());
    await sourceAt(url, 'token').counter(never);
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect([...(seen[0]?.query ?? [])]).toEqual([]);
  });
});

describe('the log of a key', () => {
  const rows = ok([logRow()]);
  const none = ok([]);
  const denied: Reply = { status: 401, body: { success: false, message: 'no key' } };
  const refused: Reply = { body: { success: false, message: 'record not found' } };
  const gone: Reply = { status: 502, body: '' };

  /** Reads it three times from a gateway that answers so to either form, and says in which forms it was asked. */
  async function forms(header: Reply, query: Reply) {
    const { url, seen } = await gateway({
      [LOG]: (asked: Asked) => (asked.query.get('key') === KEY ? query : header),
    });
    const source = sourceAt(url, 'token');
    const reads = [];
    for (let time = 0; time < 3; time++) reads.push(await source.rows(never));
    const asked = seen.map((one) => {
      const isHeader = one.headers.authorization === `Bearer ${KEY}`;
      expect(isHeader).toBe(!one.query.has('key'));
      return isHeader ? 'header' : 'query';
    });
    const first = reads[0];
    return {
      asked: asked.join(' '),
      rows: first?.kind === 'read' ? first.value.length : first?.cause,
    };
  }

  it.each([
    ['a header', rows, denied, 'header header header', 1],
    ['the query, and denies a header', denied, rows, 'header query query query', 1],
    ['the query, and refuses a header', refused, rows, 'header query query query', 1],
    ['the query, and shows nothing to a header', none, rows, 'header query query query', 1],
    ['a header, and the log is empty', none, denied, 'header query header header', 0],
    ['either, and the log is empty', none, none, 'header query header query header query', 0],
    ['the query, and the log is empty', denied, none, 'header query query query', 0],
    ['neither', denied, denied, 'header query header header', 'unauthorized'],
    ['neither, for now', gone, rows, 'header header header', 'unavailable'],
    ['a header at most', denied, gone, 'header query header query header query', 'unauthorized'],
  ])('takes the key from %s', async (_, header, query, asked, read) => {
    expect(await forms(header, query)).toEqual({ asked, rows: read });
  });
});
