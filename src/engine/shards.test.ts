import { describe, expect, it } from 'vitest';
import { type Claim, claimId } from '../domain/claim.ts';
import { shardOf } from '../domain/shard.ts';
import { aClaim, aRequest, aTarget, givenClaim, lookup, sha256 } from './engine.fixture.ts';
import { limitsOf, onShard } from './shards.ts';

const shared = aRequest({ model: 'm' });
const CLAIMS = [
  aClaim('control', { usd: 0.1 }),
  aClaim('waits', { given: [givenClaim('s/control')] }),
  aClaim('one', { request: shared, usd: 0.2 }),
  aClaim('other', { request: shared }),
  aClaim('sizes', { vary: { 'size=1': 1, 'size=2': 2, 'size=3': 3 }, usd: 0.05 }),
  ...Array.from({ length: 12 }, (_, at) => aClaim(`free-${at}`)),
];

/** The cases of each shard, by name. */
function shards(of: number, all: readonly Claim[] = CLAIMS, chosen = all): readonly string[][] {
  const target = aTarget();
  return Array.from({ length: of }, (_, at) =>
    onShard(
      {
        chosen: chosen.map((claim) => ({
          claim,
          cases: claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [''],
        })),
        claims: lookup(all),
        targetFor: () => target,
        sha256,
      },
      all,
      { index: at + 1, of },
    ).flatMap(({ claim, cases }) => cases.map((name) => `${claimId(claim)} ${name}`.trim())),
  );
}

describe('shards', () => {
  it('take each case once', () => {
    expect(shards(3).flat().toSorted()).toEqual(shards(1).flat().toSorted());
  });

  it('keep together what shares an exchange or waits for another', () => {
    for (const together of [
      ['s/one', 's/other'],
      ['s/control', 's/waits'],
    ]) {
      const where = shards(4).map(
        (names) => together.filter((name) => names.includes(name)).length,
      );
      expect(where.filter((count) => count > 0)).toEqual([2]);
    }
  });

  it('are the same whatever was chosen, and in whatever order claims are written', () => {
    const few = CLAIMS.filter(({ id }) => id !== 'free-3' && id !== 'one');
    const whole = shards(3);
    expect(shards(3, CLAIMS, few)).toEqual(
      whole.map((names) => names.filter((name) => name !== 's/free-3' && name !== 's/one')),
    );
    expect(shards(3, CLAIMS.toReversed()).map((names) => names.toSorted())).toEqual(
      whole.map((names) => names.toSorted()),
    );
  });

  it('share out what costs, and what is free as well', () => {
    const free = CLAIMS.filter(({ id }) => id.startsWith('free'));
    expect(shards(3, free).map((names) => names.length)).toEqual([4, 4, 4]);
    const half = shards(2).map((names) => names.includes('s/one'));
    expect(shards(2)[half.indexOf(false)]).toEqual(
      expect.arrayContaining(['s/control', 's/sizes size=1']),
    );
  });

  it('leave what is only computed to the first', () => {
    const derived = aClaim('d');
    const all: readonly Claim[] = [...CLAIMS, { ...derived, basis: { kind: 'derived', of: [] } }];
    expect(shards(2, all).map((names) => names.includes('s/d'))).toEqual([true, false]);
  });
});

describe('the limits of a shard', () => {
  it('come to no more than those of all, to a millionth of a dollar', () => {
    const target = aTarget({
      budget: { usd: 1, requests: 10 },
      pace: { count: 60, perMs: 60_000 },
    });
    expect(limitsOf(target, { index: 1, of: 3 })).toMatchObject({
      budget: { usd: 0.333333, requests: 3 },
      pace: { count: 1, perMs: 3_000 },
    });
    expect(limitsOf(aTarget(), { index: 1, of: 3 })).toEqual(aTarget());
  });
});

it('a shard is written as its number of so many', () => {
  expect(shardOf('2/3')).toEqual({ index: 2, of: 3 });
  for (const wrong of ['0/3', '4/3', '1/0', '1', '1/1001', 'a/b', '-1/3'])
    expect(shardOf(wrong)).toBeUndefined();
});
