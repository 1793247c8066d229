import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../domain/claim.ts';
import { closeAll, never } from '../loopback.fixture.ts';
import {
  ACCESS,
  type Asked,
  gateway,
  honest,
  KEY,
  logRow,
  MASKED,
  ok,
  type Reply,
  sourceAt,
} from './gateway.fixture.ts';

afterEach(closeAll);

const BARE = KEY.slice('sk-'.length);

/** Reads the counter from a gateway that lists these keys, and says which of them it took. */
async function taken(list: (asked: Asked) => Reply, token?: number) {
  const used: Record<string, Reply> = {};
  for (const id of [1, 2, 409]) {
    used[`/api/token/${id}`] = ok({ id, name: 'docs', used_quota: id, unlimited_quota: true });
  }
  const { url, seen } = await gateway({ ...used, '/api/token/': list });
  const source = sourceAt(url, 'management', token === undefined ? {} : { token });
  return { read: await source.counter(never), seen };
}

const listed = (...keys: readonly string[]) =>
  keys.map((key, at) => ({ id: at + 1, key, name: `key ${at + 1}` }));

describe('the management API', () => {
  it('is asked with access token and user, and never sees the key', async () => {
    const { url, seen } = await gateway(honest());
    const source = sourceAt(url, 'management');
    await source.counter(never);
    await source.rows(never);
    expect(seen).toHaveLength(3);
    for (const { headers, query, path } of seen) {
      expect(headers).toMatchObject({ authorization: `Bearer ${ACCESS}`, 'new-api-user': '7' });
      expect(JSON.stringify([path, [...query], headers])).not.toContain(BARE);
    }
  });

  it.each([
    ['whole', BARE, 'read'],
    ['masked', MASKED, 'read'],
    ['in a form of its own', '#409', 'read'],
    ['as none', null, 'read'],
    ['as another one', `${BARE.slice(0, -1)}0`, 'unmeasured'],
    ['as another one, masked', 'sk-Abcd**********wxy0', 'unmeasured'],
  ])('holds a token that the target names against its key, listed %s', async (_, key, told) => {
    const token = { id: 409, key, name: 'docs', used_quota: 1, unlimited_quota: false };
    const { url } = await gateway({ ...honest(), '/api/token/409': ok(token) });
    const read = await sourceAt(url, 'management', { token: 409 }).counter(never);
    expect(read.kind === 'read' ? read.kind : read.cause).toBe(told);
  });

  it.each([
    ['masked', MASKED],
    ['masked, with its prefix', `sk-${MASKED}`],
    ['whole', BARE],
    ['whole, with its prefix', KEY],
  ])('finds a key that is listed %s', async (_, key) => {
    const { read } = await taken(() => ok(listed('Abcd**********wxya', key)));
    expect(read).toEqual({ kind: 'read', value: { spent: 2, isUnlimited: true } });
  });

  it('finds a key to which somebody has pinned a channel', async () => {
    const { url } = await gateway(honest());
    const source = sourceAt(url, 'management', { key: `${KEY}-315` });
    expect(await source.counter(never)).toMatchObject({ kind: 'read', value: { spent: 12_345 } });
  });

  it.each([
    ['no key', []],
    ['other keys only', ['Abce**********wxyz', 'Abcd**********wxya', BARE.toLowerCase()]],
    ['a mask that shows nothing', ['**********', '*', '']],
    ['a mask that shows too little', ['Ab*********z']],
    ['keys that are no texts', [null, 7, ['Abcd']]],
  ])('asks for the id where an account has %s', async (_, keys) => {
    const tokens: Json = keys.map((key, at) => ({ id: at + 1, key: key as Json }));
    const { read } = await taken(() => ok(tokens));
    expect(read).toEqual({
      kind: 'unread',
      cause: 'unmeasured',
      detail: 'none of the account\'s keys is this one: write its id as "token" under "usage"',
    });
  });

  it('asks for the id where several keys look like this one', async () => {
    const { read } = await taken(() => ok(listed(MASKED, MASKED)));
    expect(read).toMatchObject({ kind: 'unread', cause: 'unmeasured' });
    expect(read).toHaveProperty('detail', expect.stringMatching(/several .*"token"/));
  });

  it('takes the id that is given, and lists no keys', async () => {
    const { read, seen } = await taken(() => ok([]), 409);
    expect(read).toMatchObject({ kind: 'read', value: { spent: 409 } });
    expect(seen.map(({ path }) => path)).toEqual(['/api/token/409']);
  });

  it('looks for the key only once', async () => {
    const { url, seen } = await gateway(honest());
    const source = sourceAt(url, 'management');
    for (let time = 0; time < 3; time++) await source.counter(never);
    expect(seen.filter(({ path }) => path === '/api/token/')).toHaveLength(1);
  });
});

