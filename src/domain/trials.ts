import type { Case, Standing, Trials } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { type Tells, tells } from './interval.ts';
import type { Verdict } from './verdict.ts';

/** What the trials of a case in one run come to; those that could not be told count as neither. */
export interface Series {
  readonly passed: number;
  readonly decided: number;
  readonly tells: Tells;
  /** The trial that showed what the claim does not allow to be observed: no interval forgives that. */
  readonly outside?: Verdict;
}

/** So many trials in a row that could not be told end a series: what stands in the way does not pass by itself. */
const MOST_UNTOLD = 5;

type Judged = Pick<Evidence, 'trial' | 'verdict'>;

/** The trials up to the one that decides; none beyond one that is missing, since that may have said otherwise. */
export function seriesOf(trials: Trials, evidence: readonly Judged[]): Series {
  let passed = 0;
  let decided = 0;
  let before = 0;
  for (const { trial, verdict } of inOrder(evidence)) {
    if (trial > before + 1) break;
    before = trial;
    if (verdict.kind === 'inconclusive') continue;
    decided += 1;
    if (verdict.kind === 'pass') passed += 1;
    if (isOutside(verdict)) return { passed, decided, tells: 'fail', outside: verdict };
    const told = tells(trials, passed, decided);
    if (told !== 'open') return { passed, decided, tells: told };
  }
  return { passed, decided, tells: 'open' };
}

/** Whether the evidence of one run, all of one case and digest, decides anything of it. */
export function decides(evidence: readonly Evidence[]): boolean {
  const trials = evidence.find((one) => one.trials !== undefined)?.trials;
  if (trials === undefined) return evidence.some(({ verdict }) => verdict.kind !== 'inconclusive');
  return seriesOf(trials, evidence).tells !== 'open';
}

/** Whether one more trial is to be made. */
export function goesOn(trials: Trials, evidence: readonly Evidence[]): boolean {
  if (evidence.length >= trials.of || seriesOf(trials, evidence).tells !== 'open') return false;
  const last = inOrder(evidence).slice(-MOST_UNTOLD);
  // What is not even sent waits for a control, and that has its last word in this run.
  if (last.at(-1)?.attempts === 0) return false;
  return last.length < MOST_UNTOLD || last.some(({ verdict }) => verdict.kind !== 'inconclusive');
}

/**
 * What the trials so far say of the case; undefined while more of them could decide. Where too few could be told, it is
 * undecided for the reason that the last of those had.
 */
export function verdictOfTrials(
  trials: NonNullable<Case['trials']>,
  evidence: readonly Judged[],
): Verdict | undefined {
  const series = seriesOf(trials, evidence);
  const { atLeast, confidence, place } = trials;
  const ordered = inOrder(evidence).map(({ verdict }) => verdict);
  switch (series.tells) {
    case 'pass':
      return { kind: 'pass' };
    case 'fail': {
      if (series.outside !== undefined) return series.outside;
      const last = ordered.findLast((verdict) => verdict.kind === 'fail');
      const rate = {
        expectation: 'trials',
        at: place,
        expected: `a rate of at least ${atLeast}, at confidence ${confidence}`,
        actual: seriesText(series),
      };
      return { kind: 'fail', findings: [rate, ...(last?.findings ?? [])] };
    }
    case 'even': {
      const detail = `${seriesText(series)}, which shows neither a rate of at least ${atLeast} nor a lower one, at confidence ${confidence}`;
      return { kind: 'inconclusive', cause: 'unsure', detail };
    }
    case 'open': {
      const isThrough = ordered.length >= trials.of;
      const last = isThrough
        ? ordered.findLast(({ kind }) => kind === 'inconclusive')
        : ordered.at(-1);
      if (last?.kind !== 'inconclusive') return undefined;
      return { ...last, detail: `${last.detail} (${seriesText(series)})` };
    }
    default:
      return series.tells satisfies never;
  }
}

/** Whether an answer showed something beyond what its claim allows (the `observed` expectation). */
function isOutside(verdict: Verdict): boolean {
  return (
    verdict.kind === 'fail' &&
    verdict.findings.some(({ expectation }) => expectation.startsWith('observed.'))
  );
}

/** `37 of 40 passed`. */
export function seriesText({ passed, decided }: Pick<Series, 'passed' | 'decided'>): string {
  return `${passed} of ${decided} passed`;
}

function inOrder<One extends Judged>(evidence: readonly One[]): readonly One[] {
  return evidence.toSorted((a, b) => a.trial - b.trial);
}

/** What evidence says whatever its age, and the figures behind it. */
interface Said {
  readonly verdict: Extract<Standing, 'holds' | 'broken' | 'unstable'>;
  readonly detail: string;
}

/** What the decided trials of one run say of a case, or of one that was tried in the same way. */
export function said(trials: Trials | undefined, decided: readonly Evidence[]): Said {
  return trials === undefined ? ofAll(decided) : ofSeries(trials, decided);
}

/** Nothing is retried until it passes: a pass after a fail is unstable. */
function ofAll(decided: readonly Evidence[]): Said {
  const failed = decided.filter(({ verdict }) => verdict.kind === 'fail').length;
  if (failed === 0) return { verdict: 'holds', detail: '' };
  const verdict = failed === decided.length ? 'broken' : 'unstable';
  return { verdict, detail: `, ${failed} of ${decided.length} failed` };
}

function ofSeries(trials: Trials, decided: readonly Evidence[]): Said {
  const series = seriesOf(trials, decided);
  const outside = series.outside === undefined ? '' : ', one outside of what may be observed';
  const detail = `, ${seriesText(series)}${outside}`;
  if (series.tells === 'pass') return { verdict: 'holds', detail };
  return { verdict: series.tells === 'fail' ? 'broken' : 'unstable', detail };
}
