import { expect, test } from 'vitest';
import { transport } from '../loopback.fixture.ts';
import { type Replies, gateway, honest, ok } from './gateway.fixture.ts';
import { readGateway } from './gateway.ts';

async function readAt(replies: Replies, models: readonly string[] = []) {
  const { url, seen } = await gateway(replies);
  const { signal } = new AbortController();
  const read = await readGateway(url, models, 5_000, transport().send, signal);
  return { ...read, seen };
}

const version = '/api/status';

test('the version is read without a credential, and prices only of the models that are asked about', async () => {
  const replies = { ...honest(), [version]: ok({ version: 'v1' }) };
  const none = await readAt(replies);
  expect([none.gateway, none.unread]).toEqual([{ version: 'v1' }, []]);
  expect(none.seen.map(({ path }) => path)).toEqual(['/api/status']);
  expect(none.seen[0]?.headers['authorization']).toBeUndefined();
  const { gateway: read } = await readAt(replies, ['nano-banana', 'gone']);
  expect(read.prices).toEqual({
    'nano-banana': 'quota_type 1, model_price 0.039',
    gone: 'not listed',
  });
});

test.each([
  ['is not there', {}, '/api/status answers with a page: this build does not have it'],
  ['says no version', { [version]: ok({}) }, '/api/status says no version'],
  [
    'says a book',
    { [version]: ok({ version: 'v'.repeat(10_000) }) },
    '/api/status says no version',
  ],
  ['says a number', { [version]: ok({ version: 1 }) }, '/api/status says no version'],
])('where /api/status %s, that is told and nothing is taken for it', async (_, replies, why) => {
  const { gateway: read, unread } = await readAt(replies);
  expect([read, unread]).toEqual([{}, [why]]);
});

test('a price list that cannot be read leaves the version', async () => {
  const replies = { [version]: ok({ version: 'v1' }), '/api/pricing': { status: 500, body: {} } };
  const { gateway: read, unread } = await readAt(replies, ['m']);
  expect([read, unread]).toEqual([{ version: 'v1' }, ['/api/pricing answers 500']]);
});
