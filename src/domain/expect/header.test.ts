import { expect, test } from 'vitest';
import { answered, judgedBy, kindOf, problemOf } from '../exchange.fixture.ts';

const answer = answered(200, {}, { headers: { 'content-type': 'video/mp4', 'x-empty': '' } });

test.each([
  { name: 'Content-Type', equals: 'video/mp4' },
  { name: 'content-type', matches: '^video/' },
  { name: 'content-type', exists: true },
  { name: 'x-empty', exists: true },
  { name: 'x-other', exists: false },
])('%j holds', (written) => {
  expect(judgedBy('header', written, answer)).toEqual([]);
});

test.each([
  [{ name: 'Content-Type', equals: 'image/png' }, '"image/png"', '"video/mp4"'],
  [{ name: 'content-type', matches: '^image/' }, 'a match of ^image/', '"video/mp4"'],
  [{ name: 'content-type', exists: false }, 'no such header', '"video/mp4"'],
  [{ name: 'x-other', exists: true }, 'this header', 'no such header'],
  [{ name: 'x-other', equals: '' }, 'this header', 'no such header'],
  [{ name: 'constructor', exists: true }, 'this header', 'no such header'],
])('%j is missed', (written, expected, actual) => {
  expect(judgedBy('header', written, answer)).toEqual([
    { what: written.name.toLowerCase(), expected, actual },
  ]);
});

test('it names HTML only as a content type', () => {
  const { names } = kindOf('header');
  expect(names?.({ name: 'Content-Type', matches: '^text/html' }, { kind: 'html' })).toBe(true);
  expect(names?.({ name: 'x-kind', equals: 'html' }, { kind: 'html' })).toBe(false);
  expect(names?.({ name: 'content-type', equals: 'image/png' }, { kind: 'html' })).toBe(false);
});

test('what says nothing of the header, or has a pattern that does not compile, is a problem', () => {
  expect(problemOf('header', { name: 'x' })).toContain('keys');
  expect(problemOf('header', { name: 'x', matches: '(' })).toContain('no RE2 pattern');
});
