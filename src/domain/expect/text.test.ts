import { expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { answered, gemini, judgedBy, problemOf } from '../exchange.fixture.ts';

const chat = (content: Json) => ({ choices: [{ message: { content } }] });

test.each<[Json, Json]>([
  ['any', gemini([{ text: 'A cat.' }])],
  [{ contains: 'cat' }, gemini([{ text: 'Here' }, { text: 'a cat' }])],
  [{ matches: '(?i)^A CAT' }, gemini([{ text: 'A cat.' }])],
  [{ contains: 'cat' }, chat('a cat')],
  [{ contains: 'cat' }, chat([{ type: 'text', text: 'a cat' }])],
  [{ contains: 'cat' }, 'a plain cat'],
  ['none', gemini([{ thought: true, text: 'A cat?' }])],
  ['none', gemini([{ text: '  ' }])],
  ['none', { data: [{ url: 'https://a/1.png' }] }],
])('%j holds of %j', (written, body) => {
  expect(judgedBy('text', written, answered(200, body))).toEqual([]);
});

test.each<[Json, Json, string, string]>([
  ['any', {}, 'a text', 'no text'],
  ['any', '', 'a text', 'no text'],
  ['any', '{"choices":[{"message":{"content":"a ca', 'a text', 'no text'],
  ['any', gemini([{ thought: true, text: 'A cat?' }]), 'a text', 'no text'],
  ['none', chat('a cat'), 'no text', '"a cat"'],
  [{ contains: 'dog' }, chat('a cat'), '"dog"', '"a cat"'],
  [{ matches: '^cat' }, chat('a cat'), '^cat', '"a cat"'],
])('%j is missed by %j', (written, body, expected, actual) => {
  expect(judgedBy('text', written, answered(200, body))).toMatchObject([{ expected, actual }]);
});

test('what says nothing, or has a pattern that does not compile, is a problem', () => {
  expect(problemOf('text', {})).toContain('keys');
  expect(problemOf('text', { contains: '' })).toContain('keys');
  expect(problemOf('text', { matches: '[' })).toContain('no RE2 pattern');
});
