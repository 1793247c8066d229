import { describe, expect, test } from 'vitest';
import { PASS, casesIn, evidenceOf, sentClaim } from '../domain/evidence.fixture.ts';
import type { Evidence } from '../domain/evidence.ts';
import { PASSED, aRun } from '../domain/run.fixture.ts';
import type { JudgedCase } from '../domain/run.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { RunStart } from './lines.ts';
import type { KeptRun } from './read.ts';
import { closeOf, runAgain } from './run.ts';

const claim = sentClaim('c', ['n=1', 'n=2', 'n=3']);
const [one, two] = casesIn(claim);
const claims = (id: string) => (id === 's/c' ? claim : undefined);
const start: RunStart = {
  id: 'r1',
  startedAt: '2026-03-30T12:00:00.000Z',
  tool: '0.1.0',
  target: { name: 'local', grade: 'live', host: 'localhost:4000' },
  selected: [],
};
const kept: KeptRun = {
  file: 'r1.jsonl',
  start,
  exchanges: 0,
  anew: [],
  lost: { requests: 0, usd: 0 },
  tail: { prev: '', bytes: 0 },
};

const STOPPED: Verdict = {
  kind: 'inconclusive',
  cause: 'interrupted',
  detail: 'the run ended before it',
};

/** A case of the claim that its run never came to. */
function never(name: string): JudgedCase {
  const nothing = { trials: 0, attempts: 0, evidence: [] };
  return { ...PASSED, says: 'c', case: name, verdict: STOPPED, ...nothing };
}

function pieceOf(aCase: typeof one, more: Partial<Evidence> = {}): Evidence {
  if (aCase === undefined) throw new Error('no such case');
  return evidenceOf(aCase, more);
}

describe('a run told again from its lines', () => {
  test('has what it left out, what its end came before, and why', () => {
    const run = aRun({
      end: { kind: 'interrupted' },
      cases: [never('n=2'), never('n=3')],
      leftOut: [
        { claim: 's/c', case: '', reason: 'budget' },
        { claim: 's/d', case: 'a=1/b=2', reason: 'target offers 1 of 15 webp' },
      ],
      hints: ['every answer was HTML'],
    });
    const lines = { exchanges: [], evidence: [pieceOf(one)], close: closeOf(run) };
    const again = runAgain(kept, lines, claims);
    expect(again).toMatchObject({ end: run.end, leftOut: run.leftOut, hints: run.hints });
    expect(again.cases.map((each) => [each.case, each.verdict])).toEqual([
      ['n=1', PASS],
      ['n=2', STOPPED],
      ['n=3', STOPPED],
    ]);
    expect(again.endedAt).toBe(run.endedAt);
  });

  test('that has no end was interrupted, and ended with its newest evidence', () => {
    const pieces = [
      pieceOf(one),
      pieceOf(two, { at: '2026-04-14T00:00:00Z', usd: 0.5, measured: true }),
    ];
    const again = runAgain(kept, { exchanges: [], evidence: pieces }, claims);
    expect(again).toMatchObject({ end: { kind: 'interrupted' }, usd: 0.5, measuredUsd: 0.5 });
    expect(again.endedAt).toBe('2026-04-14T00:00:00Z');
  });

  test('counts no evidence of an answer that was asked for anew, nor of an earlier wording', () => {
    const failed: Verdict = { kind: 'fail', findings: [] };
    const pieces = [
      pieceOf(one, { id: 'r1.1', exchange: 'r1.x1', verdict: failed }),
      pieceOf(two, { id: 'r1.2', digest: 'as it was', verdict: failed }),
      pieceOf(one, { id: 'r1.3', exchange: 'r1.x3' }),
      pieceOf(two, { id: 'r1.4' }),
    ];
    const { cases } = runAgain(
      { ...kept, anew: ['r1.x1'] },
      { exchanges: [], evidence: pieces },
      claims,
    );
    expect(cases.map((each) => [each.evidence, each.contradicts])).toEqual([
      [['r1.3'], false],
      [['r1.4'], false],
    ]);
  });

  test('is decided by its interval where its trials were a series, whatever the suites ask for by now', () => {
    const trials = { of: 4, atLeast: 0.5, confidence: 0.5 };
    const at = { file: 's.yaml', line: 3, column: 5 };
    const failed: Verdict = {
      kind: 'fail',
      findings: [{ expectation: 'status', at, expected: '200', actual: '500' }],
    };
    const pieces = [1, 2, 3, 4].map((trial) =>
      pieceOf(one, { id: `r1.${trial}`, trial, trials, verdict: failed }),
    );
    const [series] = runAgain(kept, { exchanges: [], evidence: pieces }, claims).cases;
    expect(series?.rate).toMatchObject({ passed: 0, ...trials });
    expect(series?.verdict).toMatchObject({
      kind: 'fail',
      findings: [{ expectation: 'trials', at }, {}],
    });
  });

  test('promises nothing of a case, or a claim, that no suite has', () => {
    const failed: Verdict = { kind: 'fail', findings: [] };
    const pieces = [
      pieceOf(one, { case: 'n=99', verdict: failed }),
      pieceOf(one, { claim: 's/gone', verdict: failed }),
    ];
    const { cases } = runAgain(kept, { exchanges: [], evidence: pieces }, claims);
    expect(cases.map(({ documented, contradicts }) => [documented, contradicts])).toEqual([
      ['open', false],
      ['open', false],
    ]);
  });
});
