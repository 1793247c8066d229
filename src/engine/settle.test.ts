import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, paidExchange, TIMEOUT } from '../domain/charge.fixture.ts';
import { chargeOf } from '../domain/charge.ts';
import { aMeter, isMeasured, measure, OWN, silent } from './meter.fixture.ts';
import type { Charged } from './usage.fixture.ts';

describe('a charge has settled', () => {
  test('after two equal readings that agree, and no sooner', async () => {
    const setting = aMeter();
    const usage = await measure(setting, [{ quota: 500, counterMs: 300, rowMs: 400, ...OWN }]);
    expect(usage).toEqual({
      kind: 'measured',
      source: 'management',
      quotaPerUsd: 500_000,
      counter: { before: 1000, after: 1500, peak: 1500 },
      rows: [expect.objectContaining({ quota: 500, requestId: 'r1' })],
      settledMs: 500,
      boundMs: 0,
      isSettled: true,
    });
    // Once how it counts; twice before, twice after, counter and log each.
    expect(setting.key.source.asked()).toBe(9);
  });

  test('only once the row is there: what is reserved may still be given back', async () => {
    const usage = await measure(aMeter(), [
      { quota: 800, rowMs: null },
      { quota: -300, counterMs: 5_000, rowMs: null },
      { quota: 500, counterMs: null, rowMs: 6_000, ...OWN },
    ]);
    isMeasured(usage);
    expect(usage.counter).toEqual({ before: 1000, after: 1500, peak: 1800 });
    expect(usage).toMatchObject({ isSettled: true, settledMs: 7_500 });
  });

  test('only once our own row is there, though those of others agree with the counter', async () => {
    const usage = await measure(aMeter(), [
      { quota: 500, row: { requestId: 'of another' } },
      { quota: 500, counterMs: 4_000, rowMs: 4_000, ...OWN },
    ]);
    isMeasured(usage);
    expect(usage.counter).toEqual({ before: 1000, after: 2000, peak: 2000 });
    expect(usage.rows?.map(({ requestId }) => requestId)).toEqual(['r1', 'of another']);
  });

  test('not before two batches have been written, and then soon', async () => {
    const setting = aMeter({ batchMs: 5_000 });
    const usage = await measure(setting, [{ quota: 500, counterMs: 100, ...OWN }]);
    isMeasured(usage);
    expect(usage).toMatchObject({ boundMs: 10_000, isSettled: true });
    expect(chargeOf(paidExchange(), usage).outcomes).toEqual(['aligned']);
    const [last] = setting.key.questions.slice(-1);
    const [first] = setting.key.questions;
    expect((last?.ms ?? 0) - (first?.ms ?? 0)).toBe(10_000 + 1_500 + 10_500);
  });

  test('as late as a stale source shows it, which is not asked before', async () => {
    const setting = aMeter({ staleMs: 60_000, name: 'token' });
    const asked = async () => {
      const usage = await measure(setting, [{ quota: 500, counterMs: 2_000, ...OWN }]);
      isMeasured(usage);
      expect(chargeOf(paidExchange(), usage)).toMatchObject({ outcomes: ['aligned'], delta: 500 });
      return setting.key.source.asked();
    };
    const first = await asked();
    // A source of 20 reads in 20 minutes: one more exchange takes the fewest.
    expect((await asked()) - first).toBeLessThanOrEqual(8);
  });

  test('never, where somebody keeps spending', async () => {
    const setting = aMeter();
    const before = await setting.meter.before(silent);
    for (let s = 0; s < 40; s += 1)
      setting.key.charge({ quota: 1, counterMs: s * 1000, rowMs: null });
    if (before.kind === 'unmeasured') throw new Error(before.detail);
    const usage = await setting.meter.after(paidExchange(), before, silent);
    isMeasured(usage);
    expect(usage.isSettled).toBe(false);
    expect(chargeOf(paidExchange(), usage).untold?.cause).toBe('unsettled');
  });
});

