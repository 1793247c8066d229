import { expect, test } from 'vitest';
import type { Claim, Suite } from './claim.ts';
import { type Known, diff } from './diff.ts';
import {
  FAIL,
  UNDECIDED,
  casesIn,
  daysAgo,
  evidenceOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import type { Evidence } from './evidence.ts';
import { instantMs } from './instant.ts';

const CLAIM = sentClaim('c');
const OTHER = sentClaim('other');
const PLACE = { file: 'suites/s.yaml', line: 1, column: 1 };

function suiteOf(claims: readonly Claim[]): Suite {
  const row = { key: ['a row'], needs: [{ claim: 's/c', cases: [''] }], from: ['local'] };
  const words = { holds: 'works', broken: 'fails', else: '?' };
  return {
    id: 's',
    title: 's',
    file: 'suites/s.yaml',
    pages: { '': 'p.mdx' },
    claims,
    tables: [
      {
        under: 'Status',
        key: ['Item'],
        owns: 'Word',
        rows: [{ ...row, words, place: PLACE }],
        place: PLACE,
      },
    ],
  };
}

function at(one: Claim, days: number, more: Partial<Evidence> = {}): Evidence {
  const [only] = casesIn(one);
  if (only === undefined) throw new Error('no case');
  return evidenceOf(only, { run: `r${20 - days}`, at: daysAgo(days), ...more });
}

/** What was known so many days ago. */
function known(days: number, evidence: readonly Evidence[], more: Partial<Known> = {}): Known {
  const then = evidence.filter((one) => instantMs(one.at) <= instantMs(daysAgo(days)));
  const claims = [CLAIM, OTHER];
  return {
    name: `${days} days ago`,
    suites: [suiteOf(claims)],
    remembered: remember(claims, then, instantMs(daysAgo(days))),
    targetsOf: () => ['local'],
    standsIn: false,
    isWhole: true,
    evidence: then,
    exchangeOf: () => undefined,
    gatewayOf: () => undefined,
    ...more,
  };
}

test('nothing differs between a day and itself', () => {
  const evidence = [at(CLAIM, 9), at(OTHER, 9)];
  const { words, standings, cases } = diff(known(5, evidence), known(5, evidence));
  expect({ words, standings, cases }).toEqual({ words: [], standings: [], cases: [] });
});

test('a word that changed is told with its claim, and the first evidence that differs', () => {
  const evidence = [
    at(CLAIM, 9),
    at(CLAIM, 6, { gatewayVersion: 'v1' }),
    at(CLAIM, 4, { verdict: FAIL, gatewayVersion: 'v2' }),
    at(CLAIM, 2, { verdict: FAIL, gatewayVersion: 'v3' }),
  ];
  const { words, standings, cases } = diff(known(7, evidence), known(1, evidence));
  expect(words).toMatchObject([{ row: 'a row', from: 'works', to: 'fails', needs: ['s/c'] }]);
  expect(standings).toMatchObject([{ claim: 's/c', from: 'holds', to: 'broken' }]);
  expect(cases.map(({ turn }) => turn.map(({ run }) => run))).toEqual([['r14', 'r16']]);
  expect(cases[0]?.suspects).toEqual([
    { what: 'gateway version', from: 'v1', to: 'v2', elsewhere: 0 },
  ]);
});

test('what has changed in cases that say the same tells less than what has not', () => {
  const before = { gatewayVersion: 'v1', alias: 'a' };
  const evidence = [
    at(CLAIM, 9, before),
    at(OTHER, 9, before),
    at(CLAIM, 4, { verdict: FAIL, gatewayVersion: 'v2', alias: 'b' }),
    at(OTHER, 4, { gatewayVersion: 'v2', alias: 'a' }),
  ];
  expect(diff(known(7, evidence), known(1, evidence)).cases[0]?.suspects).toEqual([
    { what: 'alias', from: 'a', to: 'b', elsewhere: 0 },
    { what: 'gateway version', from: 'v1', to: 'v2', elsewhere: 1 },
  ]);
});

test.each([
  ['target', { target: { name: 'other', grade: 'live', host: 'localhost:4000' } }],
  [
    'mock world',
    {
      target: {
        name: 'local',
        grade: 'live',
        host: 'localhost:4000',
        mock: '2026-03-30',
        mockAllowed: true,
      },
    },
  ],
  ['channel', { target: { name: 'local', grade: 'live', host: 'localhost:4000', channel: 318 } }],
  ['host', { target: { name: 'local', grade: 'live', host: 'localhost:5000' } }],
  ['version of Assay', { tool: '0.2.0' }],
  ['suite edit', { digest: 'edited' }],
] as const)('%s is suspected where only that differs', (what, more) => {
  const evidence = [at(CLAIM, 9), at(CLAIM, 4, { verdict: FAIL, ...more })];
  const targets = what === 'target' ? { targetsOf: () => ['other'] } : {};
  const { cases } = diff(known(7, evidence), known(1, evidence, targets));
  expect(cases[0]?.suspects.map((one) => one.what)).toEqual([what]);
});

test('where nothing that the evidence carries differs, nothing is suspected', () => {
  const evidence = [at(CLAIM, 9), at(CLAIM, 4, { verdict: FAIL })];
  expect(diff(known(7, evidence), known(1, evidence)).cases[0]?.suspects).toEqual([]);
});

test('a refusal that names no alias and no version does not make them suspects', () => {
  const evidence = [
    at(CLAIM, 9, { alias: 'a', gatewayVersion: 'v1' }),
    at(CLAIM, 4, { verdict: FAIL }),
  ];
  expect(diff(known(7, evidence), known(1, evidence)).cases[0]?.suspects).toEqual([]);
});

test('undecided evidence is no change', () => {
  const evidence = [at(CLAIM, 9), at(CLAIM, 4, { verdict: UNDECIDED })];
  const { words, standings, cases } = diff(known(7, evidence), known(1, evidence));
  expect({ words, standings, cases }).toEqual({ words: [], standings: [], cases: [] });
});

test('a claim that was proven since, or has grown stale, has changed its standing without a case that differs', () => {
  const evidence = [at(OTHER, 4)];
  const later = diff(known(7, evidence), known(1, evidence));
  expect(later.standings).toMatchObject([{ claim: 's/other', from: 'unproven', to: 'holds' }]);
  expect(later.cases).toEqual([]);
  const stale = diff(known(4, evidence), known(-40, evidence));
  expect(stale.standings).toMatchObject([{ claim: 's/other', from: 'holds', to: 'stale' }]);
});

test('what one run did not decide has not changed by that', () => {
  const evidence = [at(CLAIM, 9), at(OTHER, 9), at(OTHER, 4)];
  const alone = (run: string) =>
    known(
      0,
      evidence.filter((one) => one.run === run),
      { isWhole: false, name: run },
    );
  const { words, standings, pairs } = diff(alone('r11'), alone('r16'));
  expect({ words, standings }).toEqual({ words: [], standings: [] });
  expect(pairs.map(({ comparison }) => comparison.kind)).toEqual(['left out', 'same']);
});

test('a claim that one side has not is said to have no standing there', () => {
  const evidence = [at(CLAIM, 9), at(OTHER, 9)];
  const { standings } = diff(
    known(5, evidence, { suites: [suiteOf([CLAIM])] }),
    known(5, evidence),
  );
  expect(standings).toMatchObject([{ claim: 's/other', from: null, to: 'holds' }]);
});

test('a price that moved is suspected of a charge, by what the runs read of the price list', () => {
  const [only] = casesIn(CLAIM);
  if (only === undefined) throw new Error('no case');
  const asks = { ...only, request: { ...only.request, json: { model: 'm' } } };
  const claim: Claim = { ...CLAIM, basis: { kind: 'sent', cases: [asks] } };
  const charged = (run: string, days: number, said: string, more: Partial<Evidence> = {}) =>
    evidenceOf(asks, { run, at: daysAgo(days), observed: { status: 200, charged: said }, ...more });
  const evidence = [charged('r1', 9, 'aligned'), charged('r2', 4, 'mismatch', { verdict: FAIL })];
  const gatewayOf = (run: string) => ({
    version: 'v1',
    prices: { m: run === 'r1' ? '0.1' : '0.2' },
  });
  const at4 = (days: number) =>
    known(days, evidence, {
      gatewayOf,
      remembered: remember([claim], evidence, instantMs(daysAgo(days))),
    });
  expect(diff(at4(7), at4(1)).cases[0]?.suspects).toEqual([
    { what: 'price', from: '0.1', to: '0.2', elsewhere: 0 },
  ]);
});
