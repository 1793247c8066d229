import { describe, expect, it } from 'vitest';
import type { Claim, Request } from '../domain/claim.ts';
import type { Target } from '../domain/target.ts';
import { writeImage } from '../image/write.ts';
import {
  aClaim,
  anExpectation,
  aRequest,
  aTarget,
  claimOn,
  givenClaim,
  lookup,
  sha256,
} from './engine.fixture.ts';
import { plan, type Plan, type Planning, worstCase } from './plan.ts';

function planFor(
  all: readonly Claim[],
  over: Partial<Planning> & { readonly only?: readonly string[] } = {},
): Plan {
  const target = over.target ?? aTarget();
  const only = over.only ?? all.map(({ id }) => id);
  const chosen = all
    .filter(({ id }) => only.includes(id))
    .map((claim) => ({
      claim,
      cases: claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [''],
    }));
  return plan({
    target,
    targetFor: () => target,
    chosen,
    claims: lookup(all),
    sha256,
    writeImage,
    ...over,
  });
}

/** The exchanges as the names of their cases. */
function shape({ exchanges }: Plan): readonly (readonly string[])[] {
  return exchanges.map(({ cases }) =>
    cases.map(({ case: one }) => one.claim.slice(2) + (one.name && `/${one.name}`)),
  );
}

/** Claim `a` is of an older page than all others. */
function inTwoWorlds({ id }: Claim): Target {
  return aTarget({ grade: 'rehearsal', world: id === 'a' ? '2026-03-30' : '2026-04-14' });
}

/** A request that needs this many references. */
function withReferences(count: number): Request {
  return aRequest({ refs: { $references: { count, format: 'webp' } } });
}

const same = aRequest({ model: 'm', prompt: 'p' });

describe('sharing', () => {
  it('equal requests are one exchange, at the highest declared price, whatever the order of members', () => {
    const other = { ...same, json: { prompt: 'p', model: 'm' } };
    const planned = planFor([
      aClaim('a', { request: same, usd: 0.05 }),
      aClaim('b', { request: other, usd: 0.1 }),
      aClaim('c'),
    ]);
    expect(shape(planned)).toEqual([['c'], ['a', 'b']]);
    expect(planned.exchanges[1]?.usd).toBe(0.1);
  });

  it('requests that differ in a header, a query or the sort of key are not equal', () => {
    const claims = [
      aClaim('a', { request: same }),
      aClaim('b', { request: { ...same, auth: 'none' } }),
      aClaim('c', { request: { ...same, headers: { a: 'b' } } }),
      aClaim('d', { request: { ...same, query: { a: 'b' } } }),
    ];
    expect(planFor(claims).exchanges).toHaveLength(4);
  });

  it('suites that are rehearsed in two worlds share nothing', () => {
    const planned = planFor([aClaim('a', { request: same }), aClaim('b', { request: same })], {
      targetFor: inTwoWorlds,
    });
    expect(planned.exchanges.map(({ target }) => target.world)).toEqual([
      '2026-03-30',
      '2026-04-14',
    ]);
  });

  it('the digest does not depend on the target', () => {
    const claim = aClaim('a', { expect: [anExpectation('image', { host: '${target.media}' })] });
    const digests = ['x', 'y'].map((media) => {
      const [exchange] = planFor([claim], { target: aTarget({ let: { media } }) }).exchanges;
      expect(exchange?.cases[0]?.case.expect[0]?.value).toEqual({ host: media });
      return exchange?.cases[0]?.digest;
    });
    expect(digests[0]).toBe(digests[1]);
  });
});