describe('a refusal of the management API', () => {
  it.each<[string, { user?: number; token?: number }, number, Json, string, string]>([
    [
      'names the user',
      { user: 7 },
      401,
      {},
      'unauthorized',
      '/api/token/ answers 401: check user 7 and the access token',
    ],
    [
      'names the key that was asked for',
      { user: 7, token: 409 },
      200,
      { success: false, message: 'record not found' },
      'forbidden',
      '/api/token/409 answers 200 with a refusal: check user 7, token 409 and the access token',
    ],
    [
      'is no word about them where it is none',
      { user: 7 },
      503,
      {},
      'unavailable',
      '/api/token/ answers 503',
    ],
  ])('%s', async (_, over, status, body, cause, detail) => {
    const refuse = () => ({ status, body });
    const { url } = await gateway({ '/api/token/': refuse, '/api/token/409': refuse });
    const read = await sourceAt(url, 'management', over).counter(never);
    expect(read).toEqual({ kind: 'unread', cause, detail });
  });
});

describe('the pages of an account', () => {
  const many = Array.from({ length: 250 }, (_, at) => ({
    id: at + 1000,
    key: `k${at}`,
    name: 'x',
  }));
  const tokens = [...many, { id: 2, key: MASKED, name: 'docs' }];
  const slice = (page: number) => tokens.slice(page * 100, (page + 1) * 100);

  it('are counted from 1 by newer builds', async () => {
    const { read, seen } = await taken(({ query }) => {
      const page = Math.max(1, Number(query.get('p')));
      return ok({ page, page_size: 100, total: tokens.length, items: slice(page - 1) });
    });
    expect(read).toMatchObject({ kind: 'read', value: { spent: 2 } });
    expect(seen).toHaveLength(5);
  });

  it('are counted from 0 by older builds, which serve plain lists', async () => {
    const { read, seen } = await taken(({ query }) => ok(slice(Number(query.get('p')))));
    expect(read).toMatchObject({ kind: 'read', value: { spent: 2 } });
    expect(seen.filter(({ query }) => query.get('size') === '100')).toHaveLength(4);
  });

  it('end where they begin anew', async () => {
    const { read, seen } = await taken(({ query }) =>
      ok({ page: 1, total: 9000, items: slice(Number(query.get('p')) % 2) }),
    );
    expect(read).toMatchObject({ kind: 'unread', cause: 'unmeasured' });
    expect(seen.length).toBeLessThan(6);
  });

  it('end where they do not', async () => {
    let id = 0;
    const { read, seen } = await taken(() => ok([{ id: (id += 1), key: MASKED }]));
    expect(read).toMatchObject({ kind: 'unread', cause: 'unmeasured' });
    expect(read).toHaveProperty('detail', expect.stringMatching(/too many keys/));
    expect(seen.length).toBeLessThan(30);
  });
});

describe('the log of an account', () => {
  const other = (over: Readonly<Record<string, Json>>) => logRow({ quota: 1, ...over });

  it('is read of one key: by its id, by its name where rows have none', async () => {
    const rows = [
      logRow({ quota: 5 }),
      other({ token_id: 410 }),
      other({ token_id: 0, token_name: 'laptop' }),
      logRow({ quota: 6, token_id: 0 }),
      logRow({ quota: 7, token_id: null }),
      logRow({ quota: 8, token_name: 'renamed since' }),
      // A row of another key that cannot be read is nobody's business.
      other({ token_id: 410, type: 'x', created_at: null }),
    ];
    const { url, seen } = await gateway(honest(rows));
    const source = sourceAt(url, 'management');
    await source.counter(never);
    const read = await source.rows(never);
    expect(read.kind === 'read' && read.value.map(({ quota }) => quota)).toEqual([5, 6, 7, 8]);
    const query = Object.fromEntries(seen.at(-1)?.query ?? []);
    expect(query).toEqual({ p: '0', page_size: '100', size: '100', token_name: 'docs' });
  });

  it('is read from the plain list of older builds as well, and before any counter', async () => {
    const { url } = await gateway({ ...honest(), '/api/log/self': ok([logRow({ quota: 9 })]) });
    const read = await sourceAt(url, 'management').rows(never);
    expect(read.kind === 'read' && read.value.map(({ quota }) => quota)).toEqual([9]);
  });

  it('escapes the name of a key', async () => {
    const name = 'a&token_name=b c/ä';
    const key = { id: 409, key: MASKED, name, used_quota: 1, unlimited_quota: false };
    const { url, seen } = await gateway({ ...honest(), '/api/token/409': ok(key) });
    await sourceAt(url, 'management').rows(never);
    expect(seen.at(-1)?.query.getAll('token_name')).toEqual([name]);
  });
});
