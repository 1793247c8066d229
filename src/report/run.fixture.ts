import { PASSED, aRun } from '../domain/run.fixture.ts';
import type { JudgedCase } from '../domain/run.ts';
import type { Verdict } from '../domain/verdict.ts';

/** For tests only: a case whose one finding says that it met this. */
export function failedCase(actual: string, more: Partial<JudgedCase> = {}): JudgedCase {
  const at = { file: 'suites/s.yaml', line: 12, column: 9 };
  const findings = [{ expectation: 'status', at, expected: '200', actual }];
  return { ...PASSED, verdict: { kind: 'fail', findings }, contradicts: true, ...more };
}

const UNTOLD: Verdict = { kind: 'inconclusive', cause: 'throttled', detail: '429 three times' };

/** For tests only: a run with a case of each outcome, in no order. */
export const MIXED = aRun({
  cases: [
    { ...PASSED, ms: 1500 },
    failedCase('500', { case: 'n=10' }),
    failedCase('500', { case: 'n=2', documented: 'broken', contradicts: false }),
    failedCase('500', { claim: 's/open', documented: 'open', contradicts: false }),
    { ...PASSED, claim: 's/gloomy', documented: 'broken', contradicts: true },
    { ...PASSED, claim: 't/untold', verdict: UNTOLD },
    { ...PASSED, claim: 's/shaky', verdict: UNTOLD, contradicts: true },
  ],
  leftOut: [{ claim: 's/left', case: 'a=1', reason: 'budget' }],
});
