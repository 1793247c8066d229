import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aChange } from '../domain/told.fixture.ts';
import { type SaidWord, messagesOf, newsOf } from '../domain/told.ts';
import { type ToldLine, foldTold, readTold } from './told.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const at = '2026-04-01T03:17:00.000Z';

function saying(word: string): SaidWord {
  const { id: _, from: __, to: ___, ...rest } = aChange();
  return { ...rest, word, isSettled: true };
}

/** What becomes of a message: it is taken, refused, taken or not without anybody knowing, and that with or without a word of it. */
const FATES = [
  'told',
  'not told',
  'doubtful, taken',
  'doubtful, lost',
  'killed, taken',
  'killed, lost',
] as const;

describe('what is remembered of what was told', () => {
  test('lets each change arrive once, or be named as doubtful, whatever becomes of its messages', () => {
    const night = fc.record({
      word: fc.constantFrom('A', 'B', 'C'),
      fate: fc.constantFrom(...FATES),
      again: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(night, { maxLength: 12 }), (nights) => {
        const lines: ToldLine[] = [
          { kind: 'known', at, words: [{ row: saying('A').name, word: 'A' }] },
        ];
        const arrived: string[] = [];
        const asked = new Set<string>();
        for (const { word, fate, again } of nights) {
          const told = foldTold(lines);
          const doubtful = again ? told.doubtful : [];
          for (const { id } of doubtful) asked.add(id);
          const { changes } = newsOf(told, [saying(word)], sha256);
          for (const message of [...doubtful, ...messagesOf(changes, at, () => true, sha256)]) {
            lines.push({ kind: 'intent', at, message });
            if (fate === 'told' || fate.endsWith('taken')) arrived.push(message.id);
            const [came = ''] = fate.split(', ');
            if (came === 'told' || came === 'not told' || came === 'doubtful')
              lines.push({ kind: 'outcome', at, message: message.id, came });
            if (came !== 'told') break;
          }
        }
        const told = foldTold(lines);
        const inDoubt = new Set(told.doubtful.map(({ id }) => id));
        // Twice only where a person had it sent once more.
        for (const id of arrived)
          expect(arrived.filter((one) => one === id).length === 1 || asked.has(id)).toBe(true);
        // Whatever was meant to be sent has arrived, is in doubt, or is still to be told.
        const counted = told.words.get(saying('A').name)?.changes ?? 0;
        expect(new Set([...arrived, ...inDoubt]).size).toBeGreaterThanOrEqual(counted);
        const { changes } = newsOf(told, [saying(nights.at(-1)?.word ?? 'A')], sha256);
        const lastTold = told.words.get(saying('A').name)?.word;
        expect(changes.length).toBe(lastTold === (nights.at(-1)?.word ?? 'A') ? 0 : 1);
      }),
    );
  });

  test('keeps a message in doubt that was refused only when it was sent once more', () => {
    const message = { id: 'm', at, changes: [aChange()] };
    const intent = { kind: 'intent', at, message } as const;
    const refused = { kind: 'outcome', at, message: 'm', came: 'not told' } as const;
    expect(foldTold([intent, refused]).doubtful).toEqual([]);
    expect(foldTold([intent, intent, refused]).doubtful).toEqual([message]);
  });

  test('leaves an unproven word as it is, and takes one that is new as known', () => {
    const told = foldTold([{ kind: 'known', at, words: [{ row: saying('A').name, word: 'A' }] }]);
    const unproven = { ...saying('B'), isSettled: false };
    const unknown = { ...saying('B'), name: 'another' };
    expect(newsOf(told, [unproven, unknown], sha256)).toEqual({ unknown: [unknown], changes: [] });
  });

  test('is read line by line, with a problem for each that cannot be', () => {
    const line = JSON.stringify({ kind: 'known', at, words: [] });
    const text = `${line}\r\n{"kind":"known"}\n${line}\n{"kind":"int`;
    const { lines, bytes, problems } = readTold({ name: 'told/x.jsonl', text });
    expect([lines.length, bytes]).toEqual([2, text.lastIndexOf('\n') + 1]);
    expect(problems.map(({ severity, place }) => [severity, place?.line])).toEqual([
      ['error', 2],
      ['warning', 4],
    ]);
  });
});
