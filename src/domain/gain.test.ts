import { expect, it } from 'vitest';
import type { Row, Suite } from './claim.ts';
import {
  FAIL,
  NOW,
  casesIn,
  daysAgo,
  derivedClaim,
  evidenceOf,
  need,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { gains } from './gain.ts';

const CLAIMS = [sentClaim('a'), sentClaim('b'), derivedClaim('both', [[need('b'), 'any']])];
const place = { file: 'suites/s.yaml', line: 1, column: 1 };
const on = daysAgo(1).slice(0, 10);
const override = { word: 'w', by: 'me', on, until: '2027-01-01', why: 'because', place };

function gainsOf(due: readonly string[], rows: readonly Partial<Row>[], isBroken = false) {
  const table = { under: 'Status', key: ['K'], owns: 'S', place };
  const suite: Suite = {
    id: 's',
    title: 's',
    file: 's.yaml',
    pages: {},
    claims: CLAIMS,
    tables: [
      {
        ...table,
        rows: rows.map((row) => ({
          key: ['k'],
          needs: [],
          from: ['local'],
          words: {},
          place,
          ...row,
        })),
      },
    ],
  };
  const b = CLAIMS.flatMap(casesIn).filter(({ claim }) => claim === 's/b');
  const broken = isBroken ? b.map((one) => evidenceOf(one, { verdict: FAIL })) : [];
  const target = { id: 'local', name: 'local', isRehearsal: false };
  const found = gains(new Set(due), [suite], () => target, remember(CLAIMS, broken, NOW));
  return Object.fromEntries(found);
}

it('a row is shared out among the due cases that it waits for, derived ones by their parts', () => {
  expect(gainsOf(['s/a', 's/b'], [{ needs: [need('a'), need('both')] }])).toEqual({
    's/a': 0.6,
    's/b': 0.6,
  });
  expect(gainsOf(['s/a'], [{ needs: [need('a'), need('b')] }])).toEqual({ 's/a': 1.1 });
});

it('what no row waits for gains a little', () => {
  expect(gainsOf(['s/a'], [{ needs: [need('b')] }])).toEqual({ 's/a': 0.1 });
});

it.each<[string, Partial<Row>]>([
  ['of another target', { from: ['production'] }],
  ['that is not ours', { leave: 'not ours' }],
  ['that a person has decided', { override }],
])('a row %s gains nothing', (_, row) => {
  expect(gainsOf(['s/a'], [{ needs: [need('a')], ...row }])).toEqual({ 's/a': 0.1 });
});

it('a row that stays broken by what is not due gains nothing', () => {
  const row = { needs: [need('a'), need('b')] };
  expect(gainsOf(['s/a'], [row], true)).toEqual({ 's/a': 0.1 });
  expect(gainsOf(['s/a', 's/b'], [row], true)).toEqual({ 's/a': 0.6, 's/b': 0.6 });
});
