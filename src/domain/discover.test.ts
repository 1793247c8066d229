import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from './interval.fixture.ts';
import type { Expectation } from './claim.ts';
import {
  boundCase,
  type Conclusion,
  type Documented,
  isRefuted,
  mostProbes,
  nextStep,
  type Seen,
  stands,
  statedReason,
} from './discover.ts';

type Answer = (value: number, trial: number) => Seen['reading'];

/** A search to its end, against a gateway that answers so. */
function search(
  documented: Documented,
  between: readonly [number, number],
  answer: Answer,
): { readonly probes: readonly number[]; readonly conclusion: Conclusion } {
  const seen: Seen[] = [];
  for (let guard = 0; guard < 500; guard += 1) {
    const step = nextStep(documented, between, seen);
    if (step.kind !== 'probe') return { probes: seen.map(({ value }) => value), conclusion: step };
    const trial = 1 + seen.filter(({ value }) => value === step.value).length;
    seen.push({ value: step.value, reading: answer(step.value, trial) });
  }
  throw new Error('the search does not end');
}

const limitOf =
  (limit: number): Answer =>
  (value) =>
    value <= limit ? 'accepted' : 'rejected';

const FOURTEEN: Documented = { lastAccepted: 14, firstRejected: 15 };

describe('a search', () => {
  test('finds a limit of 17 in at most 8 probes after the documented 14, the edge confirmed', () => {
    const { probes, conclusion } = search(FOURTEEN, [1, 64], limitOf(17));
    expect(conclusion).toEqual({ kind: 'sharp', lastAccepted: 17, firstRejected: 18, times: 3 });
    expect(probes[0]).toBe(14);
    expect(probes.slice(1)).toEqual([15, 19, 17, 18, 18, 17, 17, 18]);
  });

  test('leaves a documented edge that stands after two probes, which it then confirms', () => {
    const { probes, conclusion } = search(FOURTEEN, [1, 64], limitOf(14));
    expect(conclusion).toEqual({ kind: 'sharp', lastAccepted: 14, firstRejected: 15, times: 3 });
    expect(probes).toEqual([14, 15, 15, 14, 14, 15, 13, 16, 15]);
  });

  test('finds a limit of so many bytes exactly, wherever the docs say that it is', () => {
    const limit = 31_457_280;
    for (const lastAccepted of [limit, 20 << 20, 31_000_000, 60 << 20]) {
      const { probes, conclusion } = search(
        { lastAccepted, firstRejected: lastAccepted + 1 },
        [1, 64 << 20],
        limitOf(limit),
      );
      expect(conclusion).toMatchObject({ lastAccepted: limit, firstRejected: limit + 1 });
      expect(conclusion.kind).toBe('sharp');
      expect(probes.length).toBeLessThanOrEqual(mostProbes([1, 64 << 20]));
    }
  });

  test('finds every sharp limit of its range within the probes that it announces', () => {
    const range = fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 1 << 26 }));
    fc.assert(
      fc.property(
        range,
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        fc.nat(),
        fc.nat(3),
        ([least, width], share, seed, gap) => {
          const between = [least, least + width] as const;
          const limit = least + Math.floor(share * width);
          const lastAccepted = least + (seed % width);
          const firstRejected = Math.min(lastAccepted + 1 + gap, between[1]);
          const documented = { lastAccepted, firstRejected };
          const { probes, conclusion } = search(documented, between, limitOf(limit));
          const edge = { lastAccepted: limit, firstRejected: limit + 1 };
          expect(conclusion).toMatchObject({ kind: 'sharp', ...edge });
          expect(probes.length).toBeLessThanOrEqual(mostProbes(between));
          expect(stands(conclusion, documented)).toBe(
            limit >= lastAccepted && limit + 1 <= firstRejected,
          );
          expect(probes.every((value) => value >= between[0] && value <= between[1])).toBe(true);
        },
      ),
    );
  });

  test('says so where the whole range is accepted, or none of it', () => {
    const { conclusion: above } = search(FOURTEEN, [1, 64], limitOf(100));
    expect(above).toEqual({ kind: 'none-up-to', value: 64 });
    const { conclusion: below } = search(FOURTEEN, [1, 64], limitOf(0));
    expect(below).toEqual({ kind: 'rejected-from', value: 1 });
    expect([above, below].map((one) => stands(one, FOURTEEN))).toEqual([false, false]);
  });

  test('says that an edge is not sharp where a side says something else when it is probed once more', () => {
    const { conclusion } = search(FOURTEEN, [1, 64], (value, trial) =>
      value === 15 && trial > 1 ? 'accepted' : limitOf(14)(value, trial),
    );
    expect(conclusion).toEqual({ kind: 'unsharp', lowestRejected: 15, highestAccepted: 15 });
  });

  test('sees that two channels take turns whose limits differ', () => {
    let turn = 0;
    const { conclusion } = search(FOURTEEN, [1, 64], (value) =>
      value <= (turn++ % 2 === 0 ? 14 : 15) ? 'accepted' : 'rejected',
    );
    expect(conclusion).toEqual({ kind: 'unsharp', lowestRejected: 15, highestAccepted: 15 });
  });

  test.each([
    [1, 25],
    [2, 16],
    [4, 13],
    [8, 11],
    [16, 9],
  ])(
    'tells an edge at which a coin decides of %i values as sharp in less than %i of 100 searches',
    (wide, most) => {
      const coin = seeded(wide);
      const searches = 5000;
      let sharp = 0;
      for (let number = 0; number < searches; number += 1) {
        const first = Math.max(1, 15 - (number % (wide + 1)));
        const { conclusion } = search(FOURTEEN, [1, 64], (value) => {
          if (value < first) return 'accepted';
          if (value >= first + wide) return 'rejected';
          return coin() < 0.5 ? 'accepted' : 'rejected';
        });
        if (conclusion.kind === 'sharp') sharp += 1;
      }
      expect((100 * sharp) / searches).toBeLessThan(most);
    },
  );

  test('says so where something was accepted beyond what was rejected', () => {
    const { conclusion } = search(FOURTEEN, [1, 64], (value, trial) =>
      value === 16 ? 'accepted' : limitOf(14)(value, trial),
    );
    expect(conclusion).toEqual({ kind: 'unsharp', lowestRejected: 15, highestAccepted: 16 });
    expect(stands(conclusion, FOURTEEN)).toBe(false);
  });

  test('tries once more what decides nothing, then says what it could not tell', () => {
    const once = search(FOURTEEN, [1, 64], (value, trial) =>
      value === 15 && trial === 1 ? 'neither' : limitOf(14)(value, trial),
    );
    expect(once.conclusion.kind).toBe('sharp');
    expect(once.probes.slice(0, 3)).toEqual([14, 15, 15]);
    const twice = search(FOURTEEN, [1, 64], (value, trial) =>
      value === 15 ? 'neither' : limitOf(14)(value, trial),
    );
    expect(twice).toEqual({ probes: [14, 15, 15], conclusion: { kind: 'untold', value: 15 } });
  });

  test('takes a limit within a gap that the docs leave for the documented one', () => {
    const documented = { lastAccepted: 14, firstRejected: 20 };
    const { conclusion } = search(documented, [1, 64], limitOf(17));
    expect(conclusion).toMatchObject({ lastAccepted: 17, firstRejected: 18 });
    expect(stands(conclusion, documented)).toBe(true);
  });
});

