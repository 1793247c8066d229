import type { JudgedCase, Run } from './run.ts';

/** A case that passed, with one trial. */
export const PASSED: JudgedCase = {
  claim: 's/c',
  case: '',
  says: 'It works',
  documented: 'holds',
  verdict: { kind: 'pass' },
  contradicts: false,
  trials: 1,
  attempts: 1,
  usd: 0,
  measuredUsd: 0,
  evidence: ['r.1'],
};

/** A complete run of one request, with what is special about it. */
export function aRun(more: Partial<Run>): Run {
  return {
    id: 'r',
    target: { name: 'local', grade: 'live', host: '127.0.0.1' },
    startedAt: '2026-03-30T12:00:00.000Z',
    endedAt: '2026-03-30T12:01:00.000Z',
    end: { kind: 'complete' },
    cases: [PASSED],
    leftOut: [],
    exchanges: 1,
    requests: 1,
    fetches: 0,
    reads: 0,
    usd: 0,
    measuredUsd: 0,
    hints: [],
    ...more,
  };
}
