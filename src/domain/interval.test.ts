import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Trials } from './claim.ts';
import { courseAt, seeded, simulated } from './interval.fixture.ts';
import { boundsOf, fewestToPass, smallestToDecide, tells } from './interval.ts';

const ASKED: readonly Trials[] = [
  { of: 40, atLeast: 0.9, confidence: 0.9 },
  { of: 60, atLeast: 0.9, confidence: 0.95 },
  { of: 30, atLeast: 0.85, confidence: 0.9 },
  { of: 80, atLeast: 0.95, confidence: 0.9 },
  { of: 25, atLeast: 0.5, confidence: 0.99 },
];
const RATES = [0.5, 0.85, 0.9, 0.95, 1];
const name = ({ of, atLeast, confidence }: Trials) => `${of} trials, ${atLeast} at ${confidence}`;
const isTrue = (rate: number, { atLeast }: Trials) => rate >= atLeast;

const anyTrials: fc.Arbitrary<Trials> = fc.record({
  of: fc.integer({ min: 1, max: 60 }),
  atLeast: fc.double({ min: 0.05, max: 0.99, noNaN: true }),
  confidence: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
});

describe('a wrong verdict stays within the stated confidence', () => {
  test.each(ASKED.map((trials) => [name(trials), trials] as const))(
    'reckoned, over %s',
    (_, trials) => {
      for (let rate = 0; rate <= 1; rate += 0.005) {
        const { pass, fail } = courseAt(rate, trials);
        const wrong = isTrue(rate, trials) ? fail : pass;
        expect(wrong, `at ${rate}`).toBeLessThanOrEqual(1 - trials.confidence + 1e-12);
      }
    },
  );

  test('reckoned, whatever is asked: at the claimed rate itself, which is the worst case', () => {
    fc.assert(
      fc.property(anyTrials, (trials) => {
        const { pass, fail } = courseAt(trials.atLeast, trials);
        expect(Math.max(pass, fail)).toBeLessThanOrEqual(1 - trials.confidence + 1e-12);
        const { chance } = boundsOf(trials);
        expect(pass).toBeCloseTo(chance.pass, 12);
        expect(fail).toBeCloseTo(chance.fail, 12);
      }),
    );
  });

  test.each(ASKED.flatMap((trials) => RATES.map((rate) => [name(trials), rate, trials] as const)))(
    'in 1,000 seeded simulations of %s at a true rate of %d',
    (_, rate, trials) => {
      const random = seeded(20_260_414 + rate * 1000);
      const runs = Array.from({ length: 1000 }, () => simulated(rate, trials, random));
      const wrong = runs.filter(({ told }) => told === (isTrue(rate, trials) ? 'fail' : 'pass'));
      const alpha = 1 - trials.confidence;
      // What a thousand draws at exactly that share may be off: three standard deviations of the binomial.
      const noise = 3 * Math.sqrt((alpha * trials.confidence) / 1000);
      expect(wrong.length / 1000).toBeLessThanOrEqual(alpha + noise);
      const { trials: expected } = courseAt(rate, trials);
      const made = runs.reduce((sum, one) => sum + one.made, 0) / 1000;
      expect(Math.abs(made - expected)).toBeLessThan(3 * (trials.of / 2 / Math.sqrt(1000)));
    },
  );
});

test('bounds that looked as often without counting the looks would be wrong too often', () => {
  const trials: Trials = { of: 60, atLeast: 0.9, confidence: 0.9 };
  // One-sided Wilson bound at 0.9, taken after every trial.
  const z = 1.2816;
  const random = seeded(7);
  let wrong = 0;
  for (let run = 0; run < 1000; run += 1) {
    let passed = 0;
    for (let n = 1; n <= trials.of; n += 1) {
      if (random() < trials.atLeast) passed += 1;
      const share = passed / n;
      const middle = share + (z * z) / (2 * n);
      const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
      const upper = (middle + spread) / (1 + (z * z) / n);
      if (upper < trials.atLeast) {
        wrong += 1;
        break;
      }
    }
  }
  expect(wrong / 1000).toBeGreaterThan(0.15);
  expect(courseAt(trials.atLeast, trials).fail).toBeLessThanOrEqual(0.1);
});

describe('bounds', () => {
  test('the numbers for 0.9 at 0.9 in 40 trials', () => {
    const trials = ASKED[0] as Trials;
    expect(fewestToPass(trials)).toBe(28);
    expect(tells(trials, 27, 27)).toBe('open');
    expect(tells(trials, 28, 28)).toBe('pass');
    expect(tells(trials, 0, 1)).toBe('open');
    expect(tells(trials, 0, 2)).toBe('fail');
  });

  test('trials end where none that is left can decide', () => {
    const trials = ASKED[0] as Trials;
    const last = boundsOf(trials).passFrom[40] ?? 0;
    expect(tells(trials, last - 1, 40)).toBe('even');
    expect(tells(trials, last - 2, 39)).toBe('even');
  });

  test('more passes never turn a pass into a fail, nor a fail into a pass', () => {
    fc.assert(
      fc.property(anyTrials, (trials) => {
        const { passFrom, failTo } = boundsOf(trials);
        for (const [decided, from] of passFrom.entries())
          expect(from).toBeGreaterThan(failTo[decided] ?? -1);
      }),
    );
  });

  test('as many trials as must all pass are the fewest that can be asked for', () => {
    fc.assert(
      fc.property(anyTrials, ({ atLeast, confidence, of }) => {
        const smallest = smallestToDecide(atLeast, confidence);
        const fewest = fewestToPass({ atLeast, confidence, of });
        expect(fewest !== undefined).toBe(of >= smallest);
        if (smallest <= 60)
          expect(fewestToPass({ atLeast, confidence, of: smallest })).toBe(smallest);
      }),
    );
    expect(smallestToDecide(0.9, 0.9)).toBe(22);
    expect(smallestToDecide(0.9999, 0.9)).toBe(Infinity);
  });
});
