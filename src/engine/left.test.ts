import { expect, test } from 'vitest';
import { aClaim, aTarget, answered, idOf, lookup, runOf, sha256 } from './engine.fixture.ts';
import { writeImage } from '../image/write.ts';
import { worstLeft } from './left.ts';
import { plan, worstCase } from './plan.ts';
import { storedBy } from './stored.fixture.ts';

/** At $0.10 a request: three attempts and two trials of each come to $0.60 at worst. */
const CLAIMS = ['a', 'b', 'c'].map((id) => aClaim(id, { usd: 0.1 }));

const planOf = (budget: { readonly usd?: number; readonly requests?: number }) => {
  const target = aTarget({ budget, concurrency: 1 });
  const chosen = CLAIMS.map((claim) => ({ claim, cases: [''] }));
  return plan({
    target,
    targetFor: () => target,
    chosen,
    claims: lookup(CLAIMS),
    sha256,
    writeImage,
  });
};

/** Each exchange and its evidence are two lines of the ledger; `b` surprises, and is tried once more. */
const whole = await runOf(CLAIMS, (json) => answered(idOf(json) === 'b' ? 400 : 200), {
  target: { concurrency: 1 },
});

test.each([
  ['nothing', 0, { requests: 18, usd: 1.8 }],
  ['what passed', 2, { requests: 12, usd: 1.2 }],
  ['the first trial of what surprised', 4, { requests: 9, usd: 0.9 }],
  ['both trials of it', 6, { requests: 6, usd: 0.6 }],
  ['all', 8, { requests: 0, usd: 0 }],
])('with %s stored, a run may still spend what the rest costs at worst', (_, upTo, left) => {
  expect(whole.seen.lines).toHaveLength(8);
  expect(worstLeft(planOf({}), storedBy(whole, upTo))).toEqual(left);
});

test('what a run has spent is gone from its budget', () => {
  const budget = { usd: 0.5, requests: 4 };
  expect(worstCase(planOf(budget))).toEqual({ requests: 4, usd: 0.5 });
  expect(worstLeft(planOf(budget), storedBy(whole, 2))).toEqual({ requests: 3, usd: 0.4 });
  const lost = { lost: { requests: 9, usd: 9 } };
  expect(worstLeft(planOf(budget), storedBy(whole, 2, lost))).toEqual({ requests: 0, usd: 0 });
});
