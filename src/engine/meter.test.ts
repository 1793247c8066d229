import { describe, expect, test } from 'vitest';
import { answer, idless, paidExchange, TIMEOUT } from '../domain/charge.fixture.ts';
import { chargeOf } from '../domain/charge.ts';
import { aMeter, isMeasured, measure, OWN, silent } from './meter.fixture.ts';
import type { Wait } from './meter.ts';

describe('what stands before', () => {
  test('is the last charge where nothing else was sent since', async () => {
    const setting = aMeter();
    isMeasured(await measure(setting, [{ quota: 500, ...OWN }]));
    const asked = setting.key.source.asked();
    const before = await setting.meter.before(silent);
    expect(before).toMatchObject({ kind: 'before', reading: { counter: { spent: 1500 } } });
    // How it counts is asked of the source again, which knows.
    expect(setting.key.source.asked()).toBe(asked + 1);
  });

  test('is read once what was sent has been charged', async () => {
    const setting = aMeter();
    const waits: [Wait, number][] = [];
    setting.key.charge({ quota: 300, counterMs: 12_000, rowMs: 12_000 });
    setting.meter.use();
    await setting.clock.sleep(1_000);
    const before = await setting.meter.before((...wait) => waits.push(wait));
    expect(waits).toEqual([['earlier charges', 14_000]]);
    expect(before).toMatchObject({ reading: { counter: { spent: 1300 } } });
  });

  test('is read once what brought no answer has had the time to end without us', async () => {
    const proxied = { ...answer(504), headers: {} };
    for (const outcomes of [[TIMEOUT], [TIMEOUT, answer(200)], [proxied]]) {
      const ordinary = aMeter();
      const late = { quota: 300, counterMs: 70_000, rowMs: 70_000, row: { requestId: 'r0' } };
      ordinary.key.charge(late);
      ordinary.meter.use(paidExchange(...outcomes));
      const before = await ordinary.meter.before(silent);
      expect(before).toMatchObject({ reading: { counter: { spent: 1300 } } });
      const measuring = aMeter();
      await measure(measuring, [late], paidExchange(...outcomes));
      const next = await measuring.meter.before(silent);
      expect(next).toMatchObject({ reading: { counter: { spent: 1300 } } });
    }
  });

  test('is read only after a batch, where another run may have ended just before', async () => {
    const setting = aMeter({ batchMs: 5_000 });
    setting.key.charge({ quota: 300, counterMs: 4_000, rowMs: null });
    expect(await setting.meter.before(silent)).toMatchObject({
      reading: { counter: { spent: 1300 } },
    });
  });

  test('is not known while somebody else spends all the time', async () => {
    const setting = aMeter();
    for (let s = 0; s < 40; s += 1) setting.key.charge({ quota: 1, counterMs: s * 900 });
    expect(await setting.meter.before(silent)).toMatchObject({
      kind: 'unmeasured',
      cause: 'disturbed',
    });
  });

  test('is read anew after a charge that did not come to rest', async () => {
    const setting = aMeter();
    const charges = Array.from({ length: 22 }, (_, s) => ({ quota: 1, counterMs: s * 1000 }));
    isMeasured(await measure(setting, charges));
    const before = await setting.meter.before(silent);
    expect(before).toMatchObject({ reading: { counter: { spent: 1022 } } });
  });
});

describe('rows', () => {
  test('are those that the log has gained, whosever they are, and newest first', async () => {
    const setting = aMeter();
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
    const setting = aMeter();
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
    const setting = aMeter();
    setting.key.answer(what, () => refused);
    expect(await measure(setting, [])).toEqual({
      kind: 'unmeasured',
      source: 'management',
      cause: 'throttled',
      detail: 'empty 429',
    });
  });

  test('is given time where that may pass', async () => {
    const setting = aMeter();
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
    const setting = aMeter();
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
    const setting = aMeter();
    const before = await setting.meter.before(silent);
    if (before.kind === 'unmeasured') throw new Error(before.detail);
    const asked = setting.key.source.asked();
    expect(await setting.meter.after(paidExchange(TIMEOUT), before, silent)).toMatchObject({
      cause: 'timeout',
    });
    expect(setting.key.source.asked()).toBe(asked);
  });
});

describe('what was sent before', () => {
  test('is not waited for where the source refuses', async () => {
    const { meter, key, clock } = aMeter();
    key.answer('counter', () => ({ kind: 'unread', cause: 'unauthorized', detail: '401' }));
    meter.use();
    expect(await meter.before(silent)).toMatchObject({ cause: 'unauthorized' });
    expect(clock.monotonic()).toBe(0);
  });

  test('is waited for no longer than the first answer of a source calls for that could have been stale', async () => {
    const { meter, key, clock } = aMeter({ staleMs: 60_000, name: 'token' });
    key.answer('counter', () => {
      key.freshen();
      return undefined;
    });
    expect(await meter.before(silent)).toMatchObject({ kind: 'before' });
    expect(clock.monotonic()).toBeLessThan(5_000);
  });
});
