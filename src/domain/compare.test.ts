import { expect, test } from 'vitest';
import { compareShown, compareSides, shownBy, type Shown } from './compare.ts';
import { measured, moved, paidExchange, row } from './charge.fixture.ts';
import { FAIL, PASS, UNDECIDED, casesIn, evidenceOf, sentClaim } from './evidence.fixture.ts';
import type { Evidence } from './evidence.ts';
import type { Exchange } from './exchange.ts';

const [ONE] = casesIn(sentClaim('c', ['refs=14']));

function trial(more: Partial<Evidence> = {}): Evidence {
  if (ONE === undefined) throw new Error('no case');
  return evidenceOf(ONE, { exchange: 'x', ...more });
}

/** What trials show whose last exchange was refused with this message, if one is given. */
function shown(trials: readonly Evidence[], message?: string): Shown {
  const text = JSON.stringify({ error: { message } });
  const body = { text, bytes: text.length, payloads: [], cut: false };
  const outcome = { kind: 'answered', status: 400, headers: {}, body } as const;
  const exchange: Exchange = {
    id: 'x',
    sent: { method: 'POST', url: '', headers: {} },
    attempts: [{ at: '', ms: 1, outcome }],
    fetched: {},
  };
  const found = shownBy(trials, () => (message === undefined ? undefined : exchange));
  if (found === undefined) throw new Error('no trial');
  return found;
}

const refused = { verdict: PASS, observed: { status: 400 } } as const;

test('two sides are the same where verdict, answer and shape are', () => {
  const observed = { status: 200, 'image.at': 'inline-data', 'image.count': 1, ms: 12 };
  const left = shown([trial({ observed })]);
  const right = shown([trial({ observed: { ...observed, ms: 900 } })]);
  expect(compareShown(left, right)).toEqual({ kind: 'same' });
});

test('a charge that came out otherwise is told with its amount, where that was measured', () => {
  const of = (charged: string, exchange: Exchange): Shown => {
    const found = shownBy([trial({ observed: { status: 200, charged } })], () => exchange);
    if (found === undefined) throw new Error('no trial');
    return found;
  };
  const once = of('aligned', { ...paidExchange(), usage: measured() });
  const rows = [row(), row()];
  const twice = of('charged twice', {
    ...paidExchange(),
    usage: measured({ counter: moved(100_000), rows }),
  });
  const never = of('nothing', paidExchange());
  expect(compareShown(once, twice)).toEqual({
    kind: 'different',
    differences: [{ what: 'charged', left: 'aligned, $0.10', right: 'charged twice, $0.20' }],
  });
  expect(compareShown(once, never)).toMatchObject({
    differences: [{ left: 'aligned, $0.10', right: 'nothing' }],
  });
  expect(compareShown(once, once)).toEqual({ kind: 'same' });
});

test('each thing that differs is named, with both values', () => {
  const left = shown([trial({ observed: { status: 200, 'image.at': 'inline-data' } })]);
  const right = shown([
    trial({ verdict: FAIL, observed: { status: 200, 'image.at': 'data-uri', alias: 'm' } }),
  ]);
  expect(compareShown(left, right)).toEqual({
    kind: 'different',
    differences: [
      { what: 'verdict', left: 'pass', right: 'fail' },
      { what: 'image.at', left: 'inline-data', right: 'data-uri' },
      { what: 'alias', left: 'none', right: 'm' },
    ],
  });
});

test.each([
  ['image.at', 'inline-data', 'hosted-url'],
  ['image.format', 'image/png', 'image/jpeg'],
  ['image.size', '1024x1024', '512x512'],
  ['image.count', 1, 2],
  ['alias', 'a', 'b'],
  ['charged', 'aligned', 'nothing'],
] as const)('another %s is a difference, whatever the verdict', (what, left, right) => {
  const showing = (value: string | number) => shown([trial({ observed: { [what]: value } })]);
  expect(compareShown(showing(left), showing(right))).toEqual({
    kind: 'different',
    differences: [{ what, left: String(left), right: String(right) }],
  });
});

