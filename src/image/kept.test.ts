import { expect, test } from 'vitest';
import { makeKept } from './kept.ts';

const MIB = 1 << 20;

test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])(
  'bytes and texts of %i bytes in all come out as they were added',
  (length) => {
    const piece = Buffer.from('[banana 🍌 \xff]');
    const kept = makeKept();
    const said: string[] = [];
    for (let bytes = 0; bytes < length; bytes += piece.length) {
      kept.add(piece, 1, piece.length - 1);
      kept.say('<image/png>');
      said.push('banana 🍌 \xff<image/png>');
    }
    expect(kept.text()).toBe(said.join(''));
  },
);

test('bytes that are no UTF-8 read the same in a long text as in a short one', () => {
  const bytes = Buffer.of(0x61, 0xc3, 0x28, 0xff, 0xf0, 0x9f, 0x20);
  const kept = makeKept();
  for (let at = 0; at < MIB; at++) kept.add(bytes, 0, bytes.length);
  expect(kept.text()).toBe(bytes.toString('utf8').repeat(MIB));
});

test('a text may be longer than any body', () => {
  const bytes = Buffer.alloc(MIB, 'banana');
  const kept = makeKept();
  for (let at = 0; at < 130; at++) kept.add(bytes, 0, bytes.length);
  const text = kept.text();
  expect(text).toHaveLength(130 * MIB);
  expect(text.slice(-MIB)).toBe(bytes.toString());
  expect(text.startsWith('banana')).toBe(true);
});
