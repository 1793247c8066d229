import { describe, expect, test } from 'vitest';
import type { Claim } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import { casesIn, daysAgo, digestOf, evidenceOf, remember } from '../domain/evidence.fixture.ts';
import { aClaim, aRequest, aTarget, lookup, sha256 } from './engine.fixture.ts';
import { plannedCosts, retestCost } from './expected.ts';
import { wholeExchanges } from './plan.ts';

const request = aRequest({ prompt: 'p' });
const capability = aClaim('a', { request, usd: 0.05 });
const charge = aClaim('b', { request, usd: 0.05 });
const other = { ...aClaim('c', { usd: 0.2 }), suite: 'other' };
const claims = [capability, charge, other];
const target = aTarget({ name: 'local', grade: 'live' });

/** Evidence of one exchange, of which the first case bears the cost. */
function tried(exchange: string, usd: number, more: Partial<Evidence> = {}): readonly Evidence[] {
  return [capability, charge].flatMap((claim, at) =>
    casesIn(claim).map((one) =>
      evidenceOf(one, { run: exchange, exchange, usd: at === 0 ? usd : 0, ...more }),
    ),
  );
}

function planningOf(all: readonly Claim[]) {
  return {
    chosen: all.map((claim) => ({ claim, cases: [''] })),
    claims: lookup(all),
    targetFor: () => target,
    sha256,
  };
}

function costs(evidence: readonly Evidence[], all: readonly Claim[] = claims) {
  return plannedCosts(wholeExchanges(planningOf(all), digestOf), remember(all, evidence));
}

const OTHER = { suite: 'other', usd: 0.2, measuredUsd: 0, worstUsd: 1.2 };

test('what a retest may cost counts all trials that an interval may take, which a plan expects the fewest of', () => {
  const varying = aClaim('a', { usd: 0.01, trials: { of: 40, atLeast: 0.9, confidence: 0.9 } });
  expect(costs([], [varying])).toMatchObject([{ usd: 0.28, measuredUsd: 0 }]);
  const [planned] = wholeExchanges(planningOf([varying]), digestOf);
  if (planned === undefined) throw new Error('nothing is planned');
  const costAgain = (evidence: readonly Evidence[]) =>
    retestCost(planned, remember([varying], evidence));
  expect(costAgain([])).toEqual({ suite: 's', usd: 0.4, measuredUsd: 0 });
  const measured = casesIn(varying).map((one) =>
    evidenceOf(one, { exchange: 'x', usd: 0.005, measured: true }),
  );
  expect(costAgain(measured)).toEqual({ suite: 's', usd: 0.2, measuredUsd: 0.14 });
});

describe('what a plan is expected to cost', () => {
  test('is what its claims declare, where nothing was measured; equal requests are paid once', () => {
    const unmeasured = tried('x1', 0.05);
    expect(costs(unmeasured)).toEqual([
      OTHER,
      { suite: 's', usd: 0.05, measuredUsd: 0, worstUsd: 0.3 },
    ]);
  });

  test('is what was measured the last time', () => {
    const evidence = [
      ...tried('x2', 0.03, { at: daysAgo(1), measured: true }),
      ...tried('x1', 0.04, { at: daysAgo(2), measured: true }),
      ...tried('x3', 0.05, { at: daysAgo(0) }),
    ];
    expect(costs(evidence)).toEqual([
      OTHER,
      { suite: 's', usd: 0.03, measuredUsd: 0.03, worstUsd: 0.3 },
    ]);
  });

  test('is found whichever case bore it', () => {
    const [first, second] = tried('x1', 0, { measured: true });
    const borne = [first, { ...second, usd: 0.02 }] as readonly Evidence[];
    expect(costs(borne)).toMatchObject([OTHER, { usd: 0.02, measuredUsd: 0.02 }]);
  });

  test.each([
    ['another target', { target: { name: 'far', grade: 'live', host: 'h' } }],
    ['another wording', { digest: 'of then' }],
    ['another day, which --now does not know', { at: daysAgo(-9) }],
  ] as const)('heeds nothing of %s', (_, more) => {
    expect(costs(tried('x1', 0.01, { measured: true, ...more }))).toMatchObject([
      OTHER,
      { usd: 0.05, measuredUsd: 0 },
    ]);
  });
});
