import { expect, test } from 'vitest';
import type { Json } from './claim.ts';
import { gatewayError } from './gatewayError.ts';

test.each<[Json, object]>([
  [
    { error: { message: 'm (request id: 2026x)', type: 't', param: '', code: 'c' } },
    { message: 'm', type: 't', param: '', code: 'c' },
  ],
  [{ error: { message: 'm', type: 'new_api_error', code: '' } }, { message: 'm', code: '' }],
  [{ error: { message: 'm', code: 400, param: null } }, { message: 'm', code: '400' }],
  [
    { type: 'error', error: { type: 't', message: 'm' } },
    { message: 'm', type: 't' },
  ],
  [
    { code: 'task_failed', message: 'm', data: null },
    { message: 'm', code: 'task_failed' },
  ],
  [
    { description: 'm', type: 'new_api_error', code: 4 },
    { message: 'm', code: '4' },
  ],
  [
    { code: 1, message: 'm', data: null },
    { message: 'm', code: '1' },
  ],
  [
    [{ error: { code: 400, message: 'm', status: 'INVALID_ARGUMENT' } }],
    { message: 'm', code: '400' },
  ],
  [{ message: 'm (request id: 1)' }, { message: 'm' }],
  [{ success: false, message: 'm', data: null }, { message: 'm' }],
  [{ error: 'm (request id: 1)' }, { message: 'm' }],
  [{ error: { message: null } }, { message: '' }],
  [{ error: { message: '(request id: 1)' } }, { message: '' }],
  [{ error: { message: 'm (request id: a) (request id: b) ' } }, { message: 'm' }],
])('%j is read', (body, expected) => {
  expect(gatewayError(body)).toMatchObject(expected);
});

test.each<Json>([
  null,
  'error',
  1,
  [],
  {},
  { error: null },
  { error: [{ message: 'm' }] },
  [{ message: 'm' }],
  [{ error: { message: 'm' } }, { error: { message: 'n' } }],
  [[{ error: { message: 'm' } }]],
  { message: 'm', data: [{ url: 'u' }] },
  { message: { role: 'assistant', content: 'm' } },
  { id: 'msg_1', message: 'm' },
  { code: 'x', message: 1 },
  { created: 1, data: [] },
])('%j is no error', (body) => {
  expect(gatewayError(body)).toBeUndefined();
});

test.each(['m (request id: 1) and more', 'm (request id: 1'])(
  'only a suffix is a request id: %s stays',
  (message) => {
    expect(gatewayError({ error: { message } })?.message).toBe(message);
  },
);

test('a hostile message of blanks or of suffixes takes linear time', () => {
  const blanks = `${' '.repeat(2_000_000)}x`;
  expect(gatewayError({ error: { message: blanks } })?.message).toHaveLength(2_000_001);
  const suffixes = `m${' (request id: 1)'.repeat(100_000)}`;
  expect(gatewayError({ error: { message: suffixes } })?.message).toBe('m');
});