const PLACE = { file: 's.yaml', line: 1, column: 1 };
const expectation = (kind: string, value: Expectation['value']): Expectation => ({
  kind,
  value,
  place: PLACE,
});

test('a case is bound to a value as a suite fills it: typed where it stands alone, and never within $literal', () => {
  const open = {
    claim: 's/c',
    name: '',
    request: {
      method: 'POST',
      path: '/v1/${n}',
      query: { n: '${n}' },
      headers: {},
      auth: 'bearer' as const,
      json: { n: '${n}', text: 'so many: ${n}', host: '${target.host}', as: { $literal: '${n}' } },
    },
    given: [],
    expect: [expectation('rejected', { message: 'at most ${n}' })],
  };
  expect(boundCase({ open, values: [] }, 'n', 17)).toEqual({
    ...open,
    name: 'n=17',
    request: {
      ...open.request,
      path: '/v1/17',
      query: { n: '17' },
      json: { n: 17, text: 'so many: 17', host: '${target.host}', as: { $literal: '${n}' } },
    },
    expect: [expectation('rejected', { message: 'at most 17' })],
  });
});

test('the stated reason is the same whichever numbers a message names', () => {
  const [one] = statedReason([
    expectation('rejected', { message: 'at most 14 images (of 1.5 MiB)', status: 400 }),
  ]);
  expect(one?.value).toEqual({
    message: { matches: 'at most [0-9][0-9.,]* images \\(of [0-9][0-9.,]* MiB\\)' },
    status: 400,
  });
  const several = statedReason([expectation('rejected', { message: ['too many', 'limit 14'] })]);
  expect(several.map(({ value }) => value)).toEqual([
    { message: { matches: 'too many' } },
    { message: { matches: 'limit [0-9][0-9.,]*' } },
  ]);
  const asWritten = [expectation('status', [400]), expectation('rejected', { code: 7 })];
  expect(statedReason(asWritten)).toEqual(asWritten);
});

describe('a documented limit', () => {
  const documented = { lastAccepted: 14, firstRejected: 15 };

  test.each([
    [[[15, 'accepted']], true],
    [
      [
        [14, 'accepted'],
        [15, 'rejected'],
      ],
      false,
    ],
    [[[13, 'rejected']], false],
    [
      [
        [13, 'rejected'],
        [9, 'accepted'],
      ],
      true,
    ],
    [[[15, 'neither']], false],
    [[], false],
  ] as const)('of 14, of which was seen %j, is refuted: %j', (seen, refuted) => {
    const probes = seen.map(([value, reading]) => ({ value, reading }));
    expect(isRefuted(probes, documented)).toBe(refuted);
  });
});
