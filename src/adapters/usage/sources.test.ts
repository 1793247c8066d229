import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../domain/claim.ts';
import { USAGE_SOURCES, type UsageSourceName } from '../../domain/usage.ts';
import type { Read } from '../../engine/ports.ts';
import { closeAll, never, serveRaw, transport } from '../loopback.fixture.ts';
import { ACCESS, gateway, honest, KEY, logRow, type Reply, sourceAt } from './gateway.fixture.ts';
import { makeUsageSource, PUBLIC_PACE, SOURCES } from './sources.ts';

afterEach(closeAll);

/** Where each source reads what it sees. */
const READS: readonly (readonly [UsageSourceName, 'counter' | 'rows', string])[] = [
  ['management', 'counter', '/api/token/409'],
  ['management', 'rows', '/api/log/self'],
  ['dashboard', 'counter', '/v1/dashboard/billing/usage'],
  ['token', 'counter', '/api/usage/token/'],
  ['token', 'rows', '/api/log/token'],
];

describe('a usage source', () => {
  it.each(USAGE_SOURCES)('%s says what it sees, and how often it may be asked', (name) => {
    const source = sourceAt('http://127.0.0.1:1', name);
    expect(source).toMatchObject({
      name,
      sees: SOURCES[name].sees,
      staleMs: SOURCES[name].staleMs,
      isScarce: name === 'token',
    });
    expect(SOURCES[name].pace).toEqual(
      name === 'token' ? { count: 20, perMs: 1_200_000 } : PUBLIC_PACE,
    );
  });

  it.each(USAGE_SOURCES)('%s reads the counter of an honest gateway', async (name) => {
    const { url } = await gateway(honest());
    const read = await sourceAt(url, name).counter(never);
    expect(read).toMatchObject({ kind: 'read', value: { spent: 12_345 } });
  });

  it.each(['management', 'token'] as const)('%s reads the log of a key', async (name) => {
    const { url } = await gateway(honest());
    const row = {
      kind: 'consume',
      quota: 3188,
      at: '2026-02-28T19:59:07.000Z',
      model: 'nano-banana',
      requestId: '20260228195907123456789abcdefgh',
      upstreamModel: 'gemini-2.5-flash-image',
      groupRatio: 1,
    };
    expect(await sourceAt(url, name).rows(never)).toEqual({ kind: 'read', value: [row] });
  });

  it('counts what it asks', async () => {
    const { url, seen } = await gateway(honest());
    const source = sourceAt(url, 'management');
    await source.counting(never);
    await source.counter(never);
    await source.rows(never);
    expect(source.asked()).toBe(seen.length);
    expect(seen.map(({ path }) => path)).toEqual([
      '/api/status',
      '/api/token/',
      '/api/token/409',
      '/api/log/self',
    ]);
  });

  it('does not count what its pace kept back', async () => {
    const held = { kind: 'unanswered', cause: 'throttled', detail: 'too often' } as const;
    const source = sourceAt('http://127.0.0.1:1', 'token', {
      ask: () => Promise.resolve({ outcome: held }),
    });
    expect(await source.counter(never)).toMatchObject({ kind: 'unread', cause: 'throttled' });
    expect(source.asked()).toBe(0);
  });

  it('keeps the prefix of a base URL, and bears a slash at its end', async () => {
    const usage = honest()['/api/usage/token/'] as Reply;
    const { url } = await gateway({ '/behind/api/usage/token/': usage });
    expect((await sourceAt(`${url}/behind/`, 'token').counter(never)).kind).toBe('read');
  });
});

