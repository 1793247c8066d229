import { describe, expect, test } from 'vitest';
import { aGateway, aligned, asks, evidenceOf, exchangesOf } from './charging.fixture.ts';
import { aClaim, runOf } from './engine.fixture.ts';
import type { Earlier } from './past.ts';

describe('what a run costs', () => {
  const claims = [
    aClaim('ordinary', { request: asks('a'), usd: 0.3 }),
    aClaim('charged', { request: asks('b'), usd: 0.3, expect: aligned }),
    aClaim('charged-too', { request: asks('b'), usd: 0.25, expect: aligned }),
  ];

  test('is what was measured, and else what was declared', async () => {
    const { behave, ports } = aGateway();
    const made = await runOf(claims, behave, { ports });
    expect(made.run).toMatchObject({ usd: 0.4, measuredUsd: 0.1 });
    expect(evidenceOf(made).map(({ usd, measured }) => [usd, measured])).toEqual([
      [0.3, undefined],
      [0.1, true],
      [0, undefined],
    ]);
    expect(exchangesOf(made).map(({ answers }) => answers?.usd)).toEqual([0.3, 0.1]);
  });

  test('is settled with the budget, which then lasts for more', async () => {
    const { behave, ports } = aGateway();
    const many = ['a', 'b', 'c', 'd'].map((id) =>
      aClaim(id, { request: asks(id), usd: 0.1, expect: aligned, as: 'broken' }),
    );
    const budget = { usd: 0.45 };
    const { run } = await runOf(many, behave, { ports, target: { budget } });
    // Each is tried twice; what is declared as ten cents costs ten.
    expect(run.requests).toBe(4);
    const free = aGateway({}, () => []);
    const cheap = await runOf(many, free.behave, { ports: free.ports, target: { budget } });
    expect(cheap.run).toMatchObject({ usd: 0, leftOut: [] });
  });

  test('is told the same by a run that goes on', async () => {
    const { behave, ports } = aGateway();
    const whole = await runOf(claims, behave, { ports });
    const [one, ...others] = evidenceOf(whole);
    const earlier: Earlier = {
      startedAt: '2026-03-30T00:00:00.000Z',
      exchanges: exchangesOf(whole),
      evidence: one === undefined ? [] : [one],
      anew: new Set(),
      lost: { requests: 0, usd: 0 },
    };
    const on = await runOf(claims, behave, { ports: aGateway().ports, earlier });
    expect(on.seen.sent).toEqual([]);
    const { usd, measuredUsd } = whole.run;
    expect(on.run).toMatchObject({ usd, measuredUsd });
    expect(evidenceOf(on)).toEqual(others);
    const complete = { ...earlier, evidence: evidenceOf(whole) };
    const again = await runOf(claims, behave, { ports: aGateway().ports, earlier: complete });
    expect(again.run).toMatchObject({ usd, measuredUsd });
  });
});
