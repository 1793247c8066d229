import { expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { answered, judgedBy, problemOf } from '../exchange.fixture.ts';

const judged = (body: Json) =>
  judgedBy('alias', 'gemini-3.1-flash-image-preview', answered(200, body));

test.each(['gemini-3.1-flash-image-preview', 'models/gemini-3.1-flash-image-preview'])(
  'an answer by %s shows the alias',
  (modelVersion) => {
    expect(judged({ modelVersion })).toEqual([]);
  },
);

test('an answer by another model is a miss', () => {
  expect(judged({ modelVersion: 'nano-banana-2' })).toEqual([
    { expected: '"gemini-3.1-flash-image-preview"', actual: '"nano-banana-2"' },
  ]);
});

test.each<Json>([{}, { modelVersion: '' }, { modelVersion: 3 }, [], 'no JSON'])(
  'an answer %j that names no model is unseen, not missed',
  (body) => {
    expect(judged(body)).toMatchObject({ cause: 'unseen' });
  },
);

test('an alias for nothing is a problem', () => {
  expect(problemOf('alias', '')).toContain('keys');
});
