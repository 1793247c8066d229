import { expect, test } from 'vitest';
import { loadSuites } from './load.ts';
import { crowdedCharges, vacuousClaims } from './vacuous.ts';

/** What stands in a claim, behind its id and sentence. */
function claimsOf(written: string) {
  const text = `suite: s\nrequests: { ask: { path: /v1 } }\nclaims: [ { id: c, says: x, ${written} }, { id: d, says: x, expect: [ { image: any } ] } ]\n`;
  const { suites, problems } = loadSuites(
    [{ name: 's.yaml', bytes: new TextEncoder().encode(text) }],
    () => undefined,
  );
  expect(problems).toEqual([]);
  return suites.flatMap(({ claims }) => claims);
}

/** The answers on which a claim would pass, as lint names them. */
function satisfiedBy(expected: string, given = ''): readonly string[] {
  const warnings = vacuousClaims(claimsOf(`given: [ ${given} ], expect: [ ${expected} ]`));
  return warnings.map(({ message }) => message.replace('s/c would pass on ', ''));
}

test.each([
  [
    '{ image: none }, { json: { at: $, exists: true } }',
    'an empty object, an error object with status 200',
  ],
  ['{ json: { at: $.error, exists: true } }', 'an error object with status 200'],
  [
    '{ header: { name: content-type, equals: text/event-stream } }',
    'an event stream without events',
  ],
])('lint names the empty answers that satisfy %s', (expected, answers) => {
  expect(satisfiedBy(expected)).toEqual([answers]);
});

test.each(['{ events: any }', '{ events: { ends: "[DONE]" } }', '{ text: any }', '{ image: any }'])(
  'no empty answer satisfies %s',
  (expected) => {
    expect(satisfiedBy(expected)).toEqual([]);
  },
);

test.each(['', '{ status: 200 }', '{ image: none }'])(
  'a charge speaks of empty answers as well, given { %s }',
  (given) => {
    expect(satisfiedBy('{ charged: aligned }', given)).toEqual([
      expect.stringMatching(/^an empty object, /) as string,
    ]);
    expect(satisfiedBy('{ charged: nothing }', given)).toHaveLength(1);
  },
);

test('lint asks of a charge which answer it speaks of', () => {
  const [warning] = vacuousClaims(claimsOf('expect: [ { charged: aligned } ]'));
  expect(warning?.hint).toBe('say which answer it speaks of: given: [ { image: any } ]');
});

test.each(['{ image: any }', '{ rejected: { message: no } }', '{ status: 500 }', '{ claim: d }'])(
  'a charge speaks of one answer, given %s',
  (given) => {
    expect(satisfiedBy('{ charged: aligned }', given)).toEqual([]);
  },
);

test('lint warns of a charge beside other expectations, at its line', () => {
  const alone = 'given: [ { image: any } ], expect: [ { charged: aligned } ]';
  expect(crowdedCharges(claimsOf(alone))).toEqual([]);
  const [warning, ...more] = crowdedCharges(
    claimsOf('expect: [ { image: any }, { charged: aligned } ]'),
  );
  expect(warning).toMatchObject({
    severity: 'warning',
    message: expect.stringContaining('s/c expects a charge beside other things') as string,
    place: { file: 's.yaml', line: 3 },
  });
  expect(more).toEqual([]);
});
