import { describe, expect, test } from 'vitest';
import type { Case } from './claim.ts';
import type { Evidence } from './evidence.ts';
import {
  FAIL,
  NOW,
  PASS,
  UNDECIDED,
  casesIn,
  daysAgo,
  evidenceOf,
  remember,
  sentClaim,
} from './evidence.fixture.ts';
import { caseStand, everDecided } from './standing.ts';
import { decides, goesOn, seriesOf, verdictOfTrials } from './trials.ts';
import type { Verdict } from './verdict.ts';

const claim = sentClaim('c');
const trials = { of: 40, atLeast: 0.9, confidence: 0.9, place: claim.place };
const asked: Case = { ...(casesIn(claim)[0] as Case), trials };
const { place: _, ...kept } = trials;

/** One trial for each verdict, of one run. */
function run(verdicts: readonly Verdict[], more: Partial<Evidence> = {}): readonly Evidence[] {
  return verdicts.map((verdict, at) =>
    evidenceOf(asked, { verdict, trial: at + 1, trials: kept, ...more }),
  );
}
const times = (count: number, verdict: Verdict) => Array.from({ length: count }, () => verdict);
const passes = (count: number) => run(times(count, PASS));
const stand = (evidence: readonly Evidence[], now = NOW) =>
  caseStand(asked, claim.freshMs, 'local', remember([claim], evidence, now));

describe('a series of trials', () => {
  test('decides with the trial that shows the rate, and looks at no later one', () => {
    expect(seriesOf(trials, passes(27))).toEqual({ passed: 27, decided: 27, tells: 'open' });
    const late = run([...times(28, PASS), ...times(9, FAIL)]);
    expect(seriesOf(trials, late)).toEqual({ passed: 28, decided: 28, tells: 'pass' });
  });

  test('counts a trial that could not be told as neither', () => {
    const mixed = run([...times(14, PASS), UNDECIDED, ...times(14, PASS)]);
    expect(seriesOf(trials, mixed)).toEqual({ passed: 28, decided: 28, tells: 'pass' });
  });

  test('is read by the number of its trials, whatever the order of the evidence', () => {
    const verdicts = [PASS, FAIL, PASS, FAIL, FAIL, FAIL];
    expect(seriesOf(trials, run(verdicts).toReversed())).toEqual(seriesOf(trials, run(verdicts)));
  });

  test('says nothing beyond a trial that is missing', () => {
    const gone = passes(28).filter(({ trial }) => trial !== 3);
    expect(seriesOf(trials, gone)).toEqual({ passed: 2, decided: 2, tells: 'open' });
  });

  test('decides in a run only once its interval does', () => {
    expect(decides(passes(27))).toBe(false);
    expect(decides(passes(28))).toBe(true);
    expect(decides([evidenceOf(asked)])).toBe(true);
    expect(decides([evidenceOf(asked, { verdict: UNDECIDED })])).toBe(false);
  });
});

describe('one more trial', () => {
  test('is made until the interval decides, and never beyond all', () => {
    expect(goesOn(trials, passes(27))).toBe(true);
    expect(goesOn(trials, passes(28))).toBe(false);
    expect(goesOn(trials, run([FAIL, FAIL]))).toBe(false);
    const half = run(Array.from({ length: 40 }, (__, at) => (at % 3 === 0 ? UNDECIDED : PASS)));
    expect(seriesOf(trials, half).tells).toBe('open');
    expect(goesOn(trials, half)).toBe(false);
  });

  test('is not made after five in a row that could not be told, or one that was not even sent', () => {
    expect(goesOn(trials, run([PASS, ...times(4, UNDECIDED)]))).toBe(true);
    expect(goesOn(trials, run([PASS, ...times(5, UNDECIDED)]))).toBe(false);
    expect(goesOn(trials, run([UNDECIDED], { attempts: 0 }))).toBe(false);
  });
});

