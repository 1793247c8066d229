import { describe, expect, test } from 'vitest';
import {
  answer,
  idless,
  measured,
  moved,
  paidExchange,
  row,
  TIMEOUT,
  without,
} from './charge.fixture.ts';
import { chargeOf, type ChargeOutcome, dollars, movedBy } from './charge.ts';
import type { Exchange } from './exchange.ts';
import type { LogRow, Measured } from './usage.ts';

const FINE = paidExchange();
const FAILED = paidExchange(answer(500));
const refund = (more: Partial<LogRow> = {}) => row({ kind: 'refund', ...more });
const free = () => row({ quota: 0 });

/** What is named of an exchange whose counter moved so, and whose log gained these rows. */
function named(
  exchange: Exchange,
  delta: number,
  rows: readonly LogRow[],
  more: Partial<Measured> = {},
) {
  return chargeOf(exchange, measured({ counter: moved(delta), rows, ...more })).outcomes;
}

describe('what comes of a charge', () => {
  test.each<readonly [string, readonly ChargeOutcome[], Exchange, number, readonly LogRow[]]>([
    ['counter and log agree', ['aligned'], FINE, 50_000, [row()]],
    ['nothing moved after a failure', ['aligned'], FAILED, 0, []],
    ['an error row charges nothing', ['aligned'], FAILED, 0, [row({ kind: 'error' })]],
    ['a reservation was logged and given back', ['aligned'], FAILED, 0, [refund(), row()]],
    ['a top-up is no charge', ['aligned'], FINE, 50_000, [row({ kind: 'other', quota: 9 }), row()]],
    ['the counter stands still', ['log only'], FINE, 0, [row()]],
    ['there is no row', ['counter only'], FINE, 50_000, []],
    ['the row is empty', ['counter only'], FINE, 50_000, [row({ quota: 0 })]],
    ['they differ by one', ['mismatch'], FINE, 50_001, [row()]],
    ['the counter shows less', ['mismatch'], FINE, 49_999, [row()]],
    ['a failure has a row', ['charged on failure'], FAILED, 50_000, [row()]],
    ['one request has two rows', ['charged twice'], FINE, 100_000, [row(), row()]],
    ['one row, and the counter moved twice as far', ['charged twice'], FINE, 100_000, [row()]],
    ['a reservation stayed', ['refund missing'], FAILED, 50_000, []],
    ['a refund was logged and not given', ['refund missing'], FAILED, 50_000, [refund(), row()]],
    [
      'a failure is charged in the log alone',
      ['log only', 'charged on failure'],
      FAILED,
      0,
      [row()],
    ],
    [
      'a failure has a row, and counter and log differ',
      ['mismatch', 'charged on failure'],
      FAILED,
      40_000,
      [row()],
    ],
    [
      'a failure has a row, and its reservation stayed',
      ['charged on failure', 'refund missing'],
      FAILED,
      100_000,
      [row()],
    ],
    [
      'a failure has two rows',
      ['charged on failure', 'charged twice'],
      FAILED,
      100_000,
      [row(), row()],
    ],
    [
      'two rows, and the counter stands still',
      ['log only', 'charged twice'],
      FINE,
      0,
      [row(), row()],
    ],
    [
      'two empty rows',
      ['counter only', 'charged twice'],
      FINE,
      100_000,
      [row({ quota: 0 }), row({ quota: 0 })],
    ],
    [
      'two rows, and they differ from the counter',
      ['mismatch', 'charged twice'],
      FINE,
      100_001,
      [row(), row()],
    ],
    [
      'a row is empty beside one that says it all',
      ['aligned'],
      FINE,
      50_000,
      [row(), row({ quota: 0 })],
    ],
    ['two empty rows, and nothing was charged', ['aligned'], FINE, 0, [free(), free()]],
    [
      'a part of one of two rows was given back',
      ['charged twice'],
      FINE,
      99_000,
      [refund({ quota: 1_000 }), row(), row()],
    ],
    [
      'a reservation was logged and given back, and then the charge',
      ['aligned'],
      FINE,
      50_000,
      [row(), refund({ quota: 80_000 }), row({ quota: 80_000 })],
    ],
    [
      'all at once',
      ['charged on failure', 'charged twice', 'refund missing'],
      FAILED,
      100_001,
      [row(), row()],
    ],
  ])('%s: %j', (_, outcomes, exchange, delta, rows) => {
    expect(named(exchange, delta, rows)).toEqual(outcomes);
  });

  test.each([
    [7_000, 5_000, 'aligned'],
    [7_001, 5_000, 'aligned late'],
    [2_001, 0, 'aligned late'],
  ])('agreeing after %i ms, with a bound of %i, is %s', (settledMs, boundMs, outcome) => {
    expect(named(FINE, 50_000, [row()], { settledMs, boundMs })).toEqual([outcome]);
  });
});

