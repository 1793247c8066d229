import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { delaysOf, openBill, openingOf } from './billing.ts';
import { behaveAs, type Fault, parseFault } from './faults.ts';
import { createPurse } from './purse.ts';

const MODEL = 'nano-banana-2';

/** One generation: after how long, how many images it was asked for and made, and how long it took. */
const generation = fc.record({
  pauseMs: fc.integer({ min: 0, max: 20_000 }),
  asked: fc.integer({ min: 1, max: 4 }),
  made: fc.integer({ min: 0, max: 4 }),
  isFailed: fc.boolean(),
  tookMs: fc.integer({ min: 0, max: 10_000 }),
});
const delays = fc.record({
  'billing.settle': fc.integer({ min: 0, max: 5000 }),
  'billing.row-delay': fc.integer({ min: 0, max: 3000 }),
  'billing.batch': fc.integer({ min: 0, max: 7 }),
  'token.quota': fc.constantFrom(1_000_000, 1_000_000_000),
});

test('whatever an honest gateway delays, counter and log agree once that has passed', () => {
  fc.assert(
    fc.property(delays, fc.array(generation, { maxLength: 6 }), (late, generations) => {
      const faults = Object.entries(late).map(([name, value]) => {
        const fault = parseFault(`${name}=${value}`);
        if (typeof fault === 'string') throw new Error(fault);
        return fault satisfies Fault;
      });
      const ask = behaveAs(faults)(0);
      let now = 0;
      const purse = createPurse(
        () => now,
        () => openingOf(ask),
      );
      const token = purse.tokenOf('sk-a');
      for (const [index, { pauseMs, tookMs, asked, ...ending }] of generations.entries()) {
        now += pauseMs;
        const names = { model: MODEL, canonical: MODEL, requestId: `request-${index}` };
        const bill = openBill(purse, ask, { ...names, token, path: '/', asked, isTask: false });
        if ('refused' in bill) throw new Error('the key has little, but not as little as that');
        now += tookMs;
        bill.settle({ ...ending, isStream: false });
      }
      now += delaysOf(faults).withinMs;
      const logged = purse.rows().reduce((sum, { quota }) => sum + quota, 0);
      const made = generations.reduce((sum, one) => sum + (one.isFailed ? 0 : one.made), 0);
      expect(logged).toBe(made * 20_000);
      expect(token.used).toBe(logged);
      expect(token.remain).toBe(late['token.quota'] - logged);
      expect(token.available).toBe(token.remain);
      expect(purse.account().used).toBe(logged);
    }),
    { numRuns: 200 },
  );
});

test('what is due happens in the order of its instants, and in that of telling where they are equal', () => {
  let now = 0;
  const purse = createPurse(
    () => now,
    () => ({ isUnlimited: false, remain: 100 }),
  );
  const token = purse.tokenOf('sk-a');
  const row = { type: 2, token, model: MODEL, requestId: '', other: {} } as const;
  purse.write({ ...row, at: 20, quota: 3 });
  purse.write({ ...row, at: 10, quota: 1 });
  purse.write({ ...row, at: 20, quota: 4 });
  purse.write({ ...row, at: 10, quota: 2 });
  const quotas = () => purse.rows().map(({ quota }) => quota);
  expect(quotas()).toEqual([]);
  now = 10;
  expect(quotas()).toEqual([2, 1]);
  now = 20;
  expect(quotas()).toEqual([4, 3, 2, 1]);
});
