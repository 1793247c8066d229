import { expect, test } from 'vitest';
import { CAUSES } from '../domain/cause.ts';
import { STANDINGS } from '../domain/claim.ts';
import { headingsOf } from './markdown/read.ts';
import {
  CAUSE_MEANINGS,
  MEANINGS,
  STANDING_MEANINGS,
  VERDICT_MEANINGS,
  WORD_MEANINGS,
  meaningsMarkdown,
} from './meanings.ts';

test('every verdict, cause, standing and origin of a word is explained, and nothing else', () => {
  expect(Object.keys(CAUSE_MEANINGS).toSorted()).toEqual(CAUSES.toSorted());
  expect(Object.keys(STANDING_MEANINGS).toSorted()).toEqual(STANDINGS.toSorted());
  expect(Object.keys(VERDICT_MEANINGS)).toEqual(['pass', 'fail', 'inconclusive']);
  expect(Object.keys(WORD_MEANINGS)).toEqual(expect.arrayContaining([...STANDINGS, 'else']));
  const text = meaningsMarkdown();
  expect(headingsOf(text)).toEqual([MEANINGS]);
  for (const word of [...CAUSES, ...STANDINGS, ...Object.keys(VERDICT_MEANINGS)])
    expect(text).toMatch(new RegExp(`^\\| \\*${word}\\* \\| \\S`, 'm'));
});

test('every cause says what to do about it', () => {
  for (const [means, todo] of Object.values(CAUSE_MEANINGS)) {
    expect(means).toMatch(/\w{3}/);
    expect(todo).toMatch(/\w{3}/);
  }
});
