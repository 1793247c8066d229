import { expect, test } from 'vitest';
import { loadSuites } from './load.ts';
import { vacuousClaims } from './vacuous.ts';

/** The answers on which a claim with these expectations would pass, as lint names them. */
function satisfiedBy(expected: string): readonly string[] {
  const text = `suite: s\nrequests: { ask: { path: /v1 } }\nclaims: [ { id: c, says: x, expect: [ ${expected} ] } ]\n`;
  const { suites, problems } = loadSuites(
    [{ name: 's.yaml', bytes: new TextEncoder().encode(text) }],
    () => undefined,
  );
  expect(problems).toEqual([]);
  const warnings = vacuousClaims(suites.flatMap(({ claims }) => claims));
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
