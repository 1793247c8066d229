import { expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { answered, judgedBy, problemOf } from '../exchange.fixture.ts';

const SHAPE: Json = {
  type: 'object',
  required: ['created', 'data'],
  properties: {
    created: { type: 'integer' },
    data: {
      type: 'array',
      items: { type: 'object', properties: { url: { type: 'string', format: 'uri' } } },
    },
  },
};
const judged = (body: Json, shape: Json = SHAPE) =>
  judgedBy('schema', 'images.json', answered(200, body), shape);

test('a body of that shape holds', () => {
  expect(judged({ created: 1, data: [{ url: 'https://a/b.png' }], more: 1 })).toEqual([]);
});

test.each<[Json, string, string]>([
  [{ data: [] }, '/', "must have required property 'created'"],
  [{ created: '1', data: [] }, '/created', 'must be integer'],
  [{ created: 1, data: [{ url: 'x y' }] }, '/data/0/url', 'must match format "uri"'],
])('%j is missed where it differs', (body, what, expected) => {
  expect(judged(body)).toMatchObject([{ what, expected }]);
});

test('the values of a body stay out of what is said of it', () => {
  expect(JSON.stringify(judged({ created: 'sk-secret-value', data: [] }))).not.toContain('secret');
});

test('a body that is no JSON is missed', () => {
  expect(judged('<html></html>')).toMatchObject([{ expected: 'a JSON body of shape images.json' }]);
});

test('a shape that is no JSON Schema is a problem', () => {
  expect(problemOf('schema', 'x.json', { type: 'objekt' })).toContain('x.json is no JSON Schema');
  expect(problemOf('schema', 'x.json', { propertys: {} })).toContain('x.json is no JSON Schema');
  expect(problemOf('schema', 'x.json', { type: 'string', pattern: '(a)\\1' })).toContain('RE2');
  expect(problemOf('schema', 'x.json', SHAPE)).toBeUndefined();
});

test('a catastrophic pattern in a shape takes linear time on a hostile body', () => {
  const shape = { type: 'string', pattern: '^(a+)+$' };
  expect(judged(JSON.stringify(`${'a'.repeat(50_000)}b`), shape)).toHaveLength(1);
  expect(judged(JSON.stringify('a'.repeat(50_000)), shape)).toEqual([]);
});
