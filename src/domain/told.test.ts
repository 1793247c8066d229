import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { aChange } from './told.fixture.ts';
import { type Change, messagesOf } from './told.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Here a change is as long as its reason. */
const lengthOf = (changes: readonly Change[]) =>
  changes.reduce((sum, { because }) => sum + because.length, 0);

test('messages hold every change once, page by page, and each as many as its receiver takes', () => {
  const change = fc.record({ page: fc.constantFrom('a', 'b', 'c'), length: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (some) => {
      const changes = some.map(({ page, length }, at) =>
        aChange({ id: `${at}`, page, because: '.'.repeat(length) }),
      );
      const messages = messagesOf(changes, '', (them) => lengthOf(them) <= 10, sha256);
      const sent = messages.flatMap((message) => message.changes);
      const first = new Map(changes.map(({ page }, at) => [page, at] as const).toReversed());
      const inOrder = changes.toSorted(
        (a, b) =>
          (first.get(a.page) ?? 0) - (first.get(b.page) ?? 0) || Number(a.id) - Number(b.id),
      );
      expect(sent).toEqual(inOrder);
      for (const [at, message] of messages.entries()) {
        expect(message.changes.length === 1 || lengthOf(message.changes) <= 10).toBe(true);
        const [next] = messages[at + 1]?.changes ?? [];
        if (next !== undefined) expect(lengthOf([...message.changes, next])).toBeGreaterThan(10);
      }
      expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    }),
  );
});
