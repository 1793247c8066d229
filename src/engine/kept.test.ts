import { describe, expect, test } from 'vitest';
import type { UsageSettings } from '../domain/target.ts';
import { aGateway, aligned, asks, exchangesOf, TEN_CENTS } from './charging.fixture.ts';
import { aClaim, anExpectation, runOf, verdicts } from './engine.fixture.ts';
import type { Recorder } from './ports.ts';
import { storedBy } from './stored.fixture.ts';

const CHARGED = [
  aClaim('works', { request: asks('a'), usd: 0.3 }),
  aClaim('charged', { request: asks('a'), usd: 0.3, expect: aligned }),
];

describe('an exchange whose charge is measured', () => {
  test('is kept as soon as it is made, and its charge once that has settled', async () => {
    const { behave, ports } = aGateway({}, () => [
      { quota: TEN_CENTS, counterMs: 9_000, rowMs: 9_000 },
    ]);
    const kept: { readonly kind: string; readonly ms: number; readonly usd?: number }[] = [];
    const keep = async (kind: string, usd?: number) =>
      void kept.push({ kind, ms: ports.clock.monotonic(), ...(usd !== undefined && { usd }) });
    const recorder: Recorder = {
      exchange: ({ answers }) => keep('exchange', answers?.usd),
      usage: ({ usd }) => keep('usage', usd),
      evidence: ({ usd }) => keep('evidence', usd),
    };
    const ordinary = aClaim('ordinary', { request: asks('b'), usd: 0.2 });
    await runOf([...CHARGED, ordinary], behave, { ports: { ...ports, recorder } });

    expect(kept.map(({ kind, usd }) => [kind, usd])).toEqual([
      ['exchange', 0.2],
      ['evidence', 0.2],
      ['exchange', 0.3],
      ['usage', 0.1],
      ['evidence', 0.1],
      ['evidence', 0],
    ]);
    const at = kept.map(({ ms }) => ms);
    expect((at[3] ?? 0) - (at[2] ?? 0)).toBeGreaterThanOrEqual(9_000);
  });

  test.each([
    { upTo: 0, left: 'nothing', sent: 1, requests: 1, usd: 0.1 },
    { upTo: 1, left: 'the exchange without its charge', sent: 1, requests: 2, usd: 0.4 },
    { upTo: 2, left: 'the exchange and its charge', sent: 0, requests: 1, usd: 0.1 },
    { upTo: 3, left: 'one piece of evidence', sent: 0, requests: 1, usd: 0.1 },
    { upTo: 4, left: 'all', sent: 0, requests: 1, usd: 0.1 },
  ])('that was cut short with $left comes to the same', async ({ upTo, left: _left, ...come }) => {
    const { behave, ports } = aGateway();
    const whole = await runOf(CHARGED, behave, { ports });
    expect(whole.seen.lines).toHaveLength(4);
    const on = await runOf(CHARGED, behave, { ports, earlier: storedBy(whole, upTo) });

    expect(verdicts(on.run)).toEqual({ works: 'pass', charged: 'pass' });
    const { requests, usd, measuredUsd } = on.run;
    expect({ sent: on.seen.sent.length, requests, usd }).toEqual(come);
    expect(measuredUsd).toBe(0.1);
  });

  test('is not asked anew where its price, which stays spent, leaves too little', async () => {
    const { behave, ports } = aGateway();
    const whole = await runOf(CHARGED, behave, { ports });
    const { run, seen } = await runOf(CHARGED, behave, {
      ports,
      earlier: storedBy(whole, 1),
      target: { budget: { usd: 0.5 } },
    });

    expect(seen.sent).toEqual([]);
    expect(run.leftOut.map(({ reason }) => reason)).toEqual(['budget', 'budget']);
    expect(run.usd).toBe(0.3);
  });

  test('is cut short again while it is asked anew, and each price stays spent', async () => {
    const { behave, ports } = aGateway();
    const first = await runOf(CHARGED, behave, { ports });
    const once = storedBy(first, 1);
    const second = storedBy(await runOf(CHARGED, behave, { ports, earlier: once }), 1);
    const exchanges = [...once.exchanges, ...second.exchanges];
    expect(exchanges.map(({ id }) => id)).toEqual(['r1.x1', 'r1.x2']);
    const { run } = await runOf(CHARGED, behave, { ports, earlier: { ...once, exchanges } });

    expect(verdicts(run)).toEqual({ works: 'pass', charged: 'pass' });
    expect(run).toMatchObject({ exchanges: 3, requests: 3, usd: 0.7, measuredUsd: 0.1 });
  });

  test.each([
    ['exchange', { exchange: fails }, 0],
    ['usage', { usage: fails }, 2],
  ] as const)('ends the run where its %s cannot be kept', async (_, over, reads) => {
    const { key, behave, ports } = aGateway();
    const ignore = async () => {};
    const recorder: Recorder = { exchange: ignore, usage: ignore, evidence: ignore, ...over };
    let before = 0;
    const { run } = await runOf(
      CHARGED,
      (...asked) => {
        before = key.source.asked();
        return behave(...asked);
      },
      { ports: { ...ports, recorder } },
    );
    expect(run.end).toMatchObject({ kind: 'ledger-failed', detail: 'disk full' });
    expect(verdicts(run)).toEqual({ works: 'interrupted', charged: 'interrupted' });
    expect(key.source.asked() - before).toBeGreaterThanOrEqual(reads);
    if (reads === 0) expect(key.source.asked()).toBe(before);
  });
});

function fails(): Promise<void> {
  return Promise.reject(new Error('disk full'));
}

describe('an exchange of which only rows of the log are read', () => {
  const alias = [anExpectation('alias', 'gemini-2.5-flash-image')];
  const claims = [aClaim('alias', { request: asks('a'), expect: alias })];
  const row = { upstreamModel: 'gemini-2.5-flash-image' };
  const usage: UsageSettings = { source: 'management', withinMs: 6_000 };

  test('is not sent again where they were lost: they are in the log still', async () => {
    const { behave, ports } = aGateway({}, () => [{ quota: TEN_CENTS, rowMs: 1_000, row }]);
    const whole = await runOf(claims, behave, { ports, target: { usage } });
    const earlier = storedBy(whole, 1);
    expect(earlier.exchanges[0]).not.toHaveProperty('usage');
    const on = await runOf(claims, behave, { ports, target: { usage }, earlier });

    expect(on.seen.sent).toEqual([]);
    expect(verdicts(on.run)).toEqual({ alias: 'pass' });
    expect(on.seen.lines).toMatchObject([
      { usage: { exchange: 'r1.x1', usage: { rows: [row] } } },
      { evidence: { exchange: 'r1.x1', alias: 'gemini-2.5-flash-image' } },
    ]);
    const [stored] = exchangesOf(whole);
    expect(stored?.usage).toMatchObject({ rows: [row] });
  });
});