describe('a charge of nothing', () => {
  test('counts only after the whole time', async () => {
    const setting = aMeter();
    const usage = await measure(setting, []);
    isMeasured(usage);
    expect(usage).toMatchObject({ counter: { before: 1000, after: 1000, peak: 1000 }, rows: [] });
    expect(setting.clock.monotonic()).toBe(1_500 + 15_000);
  });

  test('of what failed: it was reserved, as the peak shows, and given back', async () => {
    const charges = [
      { quota: 800, rowMs: null },
      { quota: -800, counterMs: 3_000, rowMs: null },
    ];
    const exchange = paidExchange(answer(400));
    const usage = await measure(aMeter(), charges, exchange);
    isMeasured(usage);
    expect(usage.counter).toEqual({ before: 1000, after: 1000, peak: 1800 });
    expect(chargeOf(exchange, usage)).toMatchObject({ outcomes: ['aligned'], delta: 0 });
  });

  test('is waited for to the end where the counter alone is shown', async () => {
    const setting = aMeter({ sees: { counter: true, log: false }, name: 'dashboard' });
    const usage = await measure(setting, [
      { quota: 800 },
      { quota: -300, counterMs: 14_000 - 500 },
    ]);
    isMeasured(usage);
    expect(usage).not.toHaveProperty('rows');
    expect(usage).toMatchObject({ counter: { after: 1500, peak: 1800 } });
  });
});

test('a target may ask for more time, and less than the bound is none', async () => {
  const patient = aMeter({}, { withinMs: 40_000 });
  isMeasured(await measure(patient, [{ quota: 500, rowMs: 39_000, ...OWN }]));
  expect(patient.clock.monotonic()).toBeGreaterThanOrEqual(40_000);
  const hasty = aMeter({ batchMs: 2_000 }, { withinMs: 100, batchMs: 2_000 });
  const usage = await measure(hasty, []);
  isMeasured(usage);
  expect(usage).toMatchObject({ boundMs: 4_000, isSettled: true });
});

test('what an attempt before the last one was charged late is waited for', async () => {
  const exchange = paidExchange(TIMEOUT, answer(200));
  const usage = await measure(
    aMeter(),
    [
      { quota: 500, ...OWN },
      { quota: 500, counterMs: 9_000, rowMs: 9_000, row: { requestId: 'r0' } },
    ],
    exchange,
  );
  isMeasured(usage);
  expect(usage.rows?.map(({ requestId }) => requestId)).toEqual(['r0', 'r1']);
});

/** How an honest gateway charges a request: what it reserves, when it settles, and how late the row comes after that. */
const requests = fc.record({
  isFine: fc.boolean(),
  reserved: fc.constantFrom(0, 400, 500, 800),
  settleMs: fc.nat({ max: 8_000 }),
  rowMs: fc.nat({ max: 4_000 }),
  isOrdinary: fc.boolean(),
});
const histories = fc.record({
  batchMs: fc.constantFrom(undefined, 5_000),
  staleMs: fc.constantFrom(0, 60_000),
  sinceMs: fc.nat({ max: 70_000 }),
  requests: fc.array(requests, { minLength: 1, maxLength: 4 }),
});

test('no honest history of reservations, late settlement, batches and stale counters is ever called out of line', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ batchMs, staleMs, sinceMs, requests: all }) => {
      const setting = aMeter({ ...(batchMs && { batchMs }), staleMs });
      await setting.clock.sleep(sinceMs);
      for (const [at, one] of all.entries()) {
        const requestId = `r${at}`;
        const { settleMs, reserved } = one;
        const exchange = paidExchange(answer(one.isFine ? 200 : 400, requestId));
        const cost = one.isFine ? 500 : 0;
        const charges: Charged[] = [
          { quota: reserved, rowMs: null },
          { quota: cost - reserved, counterMs: settleMs, rowMs: null },
          ...(one.isFine
            ? [{ quota: 500, counterMs: null, rowMs: settleMs + one.rowMs, row: { requestId } }]
            : []),
        ];
        if (one.isOrdinary) {
          for (const charged of charges) setting.key.charge(charged);
          setting.meter.use();
          continue;
        }
        const usage = await measure(setting, charges, exchange);
        isMeasured(usage);
        const { outcomes, untold, delta } = chargeOf(exchange, usage);
        expect(untold).toBeUndefined();
        expect(delta).toBe(cost);
        expect(['aligned', 'aligned late']).toContain(outcomes.join(' and '));
      }
    }),
    { numRuns: 200 },
  );
});

