import { expect, test } from 'vitest';
import type { Override, Suite } from './claim.ts';
import { expiredOverrides, overrideState, overrideText } from './override.ts';

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

test('a row is named as in the first page that has its table', () => {
  const { place } = override;
  const row = {
    key: [{ en: 'edits', cn: '编辑' }],
    needs: [],
    from: [],
    words: {},
    override,
    place,
  };
  const table = {
    under: { en: 'Status', cn: '状态' },
    locales: ['cn'],
    key: ['Feature'],
    owns: 'State',
  };
  const suite: Suite = {
    id: 's',
    title: 's',
    file: 's.yaml',
    pages: { en: 'en.md', cn: 'cn.md' },
    claims: [],
    tables: [{ ...table, rows: [row], place }],
  };
  const [warning] = expiredOverrides([suite], Date.parse('2026-05-01T00:00:00Z'));
  expect(warning?.message).toContain('the override of cn.md · 状态 › 编辑 by Ada');
});
