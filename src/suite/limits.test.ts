import { expect, test } from 'vitest';
import { caseId, type Claim } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import { boundCase, documentedLimit } from '../domain/discover.ts';
import { sha256 } from '../adapters/sha256.ts';
import { loadSuites } from './load.ts';

const SUITE = `suite: s
let: { refs: 1, format: webp }
requests:
  edit:
    path: /v1/images
    query: { count: "\${refs}" }
    json: { prompt: "Blend \${refs} pictures", image_input: { $references: { count: "\${refs}", format: "\${format}" } } }
claims:
  - { id: control, says: x, expect: [ { image: any } ] }
  - id: within
    says: 1 to 14 are accepted
    vary: { refs: [1, 14] }
    discover: { vary: refs, between: [1, 64], over: over }
    expect: [ { image: { count: 1 } } ]
  - id: over
    says: 15 or more are rejected
    vary: { refs: [16, 15] }
    given: [ { claim: control } ]
    expect: [ { rejected: { message: "at most 14, not \${refs}", status: 400 } } ]
`;

function claims(): ReadonlyMap<string, Claim> {
  const { suites, problems } = loadSuites(
    [{ name: 's.yaml', bytes: new TextEncoder().encode(SUITE) }],
    () => undefined,
  );
  expect(problems).toEqual([]);
  return new Map(suites.flatMap((suite) => suite.claims).map((claim) => [claim.id, claim]));
}

test('a claim that says discover knows what both claims say of the limit', () => {
  const { discover } = claims().get('within') ?? {};
  if (discover === undefined) throw new Error('nothing to discover');
  expect(discover).toMatchObject({ vary: 'refs', between: [1, 64], over: 's/over' });
  expect(documentedLimit(discover)).toEqual({ lastAccepted: 14, firstRejected: 15 });
});

test('the case of a probe at a value that is written is that case, to the last byte that its digest covers', () => {
  const all = claims();
  const { discover } = all.get('within') ?? {};
  if (discover === undefined) throw new Error('nothing to discover');
  for (const [id, side] of [
    ['within', discover.accepts],
    ['over', discover.rejects],
  ] as const) {
    const basis = all.get(id)?.basis;
    const cases = basis?.kind === 'sent' ? basis.cases : [];
    const bound = side.values.map(({ value }) => boundCase(side, 'refs', value));
    expect(bound.map((one) => caseId(one.claim, one.name))).toEqual(
      cases.map((one) => caseId(one.claim, one.name)),
    );
    expect(bound.map((one) => digest(one, sha256))).toEqual(
      cases.map((one) => digest(one, sha256)),
    );
  }
});
