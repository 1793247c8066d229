import { expect, test } from 'vitest';
import { answered, exchangeOf, kindOf, problemOf } from '../exchange.fixture.ts';
import { look } from '../seen.ts';

const judged = (atMost: string, ms: number) => {
  const answer = answered(200, {});
  return kindOf('latency').judge({ atMost }, look(exchangeOf(answer, { ms }), answer), undefined);
};

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['2m', 119_999.6],
  ['1h', 3_600_000],
])('at most %s takes in %d ms', (atMost, ms) => {
  expect(judged(atMost, ms)).toEqual([]);
});

test('longer is a miss, in whole milliseconds', () => {
  expect(judged('500ms', 500.6)).toEqual([{ expected: 'at most 500ms', actual: '501ms' }]);
});

test('only the last attempt is timed', () => {
  const slow = { kind: 'unanswered', cause: 'timeout', detail: '' } as const;
  const answer = answered(200, {});
  const exchange = exchangeOf([slow, answer]);
  const [first, last] = exchange.attempts;
  const attempts = [{ ...first!, ms: 90_000 }, last!];
  const seen = look({ ...exchange, attempts }, answer);
  expect(kindOf('latency').judge({ atMost: '1s' }, seen, undefined)).toEqual([]);
});

test.each([{}, { atMost: 500 }, { atMost: '1.5s' }, { atMost: '1 s' }, { atMost: '-1s' }])(
  'the keys refuse %j',
  (written) => {
    expect(problemOf('latency', written)).toContain('keys');
  },
);
