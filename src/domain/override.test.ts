import { expect, test } from 'vitest';
import type { Override } from './claim.ts';
import { overrideState, overrideText } from './override.ts';

const override: Override = {
  word: 'Beta',
  by: 'Ada',
  on: '2026-04-01',
  until: '2026-04-30',
  why: 'too new to promise',
  place: { file: 's.yaml', line: 1, column: 1 },
};

test.each([
  ['2026-03-31T23:59:59.999Z', 'coming'],
  ['2026-04-01T00:00:00.000Z', 'in force'],
  ['2026-04-30T23:59:59.999Z', 'in force'],
  ['2026-05-01T00:00:00.000Z', 'expired'],
])('at %s an override of April is %s', (at, state) => {
  expect(overrideState(override, Date.parse(at))).toBe(state);
});

test('an override of one day counts on that day', () => {
  const oneDay = { ...override, on: '2026-04-01', until: '2026-04-01' };
  expect(overrideState(oneDay, Date.parse('2026-04-01T12:00:00Z'))).toBe('in force');
  expect(overrideState(oneDay, Date.parse('2026-04-02T00:00:00Z'))).toBe('expired');
});

test('who, until when, why and where are all said', () => {
  expect(overrideText(override)).toBe('override by Ada until 2026-04-30: too new to promise');
  expect(overrideText({ ...override, link: 'https://example.com/12' })).toBe(
    'override by Ada until 2026-04-30: too new to promise (https://example.com/12)',
  );
});
