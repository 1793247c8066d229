import { describe, expect, test } from 'vitest';
import type { Case } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  UNDECIDED,
  casesIn,
  daysAgo,
  evidenceOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { headsOf } from './heads.ts';
import { byAnswer, newShapes } from './news.ts';

const claim = sentClaim('c');
const [one] = casesIn(claim) as [Case];
const seen = (
  run: string,
  at: string,
  observed: Evidence['observed'],
  more: Partial<Evidence> = {},
) => evidenceOf(one, { run, at, observed, ...more });
const before = seen('r1', daysAgo(9), { status: 200, 'image.at': 'inline-data', ms: 12 });
const now = seen('r2', daysAgo(1), { status: 200, 'image.at': 'data-uri', ms: 99 });

/** What is new in run r2. */
function news(...evidence: readonly Evidence[]): readonly string[] {
  const own = evidence.filter(({ run }) => run === 'r2');
  const found = newShapes('r2', own, remember([claim], evidence));
  const heads = newShapes('r2', own, remember([claim], headsOf(evidence)));
  expect(heads).toEqual(found);
  return found.map(
    ({ observation, value, before: known }) => `${observation} ${value} after ${known.join()}`,
  );
}

describe('a shape', () => {
  test('that was never observed before is news, and time is no shape', () => {
    expect(news(before, now)).toEqual(['image.at data-uri after inline-data']);
  });

  test('that is the first of all is none, nor one that was seen long ago', () => {
    expect(news(now)).toEqual([]);
    const longAgo = seen('r0', daysAgo(99), { status: 200, 'image.at': 'data-uri' });
    expect(news(longAgo, before, now)).toEqual([]);
  });

  test('is told with all that the same answer showed for the first time', () => {
    const both = { status: 200, 'image.at': 'data-uri', 'image.format': 'png' };
    const own = [
      seen('r2', daysAgo(1), both),
      seen('r2', daysAgo(0), { status: 200, 'image.count': 2 }, { trial: 2 }),
    ];
    const found = newShapes('r2', own, remember([claim], [before, ...own]));
    expect(byAnswer(found).map((some) => some.map(({ observation }) => observation))).toEqual([
      ['image.at', 'image.format'],
      ['image.count'],
    ]);
  });

  test('is new in whichever trial of a run it comes first, and only there', () => {
    const trials = ['inline-data', 'data-uri', 'data-uri'].map((at, index) =>
      seen('r2', daysAgo(1), { 'image.at': at }, { trial: index + 1 }),
    );
    expect(news(...trials)).toEqual(['image.at data-uri after inline-data']);
  });

  test('that another target or another run brought is not this one’s news', () => {
    const target = { name: 'production', grade: 'live', host: 'h' } as const;
    expect(news({ ...before, target }, now)).toEqual([]);
    const later = seen('r3', daysAgo(0), { 'image.at': 'hosted-url' });
    expect(news(before, later)).toEqual([]);
  });

  test('of an earlier wording counts as known, and of what could not be told does not', () => {
    expect(news(before, { ...now, observed: before.observed, digest: 'edited' })).toEqual([]);
    expect(news(before, { ...now, verdict: UNDECIDED, observed: { status: 429 } })).toEqual([]);
  });
});
