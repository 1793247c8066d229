import type { JudgedCase, Run } from '../domain/run.ts';
import { seriesText } from '../domain/trials.ts';
import type { Finding } from '../domain/verdict.ts';

/**
 * What a case comes to for whoever reads tests: what `contradicts` the docs is the only failure. What could not be told is
 * `undecided`, never passed and never failed. What fails where the docs promise nothing is `unpromised`, and all else `agrees`.
 */
export type Outcome = 'agrees' | 'contradicts' | 'undecided' | 'unpromised';

/** What a case of a run comes to; a case may contradict by one of its trials while its verdict is another. */
export function outcomeOf({ contradicts, verdict, documented }: JudgedCase): Outcome {
  if (contradicts) return 'contradicts';
  if (verdict.kind === 'inconclusive') return 'undecided';
  return verdict.kind === 'fail' && documented === 'open' ? 'unpromised' : 'agrees';
}

/** In one sentence, why a case comes to what it does. */
export function outcomeText(one: JudgedCase): string {
  const { verdict, documented } = one;
  const outcome = outcomeOf(one);
  if (outcome !== 'contradicts' && verdict.kind === 'inconclusive')
    return `${verdict.cause}: ${verdict.detail}`;
  switch (outcome) {
    case 'contradicts':
      return contradictionText(one);
    case 'unpromised':
      return `fails, but the docs promise nothing: ${findingsText(one)}`;
    case 'undecided':
    case 'agrees':
      if (verdict.kind === 'fail') return `fails, as the docs say: ${findingsText(one)}`;
      return documented === 'open' ? 'passes, and the docs promise nothing' : 'as the docs say';
    default:
      return outcome satisfies never;
  }
}

function contradictionText(one: JudgedCase): string {
  const { verdict, documented } = one;
  const rate = one.rate === undefined ? '' : ` (${seriesText(one.rate)})`;
  if (verdict.kind === 'fail' && documented === 'holds') return findingsText(one);
  if (verdict.kind === 'pass' && documented === 'broken')
    return `it works, and the docs say that it fails${rate}`;
  return 'a trial of it contradicts the docs, and another one does not';
}

/** The first finding of a case, and how many more there are. */
function findingsText({ verdict }: JudgedCase): string {
  const [first, ...more] = verdict.kind === 'fail' ? verdict.findings : [];
  if (first === undefined) return 'it fails';
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return `${first.expectation}: expected ${first.expected}; actual ${first.actual}${others}`;
}

/** A finding in a line: where it is written, and what was expected there against what came. */
export function findingLine({ expectation, at, expected, actual }: Finding): string {
  return `${at.file}:${at.line}:${at.column}: ${expectation}: expected ${expected}; actual ${actual}`;
}

/** What a case is called among the tests of its claim. */
export function testName(name: string, says: string): string {
  return name === '' ? says : `${name}: ${says}`;
}

const IN_ORDER = new Intl.Collator('en', { numeric: true });

/**
 * What is named by claim and case, in the order of the names: the order in which a run was planned is not in its ledger, and a
 * report reads the same whenever it is made. `refs=2` comes before `refs=14`.
 */
export function inNameOrder<
  One extends {
    readonly claim: string;
    readonly case: string;
    readonly evidence?: readonly string[];
  },
>(all: readonly One[]): readonly One[] {
  return all.toSorted(
    (a, b) =>
      IN_ORDER.compare(a.claim, b.claim) ||
      IN_ORDER.compare(a.case, b.case) ||
      IN_ORDER.compare(a.evidence?.[0] ?? '', b.evidence?.[0] ?? ''),
  );
}

/** Why a run is not whole, in one sentence; undefined where it came to its end. */
export function endText({ end }: Pick<Run, 'end'>): string | undefined {
  switch (end.kind) {
    case 'complete':
      return undefined;
    case 'interrupted':
      return 'the run was interrupted: what it had found by then is told';
    case 'outage':
      return `${end.detail}; the run ended early, with ${end.undecided} undecided`;
    case 'ledger-failed':
      return `the ledger cannot be written: ${end.detail}`;
    default:
      return end satisfies never;
  }
}
