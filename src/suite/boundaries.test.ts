import { expect, test } from 'vitest';
import { untouchedBoundaries } from './boundaries.ts';
import { loadSuites } from './load.ts';

function warningsFor(accepted: string, rejected: string) {
  const text = `suite: s
requests: { ask: { path: /v1, json: { n: "\${n}" } } }
claims:
  - { id: within, says: x, vary: { n: ${accepted} }, discover: { vary: n, between: [1, 64], over: over }, expect: [ { image: any } ] }
  - { id: over, says: x, vary: { n: ${rejected} }, expect: [ { rejected: { message: too many } } ] }
`;
  const { suites, problems } = loadSuites(
    [{ name: 's.yaml', bytes: new TextEncoder().encode(text) }],
    () => undefined,
  );
  expect(problems).toEqual([]);
  return untouchedBoundaries(suites.flatMap(({ claims }) => claims));
}

test('a limit whose last accepted and first rejected value are cases is complete', () => {
  expect(warningsFor('[1, 14]', '[20, 15]')).toEqual([]);
});

test('a limit that has a gap is named at the line of its claim, with the values and the case that is missing', () => {
  expect(warningsFor('[1, 12]', '[16, 15]')).toEqual([
    {
      severity: 'warning',
      message:
        'no case touches the boundary of s/within: n=12 is accepted, n=15 rejected, and 13 to 14 are in no case',
      place: { file: 's.yaml', line: 4, column: 11 },
      hint: 'give s/over the case n=13, or s/within the case n=14',
      see: 'limits',
    },
  ]);
});

test('a single value may be missing', () => {
  expect(warningsFor('[14]', '[16]')).toMatchObject([
    { message: expect.stringContaining('and 15 is in no case') as string },
  ]);
});
