import { describe, expect, test } from 'vitest';
import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check';
import { clipped, labelled, padded, width, wrapped } from './columns.ts';

describe('the width of a text on a terminal', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['图片', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍', 2],
    ['✅', 2],
    ['❤️', 2],
    ['🇨🇳', 2],
    ['a\u200Bb', 2],
  ])('%j is %i', (text, columns) => {
    expect(width(text)).toBe(columns);
  });

  test('is what padding fills up to, and never cuts', () => {
    expect([padded('图', 4), padded('abcd', 2)]).toEqual(['图  ', 'abcd']);
  });
});

describe('a wrapped text', () => {
  test.each([
    ['one two three', 8, ['one two', 'three']],
    ['  blanks   between  ', 20, ['blanks between']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['图片图片 a', 4, ['图片', '图片', 'a']],
    ['', 10, []],
  ])('%j in %i columns', (text, columns, lines) => {
    expect(wrapped(text, columns)).toEqual(lines);
  });

  test('stands beside its label', () => {
    expect(labelled('says  ', 'one two three four five six', 2, 28)).toBe(
      '  says  one two three four\n        five six',
    );
  });
});

test('a text stands below a label that leaves no room beside it', () => {
  expect(labelled('a label of many words  ', 'one two three', 2, 30)).toBe(
    '  a label of many words\n      one two three',
  );
  expect(labelled('长的名字长的名字长的名字  ', 'one', 2, 24)).toBe(
    '  长的名字长的名字长的名\n  字\n      one',
  );
});

describe('a clipped text', () => {
  test.each([
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abc…'],
    ['图片图片', 8, '图片图片'],
    ['图片图片', 7, '图片图…'],
    ['图片图片', 6, '图片…'],
    ['图', 1, '…'],
  ])('%j in %i columns', (text, columns, cut) => {
    expect(clipped(text, columns)).toBe(cut);
  });

  test('is never wider than there is room, and whole where there is enough', () => {
    const signs = constantFrom('a', '图', '👩', '\u200d', '✅', '❤', '\ufe0f', '\u0301');
    const texts = oneof(
      array(signs).map((all) => all.join('')),
      string({ unit: 'binary' }),
    );
    assert(
      property(texts, integer({ min: 1, max: 30 }), (text, columns) => {
        const cut = clipped(text, columns);
        return width(cut) <= columns && (width(text) > columns || cut === text);
      }),
    );
  });
});