describe('the verdict of all trials', () => {
  test('is a pass, or a fail that says how many passed and what the last one lacked', () => {
    expect(verdictOfTrials(trials, passes(28))).toEqual(PASS);
    const finding = { expectation: 'image', at: claim.place, expected: 'one', actual: 'none' };
    const failed = run([PASS, ...times(4, { kind: 'fail', findings: [finding] } as const)]);
    expect(verdictOfTrials(trials, failed)).toEqual({
      kind: 'fail',
      findings: [
        {
          expectation: 'trials',
          at: claim.place,
          expected: 'a rate of at least 0.9, at confidence 0.9',
          actual: `${seriesOf(trials, failed).passed} of ${seriesOf(trials, failed).decided} passed`,
        },
        finding,
      ],
    });
  });

  test('is a fail by one answer outside of what may be observed, however many passed', () => {
    const outside: Verdict = {
      kind: 'fail',
      findings: [
        {
          expectation: 'observed.image.at',
          at: claim.place,
          expected: 'inline-data',
          actual: '"data-uri"',
        },
      ],
    };
    const all = run([...times(20, PASS), outside, ...times(19, PASS)]);
    expect(seriesOf(trials, all)).toMatchObject({ passed: 20, decided: 21, tells: 'fail' });
    expect(verdictOfTrials(trials, all)).toEqual(outside);
    expect(stand(all)).toMatchObject({
      standing: 'broken',
      because: expect.stringContaining(
        '20 of 21 passed, one outside of what may be observed',
      ) as string,
    });
  });

  test('is unsure where all of them show neither', () => {
    const even = Array.from({ length: 40 }, (__, at) => (at % 10 === 9 ? FAIL : PASS));
    expect(verdictOfTrials(trials, run(even))).toMatchObject({
      kind: 'inconclusive',
      cause: 'unsure',
      detail: expect.stringMatching(/^32 of 35 passed, which shows neither/) as string,
    });
  });

  test('is not there while they could still decide, unless the last one could not be told', () => {
    expect(verdictOfTrials(trials, passes(3))).toBeUndefined();
    expect(verdictOfTrials(trials, run([PASS, UNDECIDED]))).toEqual({
      kind: 'inconclusive',
      cause: 'throttled',
      detail: '429 (1 of 1 passed)',
    });
  });
});

describe('a case with trials', () => {
  test('holds, is broken or is unstable as the interval says, with k of n', () => {
    expect(stand(passes(28))).toMatchObject({
      standing: 'holds',
      because: 's/c on local: r1.s/c/.local.1 … r1.s/c/.local.28 (2026-04-13, 28 of 28 passed)',
    });
    expect(stand(run([...times(37, PASS), FAIL]))).toMatchObject({ standing: 'holds' });
    expect(stand(run([PASS, ...times(4, FAIL)]))).toMatchObject({ standing: 'broken' });
    const even = Array.from({ length: 40 }, (__, at) => (at % 10 === 9 ? FAIL : PASS));
    expect(stand(run(even))).toMatchObject({
      standing: 'unstable',
      because: expect.stringContaining('passed)') as string,
    });
  });

  test('one failing trial does not make unstable what the interval shows', () => {
    const verdicts = [FAIL, ...times(39, PASS)];
    expect(seriesOf(trials, run(verdicts)).tells).toBe('pass');
    expect(stand(run(verdicts)).standing).toBe('holds');
  });

  test('goes stale, with its age beside the count', () => {
    const old = run(times(28, PASS), { at: daysAgo(40) });
    expect(stand(old)).toMatchObject({
      standing: 'stale',
      because: expect.stringContaining('28 of 28 passed, 40 days old') as string,
    });
  });

  test('is as the newest run says that decided: one that was cut short has not', () => {
    const before = run(times(28, PASS), { run: 'r0', at: daysAgo(3) });
    const cut = run([PASS, PASS, FAIL], { run: 'r1' });
    expect(stand([...before, ...cut])).toMatchObject({ standing: 'holds', observedAt: daysAgo(3) });
    expect(stand(cut)).toMatchObject({
      standing: 'unproven',
      because: 's/c on local: undecided so far (2 of 3 passed, 2026-04-13)',
    });
  });

  test('that was cut short proves no table', () => {
    expect(everDecided('s/c', 'local', remember([claim], run([PASS, PASS])))).toBe(false);
    expect(everDecided('s/c', 'local', remember([claim], passes(28)))).toBe(true);
    expect(everDecided('s/c', 'local', remember([claim], [evidenceOf(asked)]))).toBe(true);
  });
});
