import { assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answer,
  idless,
  judgedCharge,
  measured,
  moved,
  row,
  TIMEOUT,
  without,
} from '../charge.fixture.ts';
import type { Json } from '../claim.ts';
import type { Usage } from '../usage.ts';

const verdict = (...args: Parameters<typeof judgedCharge>) => judgedCharge(...args).verdict;
const FAILED = answer(500);
const NOTHING = measured({ counter: moved(0), rows: [] });
const VALUES: readonly Json[] = [
  'nothing',
  'aligned',
  { quota: 0 },
  { quota: 50_000 },
  { usd: 0.1, within: '99.9%' },
];

describe('what a finding says', () => {
  test.each([
    [
      'aligned',
      measured({ counter: moved(0) }),
      'log only: the counter stood still; counter +0 ($0.00), log 50000 ($0.10)',
    ],
    [
      'aligned',
      measured({ counter: moved(0), isUnlimited: true }),
      'log only: the counter of a key without limit stood still; counter +0 ($0.00), log 50000 ($0.10)',
    ],
    [
      'aligned',
      measured({ rows: [] }),
      'counter only: no row of the log shows it; counter +50000 ($0.10), log 0 ($0.00)',
    ],
    [
      'aligned',
      measured({ rows: [row({ quota: 0 })] }),
      'counter only: its row in the log shows nothing; counter +50000 ($0.10), log 0 ($0.00)',
    ],
    [
      'aligned',
      measured({ counter: moved(50_001) }),
      'mismatch: counter and log differ; counter +50001 ($0.100002), log 50000 ($0.10)',
    ],
    ['aligned', NOTHING, 'mismatch: nothing was charged; counter +0, log 0 ($0.00)'],
    [
      'aligned',
      measured({ counter: moved(0), rows: [idless({ quota: 0 })] }),
      'mismatch: nothing was charged; counter +0, log 0 ($0.00), joined by time and model',
    ],
    [
      'aligned',
      measured({ counter: moved(100_000), rows: [row(), row()] }),
      'charged twice: 2 rows for one request; counter +100000, log 100000 ($0.20)',
    ],
    [
      'aligned',
      measured({ counter: moved(100_000) }),
      'charged twice: the counter moved by twice its row; counter +100000 ($0.20), log 50000 ($0.10)',
    ],
    [
      'nothing',
      measured(),
      'charged on failure: the answer was 200; counter +50000, log 50000 ($0.10)',
    ],
    ['nothing', without('rows'), 'charged on failure: the answer was 200; counter +50000 ($0.10)'],
    ['nothing', without('counter'), 'charged on failure: the answer was 200; log 50000 ($0.10)'],
  ])('of %s: %#', (value, usage, actual) => {
    expect(verdict(value, usage)).toEqual({
      kind: 'fail',
      findings: [
        {
          expectation: 'charged',
          at: { file: 'suites/s.yaml', line: 7, column: 9 },
          expected: value,
          actual,
        },
      ],
    });
  });

  test('is one for each outcome, and all of them are observed', () => {
    const usage = measured({ counter: moved(120_000), rows: [row(), row()] });
    const { verdict: said, observed } = judgedCharge('aligned', usage, FAILED);
    expect(said).toMatchObject({
      findings: [
        { actual: expect.stringMatching(/^charged on failure: the answer was 500; /) as string },
        { actual: expect.stringMatching(/^charged twice: 2 rows for one request; /) as string },
        { actual: expect.stringMatching(/^refund missing: 20000 stayed/) as string },
      ],
    });
    expect(observed['charged']).toBe('charged on failure and charged twice and refund missing');
  });

  test('says of what should have cost nothing what else is wrong with its charge', () => {
    const gone = measured({ rows: [] });
    expect(verdict('nothing', gone)).toMatchObject({
      findings: [
        { actual: expect.stringMatching(/^counter only: no row/) as string },
        { actual: expect.stringMatching(/^charged on failure: the answer was 200; /) as string },
      ],
    });
    expect(verdict('nothing', gone, FAILED)).toMatchObject({
      findings: [
        { actual: expect.stringMatching(/^refund missing: 50000 stayed that no row/) as string },
      ],
    });
  });

  test('names the attempt that was charged without bringing an answer', () => {
    const rows = [row(), row({ requestId: 'r0' })];
    const usage = measured({ counter: moved(100_000), rows });
    expect(verdict('aligned', usage, answer(503, 'r0'), answer(200))).toMatchObject({
      findings: [
        { actual: expect.stringMatching(/^charged on failure: an earlier attempt/) as string },
      ],
    });
  });
});

describe('what passes', () => {
  test.each<readonly [Json, Usage]>([
    ['aligned', measured()],
    ['aligned', measured({ settledMs: 60_000 })],
    ['aligned', measured({ counter: moved(0), rows: [row({ quota: 0, groupRatio: 0 })] })],
    ['nothing', NOTHING],
    ['nothing', without('rows', NOTHING)],
    ['nothing', measured({ counter: moved(0, 50_000), rows: [] })],
    [{ quota: 50_000 }, measured()],
    [{ quota: 50_000 }, without('rows')],
    [{ quota: 50_000 }, without('counter')],
    [{ quota: 50_001, within: 1 }, measured()],
    [{ quota: 52_500, within: '4.8%' }, measured()],
    [{ usd: 0.1 }, measured()],
    [{ usd: 0.07 }, measured({ counter: moved(35_000), rows: [row({ quota: 35_000 })] })],
    [{ usd: 0.000_001 }, measured({ counter: moved(1), rows: [row({ quota: 1 })] })],
  ])('%j', (value, usage) => {
    expect(verdict(value, usage)).toEqual({ kind: 'pass' });
  });

  test('a failure that costs nothing is aligned', () => {
    expect(verdict('aligned', NOTHING, FAILED)).toEqual({ kind: 'pass' });
  });

  test('agreeing late is observed, and no finding', () => {
    expect(judgedCharge('aligned', measured({ settledMs: 60_000 })).observed['charged']).toBe(
      'aligned late',
    );
  });
});

