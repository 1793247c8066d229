import { describe, expect, it } from 'vitest';
import type { Case, Step } from '../domain/claim.ts';
import { aRequest } from './engine.fixture.ts';
import { priceAtWorst, priceOnce } from './price.ts';

const place = { file: 'suites/s.yaml', line: 1, column: 1 };
const polling = { until: [], everyMs: 5_000, withinMs: 60_000 };

function step(method: string, more: Partial<Step> = {}): Step {
  return { request: aRequest({}, { method }), expect: [], captures: [], place, ...more };
}

function caseOf(steps?: readonly Step[]): Case {
  const one = { claim: 's/a', name: '', request: aRequest({}), given: [], expect: [] };
  return steps === undefined ? one : { ...one, steps };
}

describe('the price of a case', () => {
  it.each<[string, readonly Step[] | undefined, number, number, number, number]>([
    ['without steps', undefined, 1, 0.4, 3, 1.2],
    ['that makes one thing and reads it', [step('POST'), step('GET')], 2, 0.4, 6, 1.2],
    ['that makes two things', [step('POST'), step('PUT')], 2, 0.8, 6, 2.4],
    ['that only reads', [step('GET'), step('HEAD')], 2, 0, 6, 0],
    ['that polls', [step('POST'), step('GET', { polling })], 2, 0.4, 16, 1.2],
    ['that polls by making', [step('POST', { polling })], 1, 0.4, 13, 5.2],
  ])('%s is known before anything is sent', (_, steps, requests, usd, mostRequests, mostUsd) => {
    const once = priceOnce(caseOf(steps), 0.4);
    expect([once.requests, once.usd]).toEqual([requests, expect.closeTo(usd)]);
    const worst = priceAtWorst(caseOf(steps), 0.4);
    expect([worst.requests, worst.usd]).toEqual([mostRequests, expect.closeTo(mostUsd)]);
  });
});
