import { describe, expect, test } from 'vitest';
import {
  aClaim,
  anExpectation,
  aRequest,
  answered,
  fine,
  runOf,
  unanswered,
  verdicts,
} from './engine.fixture.ts';
import { STARTED, storedBy } from './stored.fixture.ts';

const CLAIMS = [
  aClaim('a', { usd: 0.1 }),
  aClaim('b', { usd: 0.2, expect: [anExpectation('status', ['3xx'])] }),
  aClaim('c', { usd: 0.3 }),
];

describe('a run that goes on', () => {
  test('comes to the same from each line of its ledger, and asks nothing that is stored', async () => {
    const whole = await runOf(CLAIMS, fine, { target: { concurrency: 1 } });
    expect(whole.seen.lines).toHaveLength(8); // the failing one has a second trial
    for (let upTo = 0; upTo <= whole.seen.lines.length; upTo += 1) {
      const earlier = storedBy(whole, upTo);
      const { run, seen } = await runOf(CLAIMS, fine, { earlier, target: { concurrency: 1 } });

      expect(seen.sent.length).toBe(whole.seen.sent.length - earlier.exchanges.length);
      expect(seen.lines.length).toBe(whole.seen.lines.length - upTo);
      expect(verdicts(run)).toEqual({ a: 'pass', b: 'fail', c: 'pass' });
      expect(run.cases.map(({ trials }) => trials)).toEqual([1, 2, 1]);
      const { exchanges, requests, usd, startedAt } = run;
      expect({ exchanges, requests, usd, startedAt }).toEqual({
        exchanges: 4,
        requests: 4,
        usd: 0.8,
        startedAt: STARTED,
      });
      const ids = run.cases.flatMap(({ evidence }) => evidence);
      expect(new Set(ids).size).toBe(4);
    }
  });

  test('bears the price of an exchange in one piece of evidence, whichever of them was lost', async () => {
    const twins = [
      aClaim('a', { usd: 0.1 }),
      aClaim('twin', { usd: 0.1, request: aRequest({ id: 'a' }) }),
    ];
    const whole = await runOf(twins, fine);
    for (const upTo of [1, 2]) {
      const { seen, run } = await runOf(twins, fine, { earlier: storedBy(whole, upTo) });
      const all = [...storedBy(whole, upTo).evidence, ...storedBy({ ...whole, seen }).evidence];
      expect(all.map(({ usd }) => usd)).toEqual([0.1, 0]);
      expect(run.usd).toBe(0.1);
    }
  });

  test('has less to spend by what it spent, also on what is not stored', async () => {
    const whole = await runOf(CLAIMS, fine, { target: { concurrency: 1 } });
    const lost = { requests: 1, usd: 0.3 };
    const { run, seen } = await runOf(CLAIMS, fine, {
      earlier: storedBy(whole, 2, { lost }),
      target: { concurrency: 1, budget: { usd: 0.7 } },
    });

    // 0.1 for the first, 0.3 lost: one sending of the second is left.
    expect(seen.sent).toHaveLength(1);
    expect(run.leftOut).toEqual([{ claim: 's/c', case: '', reason: 'budget' }]);
    expect(run.requests).toBe(3);
    expect(run.usd).toBe(0.6);
  });

  test('that is interrupted at once still tells what was found before', async () => {
    const whole = await runOf(CLAIMS, fine, { target: { concurrency: 1 } });
    const { run, seen } = await runOf(CLAIMS, fine, {
      earlier: storedBy(whole, 2),
      signal: AbortSignal.abort(),
    });

    expect(seen.sent).toEqual([]);
    expect(verdicts(run)).toEqual({ a: 'pass', b: 'interrupted', c: 'interrupted' });
  });

  test('asks anew what does not count, and no longer knows what was said of it', async () => {
    const cut = await runOf([aClaim('a')], () => unanswered('unreachable'));
    expect(cut.run.end.kind).toBe('outage');
    const earlier = storedBy(cut, undefined, { anew: new Set(['r1.x1']) });
    const { run, seen } = await runOf([aClaim('a')], fine, { earlier });

    expect(seen.sent).toHaveLength(1);
    expect(run.cases).toMatchObject([{ verdict: { kind: 'pass' }, evidence: ['r1.2'] }]);
    expect(run.exchanges).toBe(2);
  });

  test('judges a stored answer by what the target was when it was asked', async () => {
    const claim = aClaim('a', {
      expect: [anExpectation('json', { at: '$.media', equals: '${target.media}' })],
    });
    const at = (media: string) => ({ target: { let: { media } } });
    const whole = await runOf([claim], () => answered(200, { media: 'old:1' }), at('old:1'));
    const earlier = storedBy(whole, 1);
    const { run, seen } = await runOf([claim], fine, { earlier, ...at('new:2') });

    expect(seen.sent).toEqual([]);
    expect(verdicts(run)).toEqual({ a: 'pass' });
    expect(storedBy({ ...whole, seen }).evidence).toMatchObject([
      { target: { let: { media: 'old:1' } } },
    ]);
  });

  test('does not rest on what an older Assay stored without saying what it answers', async () => {
    const whole = await runOf([aClaim('a')], fine);
    const older = storedBy(whole, 1);
    const exchanges = older.exchanges.map(({ id, sent, attempts, fetched }) => ({
      id,
      sent,
      attempts,
      fetched,
    }));
    const { seen } = await runOf([aClaim('a')], fine, {
      earlier: { ...older, exchanges },
    });
    expect(seen.sent).toHaveLength(1);
  });
});
