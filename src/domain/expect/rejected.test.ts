import { expect, test } from 'vitest';
import { answered, judgedBy, kindOf, problemOf } from '../exchange.fixture.ts';

const MESSAGE = 'at most 14 reference images are currently supported for nano-banana-2';
const refusal = {
  error: {
    message: `${MESSAGE} (request id: 20260330234836357407163eDKH9nsz)`,
    type: 'invalid_request_error',
    param: 'image_input',
    code: 'too_many',
  },
};

test.each([
  'any',
  { message: 'at most 14 reference images' },
  { message: ['at most 14', 'nano-banana-2'] },
  { message: { matches: 'at most \\d+ .*nano-banana-2$' } },
  { status: 400 },
  { type: 'invalid_request_error', code: 'too_many', param: 'image_input' },
  { message: MESSAGE, status: 400 },
])('%j is met by a refusal for that reason', (written) => {
  expect(judgedBy('rejected', written, answered(400, refusal))).toEqual([]);
});

test.each([
  [{ message: 'image_input is required' }, 'message', 'a message with "image_input is required"'],
  [{ message: ['at most 14', 'at most 15'] }, 'message', 'with "at most 14" and "at most 15"'],
  [{ message: { matches: '^14' } }, 'message', 'a message that matches ^14'],
  [{ status: 422 }, 'status', '422'],
  [{ type: 'upstream_error' }, 'type', '"upstream_error"'],
  [{ code: 'too_few' }, 'code', '"too_few"'],
  [{ param: 'image' }, 'param', '"image"'],
])('%j is missed by a refusal for another reason', (written, what, expected) => {
  const judged = judgedBy('rejected', written, answered(400, refusal));
  expect(judged).toMatchObject([{ what, expected: expect.stringContaining(expected) as string }]);
  expect(JSON.stringify(judged)).not.toContain('request id');
});

test('each reason that differs is a miss of its own', () => {
  const written = { message: 'none of it', status: 422, code: 'x', type: 'y', param: 'z' };
  expect(judgedBy('rejected', written, answered(400, refusal))).toHaveLength(5);
});

test.each(['any', { message: MESSAGE }, { code: 'too_many' }])(
  '%j is not met by a 200 with the very error in it',
  (written) => {
    expect(judgedBy('rejected', written, answered(200, refusal))).toMatchObject([
      { expected: expect.stringContaining('a refusal') as string, actual: `200 "${MESSAGE}"` },
    ]);
  },
);

test.each([401, 402, 403, 408, 429, 500, 503])('any is not met by %i', (status) => {
  expect(judgedBy('rejected', 'any', answered(status, refusal))).toHaveLength(1);
});

test('a reason is met by any status from 400 up', () => {
  for (const status of [400, 404, 413, 500]) {
    expect(judgedBy('rejected', { code: 'too_many' }, answered(status, refusal))).toEqual([]);
  }
});

test('a number as code is compared as it is written', () => {
  const answer = answered(400, { error: { message: 'm', code: 400 } });
  expect(judgedBy('rejected', { code: 400 }, answer)).toEqual([]);
  expect(judgedBy('rejected', { code: '400' }, answer)).toEqual([]);
  expect(judgedBy('rejected', { code: 404 }, answer)).toHaveLength(1);
});

test.each(['<html><body>at most 14 reference images</body></html>', '', 'at most 14', '[]', '{}'])(
  'a reason is not met by %j, which has no error object',
  (text) => {
    const judged = judgedBy('rejected', { message: 'at most 14' }, answered(400, text));
    expect(judged).toMatchObject([{ actual: '400 without an error object' }]);
  },
);

test('a refusal by its status alone needs no error object: rate limiters send none', () => {
  expect(judgedBy('rejected', { status: 429 }, answered(429, ''))).toEqual([]);
  expect(judgedBy('rejected', { status: 429 }, answered(400, ''))).toHaveLength(1);
});

test('it names the status and the code that are written, and no other', () => {
  const { names } = kindOf('rejected');
  expect(names?.({ status: 403 }, { kind: 'status', status: 403 })).toBe(true);
  expect(names?.({ status: 403 }, { kind: 'status', status: 401 })).toBe(false);
  expect(names?.({ code: 'prompt_blocked' }, { kind: 'reason', reason: 'prompt_blocked' })).toBe(
    true,
  );
  expect(names?.({ code: 'x' }, { kind: 'status', status: 403 })).toBe(false);
  expect(names?.({ status: 404 }, { kind: 'html' })).toBe(false);
  expect(names?.('any', { kind: 'status', status: 403 })).toBe(false);
});

test.each([{}, { message: '' }, { message: [] }, { status: 200 }, { mesage: 'x' }, 'none'])(
  'the keys refuse %j',
  (written) => {
    expect(problemOf('rejected', written)).toContain('keys');
  },
);

test('a pattern that does not compile is a problem', () => {
  expect(problemOf('rejected', { message: { matches: '(?=x)' } })).toContain('no RE2 pattern');
  expect(problemOf('rejected', { message: { matches: 'x' } })).toBeUndefined();
});
