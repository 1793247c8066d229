import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { indented } from './indented.ts';

test('JSON is set in lines, each level further in', () => {
  expect(indented('{"a":[1,{}],"b":"x, {y}"}')).toBe(
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x, {y}"\n}',
  );
});

test('JSON that is cut off is set as far as it goes', () => {
  expect(indented('{"a":"b')).toBe('{\n  "a": "b');
});

test('what is no JSON stays as it is', () => {
  expect(indented('data: {"a":1}\n\n')).toBe('data: {"a":1}\n\n');
});

test('no value changes, however it is written', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(indented(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('no token is lost or changed, even of what only begins as JSON', () => {
  fc.assert(
    fc.property(fc.string(), (rest) => {
      const text = `{${rest}`;
      const bare = (one: string) => one.replaceAll(/\s/g, '');
      expect(bare(indented(text))).toBe(bare(text));
    }),
  );
});
