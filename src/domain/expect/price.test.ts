import { describe, expect, test } from 'vitest';
import { answer, judgedCharge, measured, moved, row, without } from '../charge.fixture.ts';
import type { Json } from '../claim.ts';
import { answered, gemini, inline, payload, problemOf } from '../exchange.fixture.ts';
import type { Outcome } from '../exchange.ts';
import type { Usage } from '../usage.ts';

const verdict = (...args: Parameters<typeof judgedCharge>) => judgedCharge(...args).verdict;

describe('another amount', () => {
  test.each<readonly [Json, string]>([
    [{ quota: 50_001 }, '50001 ($0.100002)'],
    [{ quota: 50_002, within: 1 }, '50002 ($0.100004) within 1'],
    [{ usd: 0.2 }, '100000 ($0.20)'],
    [{ usd: 0.2, within: '49.9%' }, '100000 ($0.20) within 49.9%'],
    [{ usd: 0.2, within: 0.09 }, '100000 ($0.20) within 0.09'],
  ])('than %j is a mismatch', (value, expected) => {
    expect(verdict(value, measured())).toMatchObject({
      findings: [
        {
          expected,
          actual: 'mismatch: another amount was charged; counter +50000, log 50000 ($0.10)',
        },
      ],
    });
  });

  test('is named by what is wrong with it', () => {
    const usage = measured({ counter: moved(100_000), rows: [row(), row()] });
    expect(verdict({ quota: 50_000 }, usage)).toMatchObject({
      findings: [{ actual: expect.stringMatching(/^charged twice/) as string }],
    });
  });
});

describe('for each image', () => {
  const images = (count: number): Outcome => {
    const payloads = Array.from({ length: count }, (_, at) => payload({ digit: String(at) }));
    const headers = { 'x-oneapi-request-id': 'r1' };
    return answered(200, gemini(payloads.map((one) => inline(one))), { payloads, headers });
  };
  const charge = (quota: number, groupRatio = 1) =>
    measured({
      counter: moved(quota),
      rows: [row({ quota, groupRatio })],
      listedPerImage: 20_000,
    });

  test.each<readonly [Json, number, number]>([
    [{ quota: 20_000 }, 40_000, 1],
    [{ usd: 0.04 }, 40_000, 1],
    [{ usd: 0.045, within: '12%' }, 40_000, 1],
    [{ quota: 19_999, within: 1 }, 40_000, 1],
    ['listed', 40_000, 1],
    ['listed', 20_000, 0.5],
  ])('%j: two images at %i in a group of ratio %f', (perImage, quota, ratio) => {
    expect(verdict({ perImage }, charge(quota, ratio), images(2))).toEqual({ kind: 'pass' });
    expect(verdict({ perImage }, charge(quota + 20_000, ratio), images(2))).toMatchObject({
      kind: 'fail',
      findings: [
        {
          expected: expect.stringContaining(' for each of 2 images') as string,
          actual: expect.stringMatching(/^mismatch: another amount was charged/) as string,
        },
      ],
    });
  });

  test('a listed price may be off by so much as is written', () => {
    const listed = { perImage: 'listed', within: '10%' };
    expect(verdict(listed, charge(22_000), images(1)).kind).toBe('pass');
    expect(verdict(listed, charge(22_001), images(1)).kind).toBe('fail');
  });

  test.each<readonly [string, Usage, Outcome]>([
    ['without a listed price', measured(), images(1)],
    ['without an image', charge(20_000), answer(200)],
    ['without the ratio of the group', without('rows', charge(30_000)), images(1)],
  ])('%s it cannot be told', (_, usage, outcome) => {
    expect(verdict({ perImage: 'listed' }, usage, outcome)).toMatchObject({ cause: 'unseen' });
  });
});

test.each<[Json, RegExp]>([
  ['twice', /keys/],
  [{ quota: -1 }, /keys/],
  [{ quota: 1.5 }, /keys/],
  [{ quota: 1, usd: 1 }, /keys/],
  [{ usd: 1, within: '5' }, /keys/],
  // Then a charge of nothing would do.
  [{ usd: 1, within: '100%' }, /keys/],
  [{ perImage: 'nothing' }, /keys/],
  [{ perImage: { quota: 1 }, within: 1 }, /belongs beside the amount/],
  [{ within: 1 }, /one of quota/],
])('%j is a problem', (value, problem) => {
  expect(problemOf('charged', value)).toMatch(problem);
});
