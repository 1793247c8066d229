import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, idless, paidExchange, TIMEOUT } from '../domain/charge.fixture.ts';
import { chargeOf } from '../domain/charge.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { UsageSettings } from '../domain/target.ts';
import type { Measured, Usage } from '../domain/usage.ts';
import { aTarget, handClock } from './engine.fixture.ts';
import { makeMeter, type Wait } from './meter.ts';
import { type Charged, type Counts, fakeKey } from './usage.fixture.ts';

const OWN = { row: { requestId: 'r1' } };
const silent = (): void => undefined;

/** A meter on a key in memory, at a clock that nobody waits for. */
function setUp(counts: Counts = {}, settings: Partial<UsageSettings> = {}) {
  const clock = handClock();
  const key = fakeKey(clock, counts);
  const ended = new AbortController();
  const target = aTarget({ usage: { source: 'management', ...settings } });
  const { source } = key;
  const { signal } = ended;
  const meter = makeMeter({ source, target, clock, signal, wasUsed: false });
  return { clock, key, meter, ended };
}

type Setting = ReturnType<typeof setUp>;

/** Measures an exchange that is charged like this the moment it is sent, and answered at once. */
async function measure(
  { meter, key }: Setting,
  charges: readonly Charged[],
  exchange: Exchange = paidExchange(),
): Promise<Usage> {
  const before = await meter.before(silent);
  if (before.kind === 'unmeasured') return before;
  for (const charged of charges) key.charge(charged);
  return await meter.after(exchange, before, silent);
}

function isMeasured(usage: Usage): asserts usage is Measured {
  if (usage.kind !== 'measured') throw new Error(`${usage.cause}: ${usage.detail}`);
}

