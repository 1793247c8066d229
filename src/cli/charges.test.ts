import { describe, expect, test } from 'vitest';
import { chargesOf, toldOf } from './charges.fixture.ts';

/** What each claim comes to. */
async function told(...faults: readonly string[]): Promise<readonly string[]> {
  const found = await chargesOf(faults);
  return [...found.values()].map(toldOf);
}

/** Of a fine answer: counter against log, and the listed price; of a failure and of an answer without an image: nothing. */
type Told = readonly [string, string, string, string];

const FINE: Told = ['pass', 'pass', 'pass', 'pass'];

test('an honest gateway meets them all', async () => {
  expect(await told()).toEqual(FINE);
});

describe('one switch breaks the claims that it is about, and its outcome is named', () => {
  test.each<readonly [string, Told]>([
    ['billing.off=1', ['mismatch', 'mismatch', 'pass', 'pass']],
    ['billing.row=missing', ['counter only', 'pass', 'pass', 'pass']],
    ['billing.row=empty', ['counter only', 'pass', 'pass', 'pass']],
    ['token=unlimited,billing.unlimited=uncounted', ['log only', 'log only', 'pass', 'pass']],
    ['billing.times=2', ['charged twice', 'charged twice', 'pass', 'pass']],
    ['billing.images=plus-one', ['pass', 'mismatch', 'pass', 'pass']],
    ['billing.failure=charged', ['pass', 'pass', 'charged on failure', 'charged on failure']],
    ['billing.refund=lost', ['pass', 'pass', 'refund missing', 'pass']],
  ])('%s', async (faults, expected) => {
    expect(await told(...faults.split(','))).toEqual(expected);
  });
});

describe('two switches are both named', () => {
  const both = 'charged on failure and ';
  test.each<readonly [string, Told]>([
    [
      'billing.off=1,billing.times=2',
      ['mismatch and charged twice', 'mismatch and charged twice', 'pass', 'pass'],
    ],
    [
      'billing.row=empty,billing.times=2',
      ['counter only and charged twice', 'counter only and charged twice', 'pass', 'pass'],
    ],
    [
      'billing.off=1,billing.failure=charged',
      ['mismatch', 'mismatch', 'charged on failure', 'charged on failure'],
    ],
    [
      'billing.failure=charged,billing.refund=lost',
      ['pass', 'pass', `${both}refund missing`, 'charged on failure'],
    ],
    [
      'billing.failure=charged,billing.times=2',
      [
        'charged twice',
        'charged twice',
        `${both}charged twice`,
        'charged twice and charged on failure',
      ],
    ],
    [
      'billing.row=missing,billing.failure=charged',
      ['counter only', 'pass', 'refund missing', 'counter only and charged on failure'],
    ],
    ['billing.row=missing,billing.refund=lost', ['counter only', 'pass', 'refund missing', 'pass']],
    [
      'billing.times=2,billing.refund=lost',
      ['charged twice', 'charged twice', 'refund missing', 'pass'],
    ],
    [
      'token=unlimited,billing.unlimited=uncounted,billing.failure=charged',
      [
        'log only',
        'log only',
        `log only and charged on failure`,
        'log only and charged on failure',
      ],
    ],
  ])('%s', async (faults, expected) => {
    expect(await told(...faults.split(','))).toEqual(expected);
  });
});

describe('where it cannot be told, nothing passes and nothing fails', () => {
  test.each([
    ['billing.others=7', 'disturbed'],
    ['usage.management=throttled', 'throttled'],
    ['usage.management=refused', 'forbidden'],
    ['usage.management=absent', 'unmeasured'],
  ])('%s: %s', async (fault, cause) => {
    expect(await told(fault)).toEqual([cause, cause, cause, cause]);
  });

  test('a build without request ids does not tell a second row from another client’s', async () => {
    expect(await told('log.request-id=absent')).toEqual(FINE);
    expect(await told('log.request-id=absent', 'billing.times=2')).toEqual([
      'disturbed',
      'disturbed',
      'pass',
      'pass',
    ]);
  });

  test('a counter alone cannot say that it is aligned', async () => {
    const found = await chargesOf([], { source: 'dashboard' });
    expect([...found.values()].map(toldOf)).toEqual(['unmeasured', 'pass', 'pass', 'pass']);
  });
});

test('what is late is observed as such', async () => {
  const late = await chargesOf(['billing.settle=5000']);
  expect(late.get('aligned')?.observed['charged']).toBe('aligned late');
  expect(late.get('aligned')).toMatchObject({ usd: 0.04, measured: true });
});
