import { expect, test } from 'vitest';
import type { Claim } from '../../domain/claim.ts';
import type { JudgedCase } from '../../domain/run.ts';
import { contradictions } from './errors.ts';

const at = { file: 'suites/none.yaml', line: 3, column: 9 };

const claim: Claim = {
  suite: 'small',
  id: 'good',
  says: 'It works',
  covers: [],
  documented: { as: 'holds' },
  basis: { kind: 'untestable', why: 'what it rests on is of no interest here' },
  freshMs: 1,
  usd: 0,
  place: at,
};

function judged(actual: string): JudgedCase {
  const findings = [{ expectation: 'text', at, expected: 'peace', actual }];
  return {
    claim: 'small/good',
    case: '',
    says: claim.says,
    documented: 'holds',
    verdict: { kind: 'fail', findings },
    contradicts: true,
    trials: 1,
    attempts: 1,
    usd: 0,
    measuredUsd: 0,
    evidence: [],
  };
}

test('nothing that a server says can pass for a line of the stack, or steer the terminal', () => {
  const actual = 'a\n    at evil (/etc/passwd:1:1)\r\n  at other (/x.ts:1:1)\u001b[2J';
  const [error] = contradictions(claim, { kind: 'judged', case: judged(actual), trials: [] });
  const frames = error?.stack?.split('\n').filter((line) => /^\s*at /.test(line));
  expect(frames).toEqual([expect.stringMatching(/^ {4}at small\/good \(.*none\.yaml:3:9\)$/)]);
  expect(error?.stack).not.toContain('\u001b');
});

test('a case that is documented as broken, and of which one trial passed, is no agreement', () => {
  const one: JudgedCase = { ...judged('war'), documented: 'broken' };
  const [error, ...more] = contradictions(claim, { kind: 'judged', case: one, trials: [] });
  expect([error?.message, more]).toEqual(['documented as broken, but a trial of it passed', []]);
});
