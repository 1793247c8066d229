import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { roomFor, sizeOf } from './room.ts';

const forms = {
  shortest: (size: number) => ({ html: 'a'.repeat(size) }),
  brief: (size: number) => ({ html: 'b'.repeat(2 * size) }),
  full: (size: number) => ({ html: 'c'.repeat(4 * size) }),
};

/** Deals out room to things that are as large as they say; what is odd is pressing. */
const dealt = (sizes: readonly number[], bytes: number) =>
  roomFor(sizes, bytes, forms, (size) => size % 2 === 1);

test('each has the shortest form first, then each the brief one, and the first ones the fullest', () => {
  const room = dealt([10, 20, 30], 60 + 60 + 39);
  expect([10, 20, 30].map((one) => room.markup(one)?.html[0])).toEqual(['c', 'b', 'b']);
  expect(room).toMatchObject({ brief: [20, 30], leftOut: 0 });
});

test('what somebody should look at is told in full before the others have more than a line', () => {
  const room = dealt([11, 20, 30], 61 + 66);
  expect([11, 20, 30].map((one) => room.markup(one)?.html[0])).toEqual(['c', 'b', 'a']);
});

test('where there is no room for all lines, the last ones are left out', () => {
  const room = dealt([10, 20, 30], 35);
  expect(room.markup(30)).toBeUndefined();
  expect(room.leftOut).toBe(1);
});

test('there is never more than there is room for', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100)), fc.nat(5000), (sizes, bytes) => {
      const room = dealt(sizes, bytes);
      const taken = sizes.map((one) => room.markup(one)?.html.length ?? 0);
      expect(taken.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bytes);
    }),
  );
});

test('a size is at least what UTF-8 takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (html) => {
      expect(sizeOf({ html })).toBeGreaterThanOrEqual(Buffer.byteLength(html));
    }),
  );
});