test('what stayed undecided on either side is no difference', () => {
  const comparison = compareShown(
    shown([trial()]),
    shown([trial({ verdict: UNDECIDED, observed: { status: 429 } })]),
  );
  expect(comparison).toEqual({ kind: 'untold', because: { right: 'throttled: 429' } });
});

test('a trial that decided tells more than a later one that did not', () => {
  const side = shown([trial(), trial({ trial: 2, verdict: UNDECIDED })]);
  expect(compareShown(side, shown([trial()]))).toEqual({ kind: 'same' });
});

test('trials that disagree are a verdict of their own', () => {
  const side = shown([trial({ verdict: FAIL }), trial({ trial: 2 })]);
  expect(compareShown(side, shown([trial()]))).toEqual({
    kind: 'different',
    differences: [{ what: 'verdict', left: 'unstable (1 of 2 passed)', right: 'pass' }],
  });
});

test('refusals are told apart by what they say, without request id and the addresses of references', () => {
  const asks = (host: string, most: number, id: string) =>
    shown([trial(refused)], `http://${host}/1: at most ${most} are supported (request id: ${id})`);
  expect(compareShown(asks('a', 14, '2026'), asks('b', 14, '9999'))).toEqual({ kind: 'same' });
  expect(compareShown(asks('a', 14, '2026'), asks('a', 15, '2026'))).toEqual({
    kind: 'different',
    differences: [
      {
        what: 'answer',
        left: '400 "http://a/1: at most 14 are supported"',
        right: '400 "http://a/1: at most 15 are supported"',
      },
    ],
  });
});

test('of an answer beside a refusal only the answer is said to differ, not every shape that it lacks', () => {
  const left = shown([trial({ observed: { status: 200, 'image.count': 1, alias: 'm' } })]);
  const right = shown([trial({ observed: { status: 400, 'image.count': 0 } })], 'too many');
  expect(compareShown(left, right)).toEqual({
    kind: 'different',
    differences: [{ what: 'answer', left: '200', right: '400 "too many"' }],
  });
});

test('a case that one side left out is named with the reason, and with what the other showed', () => {
  const left = shown([trial()]);
  const reason = 'target offers 1 of 15 webp';
  const [pair, ...more] = compareSides(
    { shown: new Map([['s/c/refs=14', left]]), leftOut: [] },
    { shown: new Map(), leftOut: [{ claim: 's/c', case: 'refs=14', reason }] },
  );
  expect(more).toEqual([]);
  expect(pair).toEqual({
    key: 's/c/refs=14',
    claim: 's/c',
    case: 'refs=14',
    left,
    comparison: { kind: 'left out', because: { right: reason } },
  });
});

test('with trials the interval decides, and the shapes of all trials are set side by side', () => {
  const trials = { of: 8, atLeast: 0.5, confidence: 0.8 };
  const series = (passing: number, of: number, at: string) =>
    shown(
      Array.from({ length: of }, (_, number) =>
        trial({
          trial: number + 1,
          trials,
          verdict: number < passing ? PASS : FAIL,
          observed: { status: 200, 'image.at': number === 0 ? at : 'inline-data' },
        }),
      ),
    );
  expect(series(8, 8, 'inline-data').word).toBe('pass');
  expect(series(0, 8, 'inline-data').word).toBe('fail');
  expect(compareShown(series(8, 8, 'inline-data'), series(1, 1, 'inline-data'))).toMatchObject({
    kind: 'untold',
  });
  expect(compareShown(series(8, 8, 'inline-data'), series(8, 8, 'data-uri'))).toEqual({
    kind: 'different',
    differences: [{ what: 'image.at', left: 'inline-data', right: 'data-uri or inline-data' }],
  });
});