describe('what is no reading', () => {
  const page: Reply = { type: 'text/html; charset=utf-8', body: '<!doctype html><title>console' };
  const faults: readonly (readonly [string, Reply, string])[] = [
    ['401', { status: 401, body: { success: false, message: `no ${KEY}` } }, 'unauthorized'],
    ['402', { status: 402, body: {} }, 'unpaid'],
    ['403', { status: 403, body: { message: ACCESS } }, 'forbidden'],
    ['404', { status: 404, body: { error: { message: 'Invalid URL' } } }, 'unmeasured'],
    ['an empty 429', { status: 429, body: '' }, 'throttled'],
    ['500', { status: 500, body: {} }, 'unavailable'],
    ['503', { status: 503, body: '' }, 'unavailable'],
    ['a redirect', { status: 301, body: '' }, 'unmeasured'],
    ['a page', page, 'unmeasured'],
    ['a page without a type', { type: '', body: page.body }, 'unmeasured'],
    ['a refusal with 200', { body: { success: false, message: KEY } }, 'forbidden'],
    [
      'an error with 200',
      { body: { error: { message: 'x', type: 'new_api_error' } } },
      'forbidden',
    ],
    ['nothing at all', { body: '' }, 'malformed'],
    ['plain text', { type: 'text/plain', body: 'ok' }, 'malformed'],
    ['JSON that is cut short', { body: '{"success":true,"data":{"used_q' }, 'malformed'],
    ['another shape', { body: { success: true, data: 'none' } }, 'malformed'],
    ['a list', { body: [1, 2] }, 'malformed'],
  ];

  it.each(
    READS.flatMap(([name, what, path]) =>
      faults.map(([fault, reply, cause]) => [name, what, fault, cause, path, reply] as const),
    ),
  )('%s reads no %s from %s: %s', async (name, what, _fault, cause, path, reply) => {
    const { url } = await gateway({ ...honest(), [path]: reply });
    const read = await sourceAt(url, name)[what](never);
    expect(read).toMatchObject({ kind: 'unread', cause });
    expectDiscreet(read);
  });

  it.each(READS)('%s reads no %s where nobody answers', async (name, what) => {
    const read = await sourceAt('http://127.0.0.1:1', name)[what](never);
    expect(read).toMatchObject({ kind: 'unread', cause: 'unreachable' });
    expectDiscreet(read);
  });

  it.each(READS)('%s reads no %s from an answer that breaks off', async (name, what) => {
    const head =
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"s';
    const url = await serveRaw(head, (socket) => socket.end());
    const read = await sourceAt(url, name)[what](never);
    expect(read.kind).toBe('unread');
    expectDiscreet(read);
  });

  it.each(READS)('%s reads no %s once the run has ended', async (name, what) => {
    const { url } = await gateway(honest());
    const read = await sourceAt(url, name)[what](AbortSignal.abort());
    expect(read).toMatchObject({ kind: 'unread', cause: 'interrupted' });
  });

  it('is asked for in vain without an access token, and nobody is asked', async () => {
    const { url, seen } = await gateway(honest());
    const { send } = transport();
    const own = { baseUrl: url, key: KEY, timeoutMs: 5_000, ask: send, askPublic: send };
    const source = makeUsageSource('management', own);
    expect(await source.counter(never)).toMatchObject({ kind: 'unread', cause: 'unauthorized' });
    expect(await source.rows(never)).toMatchObject({ kind: 'unread', cause: 'unauthorized' });
    expect(seen).toEqual([]);
  });
});

describe('the unit', () => {
  const status = (data: Readonly<Record<string, Json>>): Reply => ({
    body: { success: true, data },
  });

  it('comes with whether counters are written in batches, and is asked for once', async () => {
    const { url, seen } = await gateway({
      '/api/status': status({ quota_per_unit: 1000, enable_batch_update: true }),
    });
    const source = sourceAt(url, 'token');
    const told = { kind: 'read', value: { quotaPerUsd: 1000, isBatching: true } };
    expect(await source.counting(never)).toEqual(told);
    expect(await source.counting(never)).toEqual(told);
    expect(seen).toHaveLength(1);
  });

  it('is that of every build where it is not said', async () => {
    const { url } = await gateway({ '/api/status': status({ version: '0.6' }) });
    expect(await sourceAt(url, 'token').counting(never)).toEqual({
      kind: 'read',
      value: { quotaPerUsd: 500_000, isBatching: false },
    });
  });

  it.each(['500000', 0, -1, 1e300, true, null])('is not read from %j', async (quota_per_unit) => {
    const { url } = await gateway({ '/api/status': status({ quota_per_unit }) });
    const read = await sourceAt(url, 'token').counting(never);
    expect(read).toMatchObject({ kind: 'unread', cause: 'malformed' });
  });

  it('is asked for again after it could not be read', async () => {
    const { url, now } = await gateway({ '/api/status': { status: 502, body: '' } });
    const source = sourceAt(url, 'token');
    expect(await source.counting(never)).toMatchObject({ kind: 'unread', cause: 'unavailable' });
    now.replies = honest();
    expect((await source.counting(never)).kind).toBe('read');
  });

  it('goes to the public endpoints, which cost a scarce source nothing', async () => {
    const { url } = await gateway(honest());
    const source = sourceAt(url, 'token', {
      ask: () => Promise.reject(new Error('the scarce endpoints were asked')),
    });
    expect((await source.counting(never)).kind).toBe('read');
    expect((await source.listedPerImage('nano-banana', never)).kind).toBe('read');
  });
});