describe('several attempts', () => {
  const retried = paidExchange(answer(503, 'r0'), answer(200));
  const earlier = row({ requestId: 'r0' });

  test.each<readonly [string, readonly ChargeOutcome[], number, readonly LogRow[]]>([
    ['only the last is charged', ['aligned'], 50_000, [row()]],
    [
      'the first is charged and given back',
      ['aligned'],
      50_000,
      [row(), refund({ requestId: 'r0' }), earlier],
    ],
    ['the first is charged as well', ['charged on failure'], 100_000, [row(), earlier]],
    ['each has a row without an id', ['charged on failure'], 100_000, [idless(), idless()]],
    ['the counter kept what was reserved first', ['mismatch'], 100_000, [row()]],
  ])('%s: %j', (_, outcomes, delta, rows) => {
    expect(named(retried, delta, rows)).toEqual(outcomes);
  });

  const patient = paidExchange(TIMEOUT, answer(200));

  test('what is explained by the answers alone is told, whatever came before', () => {
    expect(named(patient, 50_000, [row()])).toEqual(['aligned']);
    expect(named(patient, 100_000, [row(), row()])).toEqual(['charged twice']);
  });

  test.each<readonly [string, Measured]>([
    ['a row of another request', measured({ counter: moved(100_000), rows: [row(), earlier] })],
    ['a row without an id', measured({ rows: [idless()] })],
    ['a counter beyond the row', measured({ counter: moved(100_000) })],
    ['a counter alone', without('rows')],
    ['a log alone', without('counter')],
  ])('beside an attempt without an answer, %s tells nothing, and is nobody else’s', (_, usage) => {
    expect(chargeOf(patient, usage)).toMatchObject({
      outcomes: [],
      untold: { cause: 'unmeasured', detail: expect.stringContaining('1 attempt ') as string },
    });
  });

  test('beside an attempt without an answer, a row of another model is another client’s', () => {
    const rows = [row(), row({ requestId: 'r9', model: 'other' })];
    expect(chargeOf(patient, measured({ rows })).untold?.cause).toBe('disturbed');
  });

  test('a proxy’s 504 leaves as much in doubt as no answer, and a refused connection nothing', () => {
    const proxied = { ...answer(504), headers: {} };
    expect(chargeOf(paidExchange(proxied, answer(200)), without('rows')).untold).toBeDefined();
    const refused = { ...TIMEOUT, cause: 'unreachable' } as const;
    expect(chargeOf(paidExchange(refused, answer(200)), measured()).cost?.quota).toBe(50_000);
    const twice = measured({ counter: moved(100_000) });
    expect(chargeOf(paidExchange(refused, answer(200)), twice).outcomes).toEqual(['charged twice']);
    const rows = [idless(), idless()];
    const told = chargeOf(paidExchange(refused, answer(200)), { ...twice, rows });
    expect(told.untold?.cause).toBe('disturbed');
  });
});

