import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import { printable, printablePainted } from './printable.ts';

test.each([
  ['a sequence that clears the screen', '\u001b[2Ja', '\\u001b[2Ja'],
  ['one in a single character', '\u009b2Ja', '\\u009b2Ja'],
  ['a bell', 'a\u0007', 'a\\u0007'],
  ['a carriage return that writes over a line', 'fail\rpass', 'fail\\u000dpass'],
  ['a mark that turns a file name round', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['a separator of lines', 'a\u2028b', 'a\\u2028b'],
])('%s is spelled, not obeyed', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
  expect(printablePainted(text)).toBe(expected);
});

test.each(['a\tb\nc\r\nd', 'ä 中文 🍌 · ›', ''])('%j is shown as it is', (text) => {
  expect(printable(text)).toBe(text);
  expect(printablePainted(text)).toBe(text);
});

test('JSON stays the same JSON', () => {
  const value = { text: '\u001b\u009b\u2028\u202e\\u009b' };
  expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).toEqual(value);
});

test('styles of ours stay, and no other sequence that is painted with them', () => {
  const painted = styleText('red', 'a\u001b[2J\u001b[8mb', { validateStream: false });
  expect(printablePainted(painted)).toBe('\u001b[31ma\\u001b[2J\\u001b[8mb\u001b[39m');
});