describe('the listed price of an image', () => {
  const listed = async (models: Reply['body'], model = 'm') => {
    const { url } = await gateway({
      ...honest(),
      '/api/pricing': { body: { success: true, data: models } },
    });
    return sourceAt(url, 'management').listedPerImage(model, never);
  };

  it('is the fixed price in units of quota, asked for once', async () => {
    const { url, seen } = await gateway(honest());
    const source = sourceAt(url, 'management');
    const price = { kind: 'read', value: 19_500 };
    expect(await source.listedPerImage('nano-banana', never)).toEqual(price);
    expect(await source.listedPerImage('nano-banana', never)).toEqual(price);
    expect(seen.filter(({ path }) => path === '/api/pricing')).toHaveLength(1);
  });

  it.each([
    ['charged by tokens', [{ model_name: 'm', quota_type: 0, model_price: 0.5 }]],
    [
      'charged by an expression',
      [{ model_name: 'm', quota_type: 1, model_price: 0.5, billing_mode: 'tiered_expr' }],
    ],
    ['not listed', []],
    [
      'listed with two prices',
      [
        { model_name: 'm', quota_type: 1, model_price: 0.5 },
        { model_name: 'm', quota_type: 1, model_price: 0.6 },
      ],
    ],
  ])('is none of a model that is %s', async (_, models) => {
    expect(await listed(models)).toEqual({ kind: 'read', value: undefined });
  });

  it.each(['0.5', -1, 1e300, null])('is not read from %j', async (model_price) => {
    const read = await listed([{ model_name: 'm', quota_type: 1, model_price }]);
    expect(read).toMatchObject({ kind: 'unread', cause: 'malformed' });
  });

  it('is read although that of another model cannot be', async () => {
    const other = { model_name: 'other', quota_type: 1, model_price: 'much' };
    const own = { model_name: 'm', quota_type: 1, model_price: 0.5 };
    expect(await listed([other, null, own])).toEqual({ kind: 'read', value: 250_000 });
  });

  it('is not read where the unit is not', async () => {
    const { url } = await gateway({ ...honest(), '/api/status': { status: 500, body: '' } });
    const read = await sourceAt(url, 'management').listedPerImage('nano-banana', never);
    expect(read).toMatchObject({ kind: 'unread', cause: 'unavailable' });
  });
});

describe('a log', () => {
  const rowsOf = async (rows: Parameters<typeof honest>[0], name: UsageSourceName = 'token') =>
    sourceAt((await gateway(honest(rows))).url, name).rows(never);
  const only = async (row: ReturnType<typeof logRow>) => {
    const read = await rowsOf([row]);
    return read.kind === 'read' ? read.value[0] : read;
  };

  it('tells charges, refunds and errors from all else', async () => {
    const read = await rowsOf([1, 2, 3, 4, 5, 6, 7].map((type) => logRow({ type })));
    expect(read.kind === 'read' && read.value.map(({ kind }) => kind)).toEqual([
      'other',
      'consume',
      'other',
      'other',
      'error',
      'refund',
      'other',
    ]);
  });

  it('takes the details of a row as a text, as an object, or not at all', async () => {
    const other = { group_ratio: 0.5, upstream_model_name: 'gemini', request_id: 'r' };
    const row = logRow({ other, request_id: '', use_time: 16.25 });
    const seen = { requestId: 'r', upstreamModel: 'gemini', groupRatio: 0.5 };
    expect(await only(row)).toMatchObject(seen);
    expect(await only(logRow({ other: JSON.stringify(other), request_id: null }))).toMatchObject(
      seen,
    );
    for (const broken of ['', 'null', '{"a', 7, null]) {
      const read = await only(logRow({ other: broken, request_id: '' }));
      expect(read).toMatchObject({ kind: 'consume', quota: 3188 });
      expect(read).not.toHaveProperty('requestId');
      expect(read).not.toHaveProperty('groupRatio');
    }
  });

  it.each([
    { quota: -5 },
    { quota: '3188' },
    { quota: 1.5 },
    { quota: 1e300 },
    { quota: null },
    { type: '2' },
    { type: null },
    { model_name: 7 },
    { created_at: '2026' },
    { created_at: 1e18 },
    { created_at: -1 },
  ])('is not read at all where a row has %j: it may be the charge', async (nonsense) => {
    const read = await rowsOf([logRow(), logRow(nonsense)]);
    expect(read).toMatchObject({ kind: 'unread', cause: 'malformed' });
  });

  it('needs no quota and no model of a row that charges nothing', async () => {
    const row = logRow({ type: 3, quota: null, model_name: null });
    expect(await only(row)).toMatchObject({ kind: 'other', quota: 0, model: '' });
  });

  it('is read newest first, a hundred rows of it, whatever order it is served in', async () => {
    const rows = Array.from({ length: 150 }, (_, at) => logRow({ created_at: at, quota: at }));
    const newest = Array.from({ length: 100 }, (_, at) => 149 - at);
    for (const served of [rows, rows.toReversed()]) {
      const read = await rowsOf(served);
      expect(read.kind === 'read' && read.value.map(({ quota }) => quota)).toEqual(newest);
    }
  });

  it('keeps the order of rows of one second', async () => {
    const rows = [3, 2, 1].map((quota) => logRow({ quota }));
    const oldest = logRow({ created_at: 5, quota: 0 });
    const quotas = async (served: typeof rows) => {
      const read = await rowsOf(served);
      return read.kind === 'read' && read.value.map(({ quota }) => quota);
    };
    expect(await quotas([...rows, oldest])).toEqual([3, 2, 1, 0]);
    expect(await quotas([oldest, ...rows.toReversed()])).toEqual([3, 2, 1, 0]);
  });
});

/** One short sentence, without what nobody may see. */
function expectDiscreet(read: Read<unknown>): void {
  if (read.kind !== 'unread') throw new Error('it was read');
  expect(read.detail).not.toContain(KEY.slice(3));
  expect(read.detail).not.toContain(ACCESS);
  expect(read.detail.length).toBeLessThan(160);
  expect(read.detail).not.toMatch(/[\n?<{]/);
}