describe('order', () => {
  it('is cheapest first and by name, and does not depend on the order in the file', () => {
    const claims = [
      aClaim('z', { usd: 0.01 }),
      aClaim('b', { usd: 0.24 }),
      aClaim('a', { usd: 0.24 }),
      aClaim('y'),
    ];
    const expected = [['y'], ['z'], ['a'], ['b']];
    expect(shape(planFor(claims))).toEqual(expected);
    expect(shape(planFor(claims.toReversed()))).toEqual(expected);
    expect(planFor(claims)).toEqual(planFor(claims.toReversed()));
  });

  it('a control is pulled in, and comes before those who ask for it', () => {
    const planned = planFor(
      [
        aClaim('asks', { given: [givenClaim('s/control')] }),
        aClaim('control', { usd: 1 }),
        aClaim('other'),
      ],
      {
        only: ['asks'],
      },
    );
    expect(shape(planned)).toEqual([['control'], ['asks']]);
    expect(planned.exchanges[1]?.after).toEqual([planned.exchanges[0]?.id]);
    expect(planned.exchanges[0]?.cases[0]?.isControl).toBe(true);
    expect(planned.exchanges[1]?.cases[0]?.isControl).toBe(false);
  });

  it('a control of a control is pulled in too, and only the cases that are asked for', () => {
    const planned = planFor(
      [
        aClaim('a', { given: [givenClaim('s/b', ['n=2'])] }),
        aClaim('b', { vary: { 'n=1': 1, 'n=2': 2 }, given: [givenClaim('s/c')] }),
        aClaim('c'),
      ],
      { only: ['a'] },
    );
    expect(shape(planned)).toEqual([['c'], ['b/n=2'], ['a']]);
  });

  it('a control is judged first where both are on the same exchange', () => {
    const planned = planFor([
      aClaim('a', { request: same, given: [givenClaim('s/b')] }),
      aClaim('b', { request: same }),
    ]);
    expect(shape(planned)).toEqual([['b', 'a']]);
    expect(planned.exchanges[0]?.after).toEqual([]);
  });

  it('a control is sent in the world of the claim that asks', () => {
    const control = aClaim('a');
    const asks = aClaim('asks', { given: [givenClaim('s/a')] });
    const worlds = planFor([control, asks], { targetFor: inTwoWorlds }).exchanges.map(
      ({ cases, target }) => [cases[0]?.claim.id, target.world],
    );
    expect(worlds).toContainEqual(['a', '2026-03-30']);
    expect(worlds).toContainEqual(['a', '2026-04-14']);
    expect(worlds).toContainEqual(['asks', '2026-04-14']);
  });

  it('two exchanges that wait for each other are taken apart', () => {
    const [one, two] = [aRequest({ n: 1 }), aRequest({ n: 2 })];
    const planned = planFor([
      aClaim('a', { request: one }),
      aClaim('b', { request: one, given: [givenClaim('s/c')] }),
      aClaim('c', { request: two }),
      aClaim('d', { request: two, given: [givenClaim('s/a')] }),
    ]);
    const position = (name: string) => shape(planned).findIndex((cases) => cases.includes(name));
    expect(shape(planned).flat().toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(position('c')).toBeLessThan(position('b'));
    expect(position('a')).toBeLessThan(position('d'));
    for (const [at, { after }] of planned.exchanges.entries()) {
      for (const id of after)
        expect(planned.exchanges.findIndex((other) => other.id === id)).toBeLessThan(at);
    }
  });

  it('the parts of a derived control are pulled in', () => {
    const derived = claimOn('some', {
      kind: 'derived',
      of: [{ need: { claim: 's/b', cases: ['n=1', 'n=2'] }, fold: 'any' }],
    });
    const planned = planFor(
      [
        aClaim('a', { given: [givenClaim('s/some')] }),
        aClaim('b', { vary: { 'n=1': 1, 'n=2': 2 } }),
        derived,
      ],
      {
        only: ['a'],
      },
    );
    expect(shape(planned)).toEqual([['b/n=1'], ['b/n=2'], ['a']]);
  });
});

describe('what is left out', () => {
  const target = aTarget({ references: [{ url: 'http://h/a.webp', format: 'webp' }] });

  it('is what the target cannot serve, with the reason', () => {
    const planned = planFor(
      [aClaim('a', { request: withReferences(15) }), aClaim('b', { request: withReferences(1) })],
      { target },
    );
    expect(shape(planned)).toEqual([['b']]);
    expect(planned.leftOut).toEqual([
      { claim: 's/a', case: '', reason: 'target offers 1 of 15 webp' },
    ]);
    expect(planned.exchanges[0]?.request).toEqual(withReferences(1));
  });

  it('is what the target does not declare', () => {
    const claim = aClaim('a', { expect: [anExpectation('image', { host: '${target.media}' })] });
    expect(planFor([claim]).leftOut).toEqual([
      { claim: 's/a', case: '', reason: 'target declares no "media"' },
    ]);
  });

  it('takes along who waits for it', () => {
    const claims = [
      aClaim('a', { request: withReferences(15) }),
      aClaim('b', { given: [givenClaim('s/a')] }),
      aClaim('c', { given: [givenClaim('s/b')] }),
    ];
    expect(planFor(claims, { target }).leftOut).toEqual([
      { claim: 's/a', case: '', reason: 'target offers 1 of 15 webp' },
      { claim: 's/b', case: '', reason: 'given s/a: target offers 1 of 15 webp' },
      { claim: 's/c', case: '', reason: 'given s/b: given s/a: target offers 1 of 15 webp' },
    ]);
  });

  it('is the dearest if the budget cannot pay all, and who waits for it', () => {
    const claims = [
      aClaim('a', { usd: 0.1 }),
      aClaim('b', { usd: 0.2 }),
      aClaim('c', { usd: 0.3 }),
      aClaim('d', { given: [givenClaim('s/c')] }),
    ];
    const byPrice = planFor(claims, { target: aTarget({ budget: { usd: 0.3 } }) });
    expect(shape(byPrice)).toEqual([['a'], ['b']]);
    expect(byPrice.leftOut.map(({ claim, reason }) => [claim, reason])).toEqual([
      ['s/c', 'budget'],
      ['s/d', 'budget'],
    ]);
    const byCount = planFor(claims, { target: aTarget({ budget: { requests: 1 } }) });
    expect(shape(byCount)).toEqual([['a']]);
  });

  it('is not what is derived or untestable: those are listed, and nothing is sent for them', () => {
    const derived = claimOn('d', {
      kind: 'derived',
      of: [{ need: { claim: 's/a', cases: [''] }, fold: 'all' }],
    });
    const untestable = claimOn('u', { kind: 'untestable', why: 'advice' });
    const planned = planFor([aClaim('a'), derived, untestable], { only: ['d', 'u'] });
    expect(planned).toMatchObject({
      exchanges: [],
      derived: [derived],
      untestable: [untestable],
      leftOut: [],
    });
  });
});

it('the worst case counts retries and second trials, and ends at the budget', () => {
  const claims = [aClaim('a', { usd: 0.1 }), aClaim('b', { usd: 0.2 })];
  expect(worstCase(planFor(claims))).toEqual({ requests: 12, usd: 1.8 });
  expect(
    worstCase(planFor(claims, { target: aTarget({ budget: { usd: 1, requests: 5 } }) })),
  ).toEqual({ requests: 5, usd: 1 });
});
