import { caseId } from '../domain/claim.ts';
import { type Names, type Pair, type Shown, answerText, verdictText } from '../domain/compare.ts';
import { type LimitDifference, limitSentence } from '../domain/edge.ts';
import { labelled } from './columns.ts';
import type { Paint } from './paint.ts';

/** How many cases came out in which way. */
export interface Tally {
  readonly same: number;
  readonly different: number;
  readonly untold: number;
  readonly leftOut: number;
}

/** Counts what came of setting cases side by side. */
export function tallyOf(pairs: readonly Pair[]): Tally {
  const count = (kind: Pair['comparison']['kind']) =>
    pairs.filter(({ comparison }) => comparison.kind === kind).length;
  return {
    same: count('same'),
    different: count('different'),
    untold: count('untold'),
    leftOut: count('left out'),
  };
}

/** Lines under a bold title; nothing where there are none. */
export function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines];
}

/** A claim with those of its cases that are meant: `suite/claim (refs=1, refs=2)`. */
export function casesText(cases: readonly Pick<Pair, 'claim' | 'case'>[]): string {
  const [first] = cases;
  if (first === undefined) return '';
  const names = cases.map((one) => one.case).filter((name) => name !== '');
  if (names.length === 1) return caseId(first.claim, names[0] ?? '');
  return names.length === 0 ? first.claim : `${first.claim} (${names.join(', ')})`;
}

/** The limits that two sides do not share, a sentence each. */
export function limitSection(
  limits: readonly LimitDifference[],
  names: Names,
  columns: number,
  paint: Paint,
): readonly string[] {
  const lines = limits.map((one) =>
    labelled('', `${one.claims.join(', ')}: ${limitSentence(one, names)}`, 2, columns),
  );
  return section(`Limits (${limits.length})`, lines, paint);
}

/** The cases that were not set side by side, by the reason. */
export function reasonSection(
  title: string,
  pairs: readonly Pair[],
  kind: 'untold' | 'left out',
  names: Names,
  columns: number,
  paint: Paint,
): readonly string[] {
  const count = pairs.filter(({ comparison }) => comparison.kind === kind).length;
  return section(`${title} (${count})`, reasons(pairs, kind, names, columns), paint);
}

function reasons(
  pairs: readonly Pair[],
  kind: 'untold' | 'left out',
  names: Names,
  columns: number,
): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { claim, case: name, comparison } of pairs) {
    if (comparison.kind !== kind) continue;
    for (const side of ['left', 'right'] as const) {
      const reason = comparison.because[side];
      if (reason === undefined) continue;
      const why = `on ${names[side]}: ${reason}`;
      groups.set(why, [...(groups.get(why) ?? []), caseId(claim, name)]);
    }
  }
  return [...groups].flatMap(([why, ids]) => [
    labelled('', why, 2, columns),
    labelled('', ids.join(', '), 6, columns),
  ]);
}

/** One case of both sides, as a document holds it. */
export function jsonPair({ claim, case: name, left, right, comparison }: Pair): object {
  const because: Partial<Names> = 'because' in comparison ? comparison.because : {};
  return {
    claim,
    case: name,
    comparison: comparison.kind,
    differences: comparison.kind === 'different' ? comparison.differences : [],
    left: jsonShown(left, because.left),
    right: jsonShown(right, because.right),
  };
}

function jsonShown(shown: Shown | undefined, because: string | undefined): object {
  if (shown === undefined) return { because };
  return {
    verdict: shown.telling.verdict.kind,
    said: verdictText(shown),
    answer: answerText(shown),
    passed: shown.passed,
    decided: shown.decided,
    observed: shown.telling.observed,
    evidence: shown.evidence,
    ...(because !== undefined && { because }),
  };
}

/** A limit that differs, as a document holds it. */
export function jsonLimit(limit: LimitDifference, names: Names): object {
  return { ...limit, says: limitSentence(limit, names) };
}
