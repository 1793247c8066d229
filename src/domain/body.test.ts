import { assert, json, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsedBody } from './body.ts';

const MIB = 1 << 20;

function read(text: string) {
  return parsedBody({ text, bytes: text.length, payloads: [], cut: false });
}

describe('a long body', () => {
  test.each([
    ['of opening brackets', '['.repeat(2 * MIB), 'JSON that nests deeper than 100 levels'],
    ['of opening braces', '{"a":'.repeat(MIB), 'JSON that nests deeper than 100 levels'],
    ['of arrays', `[${'[],'.repeat(MIB)}0]`, 'JSON of more than 1048576 values'],
    ['of objects', `[${'{},'.repeat(MIB)}0]`, 'JSON of more than 1048576 values'],
    ['of numbers', `[${'0,'.repeat(2 * MIB)}0]`, 'JSON of more than 1048576 values'],
    ['of members', `{${'"":0,'.repeat(MIB)}"a":0}`, 'JSON of more than 1048576 values'],
    ['of a string without end', `{"a":"${'\\"'.repeat(MIB)}`, 'JSON that breaks off: '],
    ['of nothing', ' '.repeat(2 * MIB), 'an empty body'],
  ])('%s is no JSON that is worth its memory', (_, text, why) => {
    expect(read(text)).toEqual({ kind: 'broken', why: expect.stringContaining(why) as string });
  });

  test.each([
    ['brackets in strings', { a: '[{,'.repeat(MIB) }],
    ['quotes and backslashes in strings', { a: '\\",['.repeat(MIB), '\\': ['"', '\\'] }],
    ['a million numbers', Array<number>(MIB - 1).fill(1)],
  ])('with %s is read', (_, value) => {
    expect(read(JSON.stringify(value))).toEqual({ kind: 'json', value });
  });

  test('of any JSON is read as a short one is', () => {
    const blanks = ' '.repeat(MIB);
    assert(
      property(json({ maxDepth: 8 }), (text) => {
        expect(read(text + blanks)).toEqual(read(text));
      }),
      { numRuns: 50 },
    );
  });
});
