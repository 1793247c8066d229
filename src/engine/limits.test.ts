import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answered, handClock, unanswered } from './engine.fixture.ts';
import { limited, makeGate } from './limits.ts';
import type { Ask } from './ports.ts';
import { makeWatch } from './outage.ts';
import { retryDelay } from './retry.ts';

const never = new AbortController().signal;
const NOW = Date.UTC(2026, 2, 30);

describe('a pace', () => {
  it('lets no more pass in any window than it says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(2_000), { minLength: 8, maxLength: 20 }),
        async (count, pauses) => {
          const clock = handClock();
          const gate = makeGate({ count, perMs: 1_000 }, clock);
          const passed: number[] = [];
          for (const pause of pauses) {
            await clock.sleep(pause);
            await gate(never);
            passed.push(clock.monotonic());
          }
          for (const [at, time] of passed.entries()) {
            const later = passed[at + count];
            if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(1_000);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('holds for those who ask at the same time, in the order of asking', async () => {
    const clock = handClock();
    const gate = makeGate({ count: 2, perMs: 1_000 }, clock);
    const passed: [number, number][] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map((who) => gate(never).then(() => passed.push([who, clock.monotonic()]))),
    );
    expect(passed).toEqual([
      [0, 0],
      [1, 0],
      [2, 1_000],
      [3, 1_000],
      [4, 2_000],
    ]);
  });

  it('holds nobody where there is none, or once the run has ended', async () => {
    const clock = handClock();
    const open = makeGate(undefined, clock);
    const ended = makeGate({ count: 1, perMs: 1_000 }, clock);
    for (let time = 0; time < 3; time++)
      await Promise.all([open(never), ended(AbortSignal.abort())]);
    expect(clock.slept).toEqual([]);
  });
});

describe('questions that are held to a pace', () => {
  const question = {
    method: 'GET',
    url: 'http://gateway.example/api/log/token',
    headers: {},
    timeoutMs: 5_000,
    guarded: false,
  };

  /** Asks at a pace of so many a minute, or of the scarce source, and remembers when it was really asked. */
  function asking(pace = { count: 20, perMs: 1_200_000 }) {
    const clock = handClock();
    const at: number[] = [];
    const ask: Ask = async () => {
      at.push(clock.monotonic());
      return { outcome: answered(200) };
    };
    const once = limited(pace, clock, ask);
    return { clock, at, once: async () => (await once(question, never)).outcome };
  }

  it('go out at once while there are few', async () => {
    const { clock, at, once } = asking();
    for (let time = 0; time < 20; time++) expect(await once()).toMatchObject({ kind: 'answered' });
    expect(at).toHaveLength(20);
    expect(clock.slept).toEqual([]);
  });

  it('are not sent at all where they would wait for longer than three minutes', async () => {
    const { clock, at, once } = asking();
    for (let time = 0; time < 20; time++) await once();
    expect(await once()).toEqual({
      kind: 'unanswered',
      cause: 'throttled',
      detail: 'the source allows 20 reads in 20 min',
    });
    expect(at).toHaveLength(20);
    expect(clock.slept).toEqual([]);
  });

  it('wait for less, and keep nobody from asking later', async () => {
    const { clock, at, once } = asking();
    for (let time = 0; time < 20; time++) await once();
    await clock.sleep(1_200_000 - 180_001);
    expect(await once()).toMatchObject({ cause: 'throttled' });
    await clock.sleep(1);
    expect(await once()).toMatchObject({ kind: 'answered' });
    expect(at.at(-1)).toBe(1_200_000);
  });

  it('say of a pace in seconds what it is', async () => {
    const { once } = asking({ count: 2, perMs: 190_500 });
    await once();
    await once();
    expect(await once()).toMatchObject({ detail: 'the source allows 2 reads in 190.5 s' });
  });

  it('never go out oftener than that, however a slow settlement polls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1_000, max: 600_000 }),
        fc.array(fc.nat(120_000), { minLength: 10, maxLength: 60 }),
        async (count, perMs, pauses) => {
          const { clock, at, once } = asking({ count, perMs });
          let kept = 0;
          for (const pause of pauses) {
            await clock.sleep(pause);
            const before = clock.monotonic();
            const outcome = await once();
            if (outcome.kind === 'unanswered') kept += 1;
            expect(clock.monotonic() - before).toBeLessThanOrEqual(180_000);
          }
          expect(at.length + kept).toBe(pauses.length);
          for (const [index, time] of at.entries()) {
            const later = at[index + count];
            if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(perMs);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are told by the transport that the run has ended', async () => {
    const clock = handClock();
    const ended = limited({ count: 1, perMs: 1_000 }, clock, async (_, signal) => ({
      outcome: signal.aborted ? unanswered('interrupted') : answered(200),
    }));
    const gone = AbortSignal.abort();
    expect((await ended(question, gone)).outcome).toMatchObject({ cause: 'interrupted' });
    expect((await ended(question, gone)).outcome).toMatchObject({ cause: 'interrupted' });
    expect(clock.slept).toEqual([]);
  });
});

describe('a retry', () => {
  it.each([429, 502, 503, 504, 524, 529])(
    'waits longer each time after %i, and is made twice at most',
    (status) => {
      expect([1, 2, 3].map((attempts) => retryDelay(answered(status), attempts, NOW))).toEqual([
        500,
        1_000,
        undefined,
      ]);
    },
  );

  it.each([200, 400, 401, 403, 404, 408, 500, 501])('is not made after %i', (status) => {
    expect(retryDelay(answered(status), 1, NOW)).toBeUndefined();
  });

  it.each(['unreachable', 'timeout', 'disconnected'] as const)('is made after %s', (cause) => {
    expect(retryDelay(unanswered(cause), 1, NOW)).toBe(500);
  });

  it.each([
    ['timeout', 1],
    ['unreachable', 2],
    ['disconnected', 2],
  ] as const)('is made after %s %i times at most', (cause, most) => {
    const delays = [1, 2, 3].map((attempts) => retryDelay(unanswered(cause), attempts, NOW));
    expect(delays.filter((delay) => delay !== undefined)).toHaveLength(most);
  });

  it.each(['oversized', 'malformed', 'guarded', 'interrupted'] as const)(
    'is not made after %s',
    (cause) => {
      expect(retryDelay(unanswered(cause), 1, NOW)).toBeUndefined();
    },
  );

  it.each(['model_not_found', 'get_channel_failed', 'convert_request_failed', 'model_price_error'])(
    'is not made after %s, which is an answer whatever its status',
    (code) => {
      expect(retryDelay(answered(503, { error: { message: 'no', code } }), 1, NOW)).toBeUndefined();
    },
  );

  it.each([
    ['7', 7_000],
    ['0', 500],
    ['Mon, 30 Mar 2026 00:00:09 GMT', 9_000],
    ['Mon, 30 Mar 2026 00:00:00 GMT', 500],
    ['soon', 500],
    ['-5', 500],
    ['', 500],
    ['61', undefined],
    ['99999999999999999999', undefined],
  ])('asked for by Retry-After %j waits %j ms', (written, expected) => {
    expect(retryDelay(answered(429, {}, { 'retry-after': written }), 1, NOW)).toBe(expected);
  });
});

describe('an outage', () => {
  it('is a target that was never reached, at once', () => {
    const watch = makeWatch();
    watch.see(unanswered('unreachable'));
    expect(watch.outage()).toEqual({ cause: 'unreachable', detail: 'it was unreachable' });
  });

  it.each(['unreachable', 'timeout', 'disconnected'] as const)(
    'is three exchanges in a row that were %s',
    (cause) => {
      const watch = makeWatch();
      watch.see(answered(200));
      for (let time = 0; time < 2; time++) watch.see(unanswered(cause));
      watch.see(answered(500));
      for (let time = 0; time < 2; time++) watch.see(unanswered(cause));
      expect(watch.outage()).toBeUndefined();
      watch.see(unanswered(cause));
      expect(watch.outage()).toMatchObject({ cause });
    },
  );

  it('is not a body that is too large, however often', () => {
    const watch = makeWatch();
    for (let time = 0; time < 5; time++) watch.see(unanswered('oversized'));
    expect(watch.outage()).toBeUndefined();
  });

  it('is not HTML, but if that is all there is, a hint names the base URL', () => {
    const watch = makeWatch();
    const page = { ...answered(200), headers: { 'content-type': 'text/html; charset=utf-8' } };
    expect(watch.hint()).toBeUndefined();
    watch.see(page);
    expect(watch.outage()).toBeUndefined();
    expect(watch.hint()).toMatch(/base URL/);
    watch.see(answered(200));
    expect(watch.hint()).toBeUndefined();
  });
});