describe('a counter beyond the log', () => {
  const held = { quota: 800, rowMs: null };

  test('may be what another client’s generation holds: it is waited for as long as one takes', async () => {
    for (const isFine of [true, false]) {
      const exchange = paidExchange(answer(isFine ? 200 : 400));
      const others = { quota: 800, counterMs: null, rowMs: 40_000, row: { requestId: 'r9' } };
      const own = isFine ? [{ quota: 800, ...OWN }] : [];
      const usage = await measure(aMeter(), [held, others, ...own], exchange);
      isMeasured(usage);
      expect(chargeOf(exchange, usage).untold?.cause).toBe('disturbed');
      const given = { quota: -800, counterMs: 50_000, rowMs: null };
      const back = await measure(aMeter(), [held, given, ...own], exchange);
      isMeasured(back);
      expect(chargeOf(exchange, back).untold?.cause).toBe('unsettled');
    }
  });

  test('is what it is where it stays, and no sooner than a target says', async () => {
    const exchange = paidExchange(answer(400));
    for (const [withinMs, endMs] of [
      [undefined, 75_000],
      [10_000, 10_000],
    ] as const) {
      const setting = aMeter({}, withinMs === undefined ? {} : { withinMs });
      const usage = await measure(setting, [held], exchange);
      isMeasured(usage);
      expect(setting.clock.monotonic()).toBe(1_500 + endMs);
      expect(chargeOf(exchange, usage).outcomes).toEqual(['refund missing']);
    }
  });
});

test('what is to cost nothing may be given back yet, though it was answered and logged', async () => {
  const setting = aMeter();
  const before = await setting.meter.before(silent);
  if (before.kind === 'unmeasured') throw new Error(before.detail);
  setting.key.charge({ quota: 800, ...OWN });
  setting.key.charge({ quota: -800, counterMs: 9_000, rowMs: null });
  const row = { requestId: 'r1', kind: 'refund' } as const;
  setting.key.charge({ quota: 800, counterMs: null, rowMs: 9_000, row });
  const usage = await setting.meter.after(paidExchange(), before, silent, 'nothing');
  isMeasured(usage);
  expect(chargeOf(paidExchange(), usage)).toMatchObject({ delta: 0, logged: 0 });
});

/** Attempts of one request: those before the last bring nothing; one that is lost runs on, and is charged or given back in the end. */
const lost = fc.record({ ms: fc.nat({ max: 40_000 }), isCharged: fc.boolean() });
const lossy = fc.record({
  batchMs: fc.constantFrom(undefined, 5_000),
  logsIds: fc.boolean(),
  reserved: fc.constantFrom(0, 500),
  exchanges: fc.array(
    fc.record({
      before: fc.array(fc.oneof(fc.constant('refused' as const), lost), { maxLength: 1 }),
      last: fc.oneof(fc.constantFrom('fine' as const, 'refused' as const), lost),
    }),
    { minLength: 2, maxLength: 4 },
  ),
});

test('no honest history of retries and of requests that were lost is ever called out of line', async () => {
  await fc.assert(
    fc.asyncProperty(lossy, async ({ batchMs, logsIds, reserved, exchanges }) => {
      const { meter, key, clock } = aMeter(batchMs === undefined ? {} : { batchMs });
      for (const [at, { before: earlier, last }] of exchanges.entries()) {
        const before = await meter.before(silent);
        if (before.kind === 'unmeasured') throw new Error(before.detail);
        const outcomes = [];
        for (const [nth, how] of [...earlier, last].entries()) {
          const requestId = `r${at}-${nth}`;
          const isLost = typeof how === 'object';
          const quota = (isLost ? how.isCharged : how === 'fine') ? 500 : 0;
          const ms = isLost ? how.ms : 0;
          key.charge({ quota: reserved, rowMs: null });
          await clock.sleep(1_000);
          key.charge({ quota: quota - reserved, counterMs: ms, rowMs: null });
          const row = logsIds ? { requestId } : {};
          if (quota > 0) key.charge({ quota, counterMs: null, rowMs: ms + 50, row });
          outcomes.push(isLost ? TIMEOUT : answer(how === 'fine' ? 200 : 503, requestId));
        }
        const exchange = paidExchange(...outcomes);
        const usage = await meter.after(exchange, before, silent);
        const charge = usage.kind === 'measured' ? chargeOf(exchange, usage) : undefined;
        expect(['', 'aligned', 'aligned late']).toContain(charge?.outcomes.join(' and ') ?? '');
      }
    }),
    { numRuns: 300 },
  );
});
