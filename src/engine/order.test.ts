import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aRequest, aTarget, handClock } from './engine.fixture.ts';
import { inOrder } from './order.ts';
import type { PlannedExchange } from './sharing.ts';

/** A planned exchange that waits for those of these numbers; `place` is where its key is used. */
function planned(
  at: number,
  { measured = false, after = [], place = 'w', world = place }: Part = {},
): PlannedExchange {
  return {
    id: String(at),
    target: aTarget({
      grade: 'rehearsal',
      world,
      baseUrl: `http://${place}.example`,
      concurrency: 3,
    }),
    request: aRequest({ at }),
    cases: [],
    after: after.map(String),
    usd: 0,
    requests: 1,
    worst: { requests: 1, usd: 0 },
    ...(measured && { measures: 'charge' as const }),
  };
}

interface Part {
  readonly measured?: boolean;
  readonly after?: readonly number[];
  readonly place?: string;
  readonly world?: string;
}

/** Attends to exchanges that each take so many turns of the queue of promises; what was running when each began, and the order. */
async function attended(exchanges: readonly PlannedExchange[], turns: (at: number) => number) {
  const running = new Set<PlannedExchange>();
  const begun: { readonly one: PlannedExchange; readonly beside: readonly PlannedExchange[] }[] =
    [];
  const ended: string[] = [];
  await inOrder(
    { exchanges, target: aTarget({ concurrency: 3 }) },
    ({ measures }) => measures === 'charge',
    async (one) => {
      begun.push({ one, beside: [...running] });
      running.add(one);
      for (let turn = 0; turn < turns(Number(one.id)); turn += 1) await Promise.resolve();
      running.delete(one);
      ended.push(one.id);
    },
  );
  return { begun, ended, order: begun.map(({ one }) => one.id).join(' ') };
}

/** Exchanges of which each may wait for some that stand before it. */
const graphs = fc
  .array(
    fc.record({
      measured: fc.boolean(),
      place: fc.constantFrom('w', 'v'),
      world: fc.constantFrom('2026-03-30', '2026-04-14'),
      before: fc.array(fc.nat(), { maxLength: 4 }),
      turns: fc.nat({ max: 9 }),
    }),
    { maxLength: 30 },
  )
  .map((parts) => ({
    turns: parts.map((part) => part.turns),
    exchanges: parts.map(({ before, ...part }, at) =>
      planned(at, { ...part, after: at === 0 ? [] : before.map((number) => number % at) }),
    ),
  }));

describe('whatever waits for whatever', () => {
  test('all end, each after those it waits for, none measured beside anything on its key, and never more at once than may be', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async ({ exchanges, turns }) => {
        const { begun, ended } = await attended(exchanges, (at) => turns[at] ?? 0);
        expect(ended.toSorted(byNumber)).toEqual(exchanges.map(({ id }) => id));
        for (const { one, beside } of begun) {
          expect(beside.length).toBeLessThan(3);
          const onItsKey = beside.filter(({ target }) => target.baseUrl === one.target.baseUrl);
          const alone = [one, ...onItsKey].filter(({ measures }) => measures === 'charge');
          if (alone.length > 0) expect(onItsKey).toEqual([]);
          const place = ended.indexOf(one.id);
          for (const id of one.after) expect(ended.indexOf(id)).toBeLessThan(place);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

describe('exchanges that need their key alone', () => {
  test('wait for all ordinary ones that are ready, and then go one after the other', async () => {
    const parts = [true, false, true, false, false].map((measured, at) =>
      planned(at, { measured }),
    );
    const { order } = await attended(parts, () => 2);
    expect(order).toBe('1 3 4 0 2');
  });

  test('wait for a chain of ordinary ones as well: it is not cut in two', async () => {
    const exchanges = [
      planned(0, { measured: true }),
      planned(1),
      planned(2, { after: [1] }),
      planned(3, { after: [2] }),
    ];
    expect((await attended(exchanges, () => 5)).order).toBe('1 2 3 0');
  });

  test('go on while more of them are ready, before ordinary ones do that waited for one of them', async () => {
    const exchanges = [
      planned(0, { measured: true }),
      planned(1, { after: [0] }),
      planned(2, { measured: true, after: [0] }),
      planned(3, { measured: true, after: [1] }),
      planned(4, { after: [2] }),
    ];
    expect((await attended(exchanges, () => 1)).order).toBe('0 2 1 4 3');
  });

  test('do not keep another key waiting', async () => {
    const exchanges = [
      planned(0, { measured: true }),
      planned(1, { place: 'v' }),
      planned(2, { place: 'v', measured: true }),
    ];
    const { begun } = await attended(exchanges, (at) => (at === 0 ? 20 : 1));
    expect(begun.map(({ one, beside }) => [one.id, beside.map(({ id }) => id)])).toEqual([
      ['1', []],
      ['0', ['1']],
      ['2', ['0']],
    ]);
  });
});

test('worlds of a rehearsal share the key of the one gateway that stands for them', async () => {
  const exchanges = [
    planned(0, { measured: true }),
    planned(1, { world: 'v' }),
    planned(2, { world: 'v', measured: true }),
  ];
  const { begun } = await attended(exchanges, (at) => (at === 0 ? 20 : 1));
  expect(begun.map(({ one, beside }) => [one.id, beside])).toEqual([
    ['1', []],
    ['0', []],
    ['2', []],
  ]);
});

test('a fault of ours ends the run, and is not swallowed', async () => {
  const clock = handClock();
  const failing = inOrder(
    { exchanges: [planned(0), planned(1, { after: [0] })], target: aTarget() },
    () => false,
    async () => {
      await clock.sleep(1);
      throw new Error('ours');
    },
  );
  await expect(failing).rejects.toThrow('ours');
});
