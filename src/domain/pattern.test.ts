import { expect, test } from 'vitest';
import { found, patternProblem } from './pattern.ts';

test.each([
  ['\\bimage\\b', 'the image field', true],
  ['\\bimage\\b', 'the images field', false],
  ['(?i)ASPECT', 'aspect_ratio', true],
  ['^/task-artifacts/\\d{4}/', '/task-artifacts/2026/', true],
  ['^a$', 'b\na', false],
  ['', 'anything', true],
])('%s in %j: %s', (pattern, text, expected) => {
  expect(found(pattern, text)).toBe(expected);
});

test.each(['(', '(?=a)', '(?!a)', '(a)\\1', '[z-a]', 'a{2,1}', '(((a{1000}){1000}){1000})'])(
  '%s is no RE2 pattern',
  (pattern) => {
    expect(patternProblem(pattern)).toContain('no RE2 pattern');
  },
);

test.each(['(a+)+$', '(a|aa)+$', '(.*)*c$', '^(([a-z])+.)+[A-Z]$'])(
  '%s, which is catastrophic elsewhere, takes linear time',
  (pattern) => {
    expect(found(pattern, `${'a'.repeat(50_000)}!`)).toBe(false);
  },
);

test('more patterns than are kept still compile', () => {
  for (let at = 0; at < 1_200; at++) expect(found(`^${at}$`, String(at))).toBe(true);
  expect(found('^0$', '0')).toBe(true);
});
