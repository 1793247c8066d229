import { expect, test } from 'vitest';
import { wordProblem } from './word.ts';

test.each([
  ['`Verified`'],
  ['not recommended'],
  ['已验证为拒绝'],
  ['🟢 ok'],
  ['a \\| b'],
  ['`a \\| b`'],
  ['see `{model}` and `<id>`'],
  ['``a ` {x}``'],
  ['\\{x} and \\<30'],
  ['a lone } brace'],
  ['C:\\\\'],
  ['`<!-- shown -->`'],
  [''],
])('%j can stand in any page', (word) => {
  expect(wordProblem(word, false)).toBeUndefined();
  expect(wordProblem(word, true)).toBeUndefined();
});

test.each([
  ['a | b', /bare \|/],
  ['`a | b`', /bare \|/],
  ['a \\\\| b', /bare \|/],
  ['ends with \\', /at the end/],
  ['a\nb', /line break/],
  ['a\rb', /line break/],
  ['\u001b[31mred', /control character/],
  [' Verified', /blanks/],
  ['Verified ', /blanks/],
  ['ok <!-- TBD -->', /comment/],
  ['\uD83D', /surrogate/],
])('%j can stand in no page', (word, why) => {
  expect(wordProblem(word, false)).toMatch(why);
  expect(wordProblem(word, true)).toMatch(why);
});

test.each([['{x}'], ['<30'], ['<Badge>ok</Badge>'], ['`a` {x}'], ['``{x`'], ['\\`{x}`'], ['`{x}']])(
  '%j can stand in a Markdown page, and not in an MDX one',
  (word) => {
    expect(wordProblem(word, false)).toBeUndefined();
    expect(wordProblem(word, true)).toMatch(/MDX reads a bare/);
  },
);