describe('what cannot be told', () => {
  const foreign = [row(), row({ requestId: 'r9', quota: 7 })];

  test.each<readonly [string, Usage | undefined]>([
    ['unmeasured', undefined],
    ['throttled', { kind: 'unmeasured', source: 'token', cause: 'throttled', detail: '429' }],
    ['unsettled', measured({ isSettled: false })],
    ['unsettled', { ...NOTHING, isSettled: false }],
    ['disturbed', measured({ rows: foreign })],
    ['disturbed', measured({ counter: moved(50_007), rows: foreign })],
    ['disturbed', measured({ counter: moved(-1), rows: [] })],
  ])('is %s for every value: %#', (cause, usage) => {
    for (const value of VALUES) {
      for (const outcome of [answer(200), FAILED]) {
        expect(verdict(value, usage, outcome)).toMatchObject({ kind: 'inconclusive', cause });
      }
    }
    expect(judgedCharge('aligned', usage).observed['charged']).toBeUndefined();
  });

  test('aligned takes a counter and a log', () => {
    for (const usage of [without('rows'), without('counter'), without('rows', NOTHING)]) {
      expect(verdict('aligned', usage)).toMatchObject({ cause: 'unmeasured' });
    }
    expect(verdict('aligned', without('rows'), FAILED)).toMatchObject({ cause: 'unmeasured' });
  });

  test('nothing takes a counter: what is reserved and kept stands in no row', () => {
    expect(verdict('nothing', without('counter', NOTHING))).toMatchObject({ cause: 'unmeasured' });
  });

  test('a counter alone has to count: that of a key without limit may never have', () => {
    const counter = { before: 0, after: 0, peak: 0 };
    const alone = { ...without('rows', NOTHING), counter };
    for (const value of VALUES) {
      const said = verdict(value, { ...alone, isUnlimited: true }, FAILED);
      expect(said).toMatchObject({ cause: 'unmeasured' });
    }
    const counted = { ...without('rows', NOTHING), isUnlimited: true };
    for (const usage of [alone, counted])
      expect(verdict('nothing', usage, FAILED)).toEqual({ kind: 'pass' });
  });

  test('an attempt without an answer may have been charged', () => {
    const usage = measured({ counter: moved(100_000), rows: [row(), row({ requestId: 'r0' })] });
    for (const value of VALUES) {
      expect(verdict(value, usage, TIMEOUT, answer(200))).toMatchObject({ cause: 'unmeasured' });
    }
  });
});

const quota = integer({ min: 1, max: 10_000_000 });
/** Of an honest gateway: what it reserved, charged for an answer, logged and gave back, however late it showed. */
const honest = record({
  quota,
  reserved: integer({ min: 0, max: 10_000_000 }),
  isFine: boolean(),
  retried: integer({ min: 0, max: 2 }),
  logsErrors: boolean(),
  logsRefunds: boolean(),
  logsIds: boolean(),
  settledMs: integer({ min: 0, max: 75_000 }),
  boundMs: constantFrom(0, 10_000, 70_000),
});

test('of an honest gateway nothing is ever found, whatever it reserves and however late it settles', () => {
  assert(
    property(honest, (one) => {
      const make = one.logsIds ? row : idless;
      const given = { quota: one.reserved };
      const failure = (requestId: string) => [
        ...(one.logsErrors ? [make({ kind: 'error', quota: 0, requestId })] : []),
        ...(one.logsRefunds
          ? [make({ ...given, kind: 'refund', requestId }), make({ ...given, requestId })]
          : []),
      ];
      const retries = Array.from({ length: one.retried }, (_, at) => `r0${at}`);
      const outcomes = [...retries.map((id) => answer(503, id)), one.isFine ? answer(200) : FAILED];
      const own = one.isFine ? [make({ quota: one.quota })] : failure('r1');
      const charged = one.isFine ? one.quota : 0;
      const usage = measured({
        counter: moved(charged, Math.max(charged, one.reserved)),
        rows: [...own, ...retries.flatMap(failure)],
        settledMs: one.settledMs,
        boundMs: one.boundMs,
      });
      expect(verdict('aligned', usage, ...outcomes)).toEqual({ kind: 'pass' });
      expect(verdict({ quota: charged }, usage, ...outcomes)).toEqual({ kind: 'pass' });
      if (!one.isFine) expect(verdict('nothing', usage, ...outcomes)).toEqual({ kind: 'pass' });
    }),
    { numRuns: 1_000 },
  );
});

test('nothing passes and nothing fails on a measurement that is unsettled or disturbed', () => {
  const rows = [row(), row({ requestId: 'r9' })];
  const upset = constantFrom({ isSettled: false }, { rows }, { rows, isSettled: false });
  assert(
    property(
      integer({ min: 0, max: 200_000 }),
      upset,
      constantFrom(...VALUES),
      boolean(),
      (delta, more, value, isFine) => {
        const usage = measured({ counter: moved(delta), ...more });
        const said = verdict(value, usage, isFine ? answer(200) : FAILED);
        expect(said.kind).toBe('inconclusive');
      },
    ),
  );
});
