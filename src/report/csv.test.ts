import { assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import type { JudgedCase, Run } from '../domain/run.ts';
import { PASSED, aRun } from '../domain/run.fixture.ts';
import { parseCsv } from './csv.fixture.ts';
import { csvRun } from './csv.ts';

const CASE: JudgedCase = {
  ...PASSED,
  attempts: 2,
  ms: 12.6,
  usd: 0.1 + 0.2,
  evidence: ['r.1', 'r.2'],
};

function runOf(...cases: readonly JudgedCase[]): Run {
  const leftOut = [{ claim: 's/big', case: 'refs=14', reason: 'target offers 1 of 14 webp' }];
  return aRun({ cases, leftOut });
}

/** The cells of the first case, by column. */
function cellsOf(one: JudgedCase): Readonly<Record<string, string>> {
  const [header = [], line = []] = parseCsv(csvRun(runOf(one)));
  return Object.fromEntries(header.map((column, at) => [column, line[at] ?? '']));
}

const SIGNS = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '"',
  ',',
  "'",
  ' ',
  '1',
  '图',
  '🟢',
  '＝',
  '\0',
];

test('a text comes back as it was, but for a mark before what would run as a formula', () => {
  assert(
    property(string({ unit: constantFrom(...SIGNS), minLength: 1 }), (text) => {
      const { says } = cellsOf({ ...CASE, says: text });
      expect(says).toBe(/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);
    }),
  );
});

test.each([
  ['=HYPERLINK("http://127.0.0.1/?"&A1,"open")'],
  ["+1+cmd|' /C calc'!A0"],
  ['-2+3'],
  ['@SUM(A1:A9)'],
  ['\t=1+1'],
  ['\r=1+1'],
  ['＝1+1'],
])('%j is no formula', (text) => {
  expect(cellsOf({ ...CASE, says: text })['says']).toBe(`'${text}`);
});

test.each([
  ['a, b; c'],
  ['"quoted" and ""twice""'],
  ['line\nfeed\r\nand return'],
  ['已验证为拒绝，全角'],
  ['👩🏽‍🔬 🟢'],
  [' blanks '],
  ["it's = fine"],
])('%j is left as it is', (text) => {
  expect(cellsOf({ ...CASE, says: text })['says']).toBe(text);
});

test('numbers are bare numbers, whatever their sign', () => {
  expect(cellsOf(CASE)).toMatchObject({ trials: '1', attempts: '2', ms: '13', usd: '0.3' });
  expect(csvRun(runOf({ ...CASE, usd: -0.5 }))).toContain(',-0.5,');
});

test('a verdict has its cause or its findings, and a case that was left out its reason', () => {
  const at = { file: 's.yaml', line: 3, column: 9 };
  const finding = { expectation: 'status', at, expected: '200', actual: '500' };
  const failed = { kind: 'fail', findings: [finding, { ...finding, actual: '404' }] } as const;
  expect(cellsOf({ ...CASE, verdict: failed, contradicts: true })).toMatchObject({
    verdict: 'fail',
    agrees: 'no',
    findings:
      'status at s.yaml:3:9: expected 200; actual 500\nstatus at s.yaml:3:9: expected 200; actual 404',
  });
  const undecided = { kind: 'inconclusive', cause: 'unpaid', detail: '402' } as const;
  expect(cellsOf({ ...CASE, verdict: undecided })).toMatchObject({
    verdict: 'inconclusive',
    agrees: '',
    cause: 'unpaid',
    detail: '402',
  });
  const [header = [], , leftOut = []] = parseCsv(csvRun(runOf(CASE)));
  expect(header.map((column, place) => [column, leftOut[place]])).toEqual(
    expect.arrayContaining([
      ['claim', 's/big'],
      ['case', 'refs=14'],
      ['verdict', 'left out'],
      ['detail', 'target offers 1 of 14 webp'],
      ['trials', ''],
    ]),
  );
});

test('it begins with the mark by which Excel knows UTF-8', () => {
  expect(csvRun(runOf(CASE)).startsWith('\ufeffclaim,case,says,')).toBe(true);
});
