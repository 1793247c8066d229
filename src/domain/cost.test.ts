import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { costsBySuite, sumOf } from './cost.ts';

test('costs are summed for each suite, and 0.1 + 0.2 is 0.3', () => {
  const costs = [
    { suite: 'a', usd: 0.1, measuredUsd: 0.1 },
    { suite: 'b', usd: 1, measuredUsd: 0 },
    { suite: 'a', usd: 0.2, measuredUsd: 0 },
  ];
  expect(costsBySuite(costs)).toEqual([
    { suite: 'a', usd: 0.3, measuredUsd: 0.1 },
    { suite: 'b', usd: 1, measuredUsd: 0 },
  ]);
});

test('the suites together cost what everything costs', () => {
  const micro = fc.integer({ min: 0, max: 1e9 }).map((millionths) => millionths / 1e6);
  const cost = fc.record({ suite: fc.constantFrom('a', 'b', 'c'), usd: micro, measuredUsd: micro });
  fc.assert(
    fc.property(fc.array(cost), (costs) => {
      expect(sumOf(costsBySuite(costs))).toEqual(sumOf(costs));
    }),
  );
});