describe('whose rows they are', () => {
  test.each([
    ['the header', answer(500)],
    [
      'the message',
      {
        ...answer(500),
        headers: {},
        body: { ...answer(500).body, text: '{"error":{"message":"no (request id: r1)"}}' },
      },
    ],
  ])('is told by a request id in %s', (_, outcome) => {
    const charge = chargeOf(
      paidExchange(outcome),
      measured({ rows: [row(), row({ requestId: 'r2', quota: 7 })] }),
    );
    expect(charge).toMatchObject({
      by: 'request id',
      own: [row()],
      foreign: [{ requestId: 'r2' }],
    });
    expect(charge.untold).toEqual({
      cause: 'disturbed',
      detail: 'another client used the key: 1 row of nano-banana, 7 beyond ours',
    });
  });

  test('is told by time and model where the build logs no ids', () => {
    const charge = chargeOf(FINE, measured({ rows: [idless()] }));
    expect(charge).toMatchObject({ by: 'time and model', outcomes: ['aligned'] });
    const other = measured({ rows: [idless({ model: 'other' }), idless()] });
    expect(chargeOf(FINE, other).untold?.cause).toBe('disturbed');
    // One-api logs the model behind an alias.
    const mapped = chargeOf(FINE, measured({ rows: [idless({ model: 'canonical' })] }));
    expect(mapped.untold?.detail).toBe(
      'another client used the key, or its log names models behind their aliases: 1 row of canonical, 50000 beyond ours',
    );
  });

  test('cannot be told where the build logs no ids, and there are more rows than requests', () => {
    const charge = chargeOf(
      FINE,
      measured({ counter: moved(100_000), rows: [idless(), idless()] }),
    );
    expect(charge).toMatchObject({ outcomes: [], untold: { cause: 'disturbed' } });
  });

  test.each<readonly [string, readonly LogRow[]]>([
    ['beside rows with ids', [idless({ kind: 'refund' }), row()]],
    ['of another amount', [idless({ kind: 'refund', quota: 9 }), row()]],
    [
      'where no row has one, and it is all that was charged',
      [idless({ kind: 'refund' }), idless()],
    ],
  ])('is not told of a refund without an id, %s: an earlier task may have failed', (_, rows) => {
    const delta = rows.reduce(
      (sum, { kind, quota }) => sum + (kind === 'refund' ? -quota : quota),
      0,
    );
    expect(chargeOf(FINE, measured({ counter: moved(delta), rows }))).toMatchObject({
      outcomes: [],
      untold: { cause: 'disturbed', detail: expect.stringContaining('given back') as string },
    });
  });

  test('is not told of a counter that fell behind the log of a fine answer: it may have held a reservation', () => {
    const fallen = chargeOf(FINE, measured({ counter: moved(0, 50_000) }));
    expect(fallen.untold?.cause).toBe('disturbed');
    expect(chargeOf(FINE, measured({ counter: moved(50_000, 80_000) })).untold).toBeUndefined();
    const failed = chargeOf(FAILED, measured({ counter: moved(0, 50_000) }));
    expect(failed.outcomes).toEqual(['log only', 'charged on failure']);
  });

  test('is not told of a failure that shows no id, where the log has them: a proxy may have answered', () => {
    const proxied = paidExchange({ ...answer(413), headers: {} });
    expect(chargeOf(proxied, measured()).untold?.cause).toBe('unmeasured');
    const refused = measured({ counter: moved(0), rows: [] });
    expect(chargeOf(proxied, refused).outcomes).toEqual(['aligned']);
    const idlessBuild = measured({ rows: [idless()] });
    expect(chargeOf(proxied, idlessBuild).outcomes).toEqual(['charged on failure']);
  });

  test('says of a refund of another request that something was given back', () => {
    const rows = [refund({ requestId: 'r2' }), row()];
    expect(chargeOf(FINE, measured({ counter: moved(0), rows })).untold).toEqual({
      cause: 'disturbed',
      detail: 'something from before was given back: 1 row of nano-banana, -50000 beyond ours',
    });
  });

  test.each([
    ['a path', { url: 'http://h/v1beta/models/nano-banana:generateContent' }],
    [
      'a form',
      { body: '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nnano-banana\r\n--b--' },
    ],
  ])('by the model in %s', (_, sent) => {
    const exchange = {
      ...FINE,
      sent: { method: 'POST', url: 'http://h/v1', headers: {}, ...sent },
    };
    expect(chargeOf(exchange, measured({ rows: [idless()] })).own).toHaveLength(1);
    expect(
      chargeOf(exchange, measured({ rows: [idless({ model: 'other' })] })).foreign,
    ).toHaveLength(1);
  });

  test('even an empty row of another client disturbs, and so does a counter that falls', () => {
    const rows = [row(), row({ requestId: 'r2', quota: 0 })];
    expect(chargeOf(FINE, measured({ rows })).untold?.cause).toBe('disturbed');
    expect(chargeOf(FINE, measured({ counter: moved(-1) })).untold?.cause).toBe('disturbed');
  });
});

describe('what it cost', () => {
  test('is what the counter says, else the log; the larger where they differ', () => {
    expect(chargeOf(FINE, measured()).cost).toEqual({ quota: 50_000, usd: 0.1 });
    expect(chargeOf(FINE, without('counter')).cost).toEqual({ quota: 50_000, usd: 0.1 });
    expect(chargeOf(FINE, measured({ counter: moved(0) })).cost).toEqual({
      quota: 50_000,
      usd: 0.1,
    });
    expect(chargeOf(FAILED, measured({ counter: moved(0, 50_000), rows: [] })).cost?.usd).toBe(0);
  });

  test.each<readonly [string, Measured, Exchange]>([
    ['unsettled', measured({ isSettled: false }), FINE],
    ['disturbed', measured({ rows: [row(), row({ requestId: 'r2' })] }), FINE],
    ['of an attempt that may be charged yet', measured(), paidExchange(TIMEOUT, answer(200))],
  ])('is not known where it is %s', (_, usage, exchange) => {
    expect(chargeOf(exchange, usage).cost).toBeUndefined();
  });
});

test.each([
  [measured(), 'counter +50000, log 50000 ($0.10)'],
  [measured({ counter: moved(-1), rows: [] }), 'counter -1 ($-0.000002), log 0 ($0.00)'],
  [measured({ rows: [idless()] }), 'counter +50000, log 50000 ($0.10), joined by time and model'],
  [without('rows'), 'counter +50000 ($0.10)'],
  [without('counter'), 'log 50000 ($0.10)'],
])('counter and log are told in one line: %#', (usage, line) => {
  expect(movedBy(chargeOf(FINE, usage), usage)).toBe(line);
});

test.each([
  [0, '$0.00'],
  [3_188, '$0.006376'],
  [50_000, '$0.10'],
  [5_000_000, '$10.00'],
])('%i units of quota are %s', (quota, text) => {
  expect(dollars(quota, 500_000)).toBe(text);
});