describe('a charge has settled', () => {
  test('after two equal readings that agree, and no sooner', async () => {
    const setting = setUp();
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
    const usage = await measure(setUp(), [
      { quota: 800, rowMs: null },
      { quota: -300, counterMs: 5_000, rowMs: null },
      { quota: 500, counterMs: null, rowMs: 6_000, ...OWN },
    ]);
    isMeasured(usage);
    expect(usage.counter).toEqual({ before: 1000, after: 1500, peak: 1800 });
    expect(usage).toMatchObject({ isSettled: true, settledMs: 7_500 });
  });

  test('not before two batches have been written, and then soon', async () => {
    const setting = setUp({ batchMs: 5_000 });
    const usage = await measure(setting, [{ quota: 500, counterMs: 100, ...OWN }]);
    isMeasured(usage);
    expect(usage).toMatchObject({ boundMs: 10_000, isSettled: true });
    expect(chargeOf(paidExchange(), usage).outcomes).toEqual(['aligned']);
    const [last] = setting.key.questions.slice(-1);
    const [first] = setting.key.questions;
    expect((last?.ms ?? 0) - (first?.ms ?? 0)).toBe(10_000 + 1_500 + 10_500);
  });

  test('as late as a stale source shows it, which is not asked before', async () => {
    const setting = setUp({ staleMs: 60_000, name: 'token' });
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
    const setting = setUp();
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
    const setting = setUp();
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
    const usage = await measure(setUp(), charges, exchange);
    isMeasured(usage);
    expect(usage.counter).toEqual({ before: 1000, after: 1000, peak: 1800 });
    expect(chargeOf(exchange, usage)).toMatchObject({ outcomes: ['aligned'], delta: 0 });
  });

  test('is waited for to the end where the counter alone is shown', async () => {
    const setting = setUp({ sees: { counter: true, log: false }, name: 'dashboard' });
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
  const patient = setUp({}, { withinMs: 40_000 });
  isMeasured(await measure(patient, [{ quota: 500, rowMs: 39_000, ...OWN }]));
  expect(patient.clock.monotonic()).toBeGreaterThanOrEqual(40_000);
  const hasty = setUp({ batchMs: 2_000 }, { withinMs: 100, batchMs: 2_000 });
  const usage = await measure(hasty, []);
  isMeasured(usage);
  expect(usage).toMatchObject({ boundMs: 4_000, isSettled: true });
});

test('what an attempt before the last one was charged late is waited for', async () => {
  const exchange = paidExchange(TIMEOUT, answer(200));
  const usage = await measure(
    setUp(),
    [
      { quota: 500, ...OWN },
      { quota: 500, counterMs: 9_000, rowMs: 9_000, row: { requestId: 'r0' } },
    ],
    exchange,
  );
  isMeasured(usage);
  expect(usage.rows?.map(({ requestId }) => requestId)).toEqual(['r0', 'r1']);
});

describe('what stands before', () => {
  test('is the last charge where nothing else was sent since', async () => {
    const setting = setUp();
    isMeasured(await measure(setting, [{ quota: 500, ...OWN }]));
    const asked = setting.key.source.asked();
    const before = await setting.meter.before(silent);
    expect(before).toMatchObject({ kind: 'before', reading: { counter: { spent: 1500 } } });
    // How it counts is asked of the source again, which knows.
    expect(setting.key.source.asked()).toBe(asked + 1);
  });

  test('is read once what was sent has been charged', async () => {
    const setting = setUp();
    const waits: [Wait, number][] = [];
    setting.key.charge({ quota: 300, counterMs: 12_000, rowMs: 12_000 });
    setting.meter.use();
    await setting.clock.sleep(1_000);
    const before = await setting.meter.before((...wait) => waits.push(wait));
    expect(waits).toEqual([['earlier charges', 14_000]]);
    expect(before).toMatchObject({ reading: { counter: { spent: 1300 } } });
  });

  test('is read only after a batch, where another run may have ended just before', async () => {
    const setting = setUp({ batchMs: 5_000 });
    setting.key.charge({ quota: 300, counterMs: 4_000, rowMs: null });
    expect(await setting.meter.before(silent)).toMatchObject({
      reading: { counter: { spent: 1300 } },
    });
  });

  test('is not known while somebody else spends all the time', async () => {
    const setting = setUp();
    for (let s = 0; s < 40; s += 1) setting.key.charge({ quota: 1, counterMs: s * 900 });
    expect(await setting.meter.before(silent)).toMatchObject({
      kind: 'unmeasured',
      cause: 'disturbed',
    });
  });

  test('is read anew after a charge that did not come to rest', async () => {
    const setting = setUp();
    const charges = Array.from({ length: 22 }, (_, s) => ({ quota: 1, counterMs: s * 1000 }));
    isMeasured(await measure(setting, charges));
    const before = await setting.meter.before(silent);
    expect(before).toMatchObject({ reading: { counter: { spent: 1022 } } });
  });
});

describe('rows', () => {
  test('are those that the log has gained, whosever they are, and newest first', async () => {
    const setting = setUp();
    const same = { quota: 500, row: { at: '2026-04-14T12:00:00.000Z' } };
    setting.key.charge(same);
    const usage = await measure(setting, [
      same,
      { quota: 70, rowMs: 100, row: { model: 'other-model' } },
    ]);
    isMeasured(usage);
    expect(usage.rows).toEqual([
      expect.objectContaining({ model: 'other-model', quota: 70 }),
      idless({ quota: 500 }),
    ]);
    const { untold, foreign } = chargeOf(paidExchange(), usage);
    expect(untold?.cause).toBe('disturbed');
    expect(foreign.map(({ quota }) => quota)).toEqual([70]);
  });

  test('alone are read until those of an exchange are there, or the time is over', async () => {
    const setting = setUp();
    setting.key.charge({ quota: 1, rowMs: 2_000, ...OWN });
    const own = await setting.meter.rows((rows) => rows);
    expect(own).toMatchObject({ kind: 'unmeasured', rows: [{ requestId: 'r1' }] });
    expect(setting.clock.monotonic()).toBe(3_500);
    expect(await setting.meter.rows(() => [])).toMatchObject({ rows: [] });
    expect(setting.clock.monotonic()).toBe(3_500 + 15_500);
  });
});

describe('a source that cannot be read', () => {
  const refused = { kind: 'unread', cause: 'throttled', detail: 'empty 429' } as const;
  const broken = { kind: 'unread', cause: 'unavailable', detail: '502' } as const;

  test.each(['counting', 'counter', 'rows'])('for its %s measures nothing', async (what) => {
    const setting = setUp();
    setting.key.answer(what, () => refused);
    expect(await measure(setting, [])).toEqual({
      kind: 'unmeasured',
      source: 'management',
      cause: 'throttled',
      detail: 'empty 429',
    });
  });

  test('is given time where that may pass', async () => {
    const setting = setUp();
    const before = await setting.meter.before(silent);
    if (before.kind === 'unmeasured') throw new Error(before.detail);
    setting.key.charge({ quota: 500, ...OWN });
    let troubles = 3;
    setting.key.answer('rows', () => (troubles-- > 0 ? broken : undefined));
    const usage = await setting.meter.after(paidExchange(), before, silent);
    isMeasured(usage);
    expect(usage.isSettled).toBe(true);
    setting.key.answer('counter', () => broken);
    expect(await measure(setting, [])).toMatchObject({ kind: 'unmeasured', cause: 'unavailable' });
  });

  test('because the run ends leaves the charge unmeasured', async () => {
    const setting = setUp();
    const before = await setting.meter.before(silent);
    if (before.kind === 'unmeasured') throw new Error(before.detail);
    setting.key.answer('rows', () => {
      setting.ended.abort();
      return undefined;
    });
    expect(await setting.meter.after(paidExchange(), before, silent)).toMatchObject({
      cause: 'interrupted',
    });
  });

  test('is not asked about what brought no answer', async () => {
    const setting = setUp();
    const before = await setting.meter.before(silent);
    if (before.kind === 'unmeasured') throw new Error(before.detail);
    const asked = setting.key.source.asked();
    expect(await setting.meter.after(paidExchange(TIMEOUT), before, silent)).toMatchObject({
      cause: 'timeout',
    });
    expect(setting.key.source.asked()).toBe(asked);
  });
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
      const setting = setUp({ ...(batchMs && { batchMs }), staleMs });
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

describe('what was sent before', () => {
  test('is not waited for where the source refuses', async () => {
    const { meter, key, clock } = setUp();
    key.answer('counter', () => ({ kind: 'unread', cause: 'unauthorized', detail: '401' }));
    meter.use();
    expect(await meter.before(silent)).toMatchObject({ cause: 'unauthorized' });
    expect(clock.monotonic()).toBe(0);
  });

  test('is waited for no longer than the first answer of a source calls for that could have been stale', async () => {
    const { meter, key, clock } = setUp({ staleMs: 60_000, name: 'token' });
    key.answer('counter', () => {
      key.freshen();
      return undefined;
    });
    expect(await meter.before(silent)).toMatchObject({ kind: 'before' });
    expect(clock.monotonic()).toBeLessThan(5_000);
  });
});
