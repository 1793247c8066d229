import { caseId } from '../domain/claim.ts';
import { type Names, type Pair, type Shown, answerText, verdictText } from '../domain/compare.ts';
import { type LimitDifference, limitSentence } from '../domain/edge.ts';
import { type Run, summary } from '../domain/run.ts';
import { labelled, padded, width } from './columns.ts';
import { dollars } from './cost.ts';
import { counted } from './counted.ts';
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

/** Two sides side by side, for a terminal or a log: what differs first, then limits, then what could not be told, and why. */
export function renderCompare(
  pairs: readonly Pair[],
  limits: readonly LimitDifference[],
  names: Names,
  columns: number,
  paint: Paint,
): string {
  const { same, different, untold, leftOut } = tallyOf(pairs);
  const parts = [
    `${counted(same, 'case')} the same`,
    `${different} different`,
    `${untold} could not be told`,
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ];
  const sections = [
    section(`Differs (${different})`, differing(pairs, names, columns, paint), paint),
    limitSection(limits, names, columns, paint),
    reasonSection('Could not tell', pairs, 'untold', names, columns, paint),
    reasonSection('Left out', pairs, 'left out', names, columns, paint),
    [
      paint(
        'bold',
        labelled('', [`${names.left} and ${names.right}`, ...parts].join(' · '), 0, columns),
      ),
    ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Lines under a bold title; nothing where there are none. */
export function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines];
}

function differing(
  pairs: readonly Pair[],
  names: Names,
  columns: number,
  paint: Paint,
): readonly string[] {
  const groups = Map.groupBy(
    pairs.filter(({ comparison }) => comparison.kind === 'different'),
    ({ comparison }) => JSON.stringify(comparison),
  );
  const margin = Math.max(width(names.left), width(names.right)) + 2;
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first?.comparison.kind !== 'different') return [];
    return [
      paint('red', labelled('', casesText(group), 2, columns)),
      ...first.comparison.differences.flatMap(({ what, left, right }) => [
        labelled(padded(what, 14) + padded(names.left, margin), left, 4, columns),
        labelled(padded('', 14) + padded(names.right, margin), right, 4, columns),
      ]),
    ];
  });
}

/** Cases by their claims: `suite/claim (refs=1, refs=2), suite/other`. */
export function casesText(cases: readonly Pick<Pair, 'claim' | 'case'>[]): string {
  const byClaim = Map.groupBy(cases, ({ claim }) => claim);
  const texts = [...byClaim].map(([claim, own]) => {
    const [first] = own;
    if (own.length === 1) return caseId(claim, first?.case ?? '');
    return `${claim} (${own.map((one) => one.case).join(', ')})`;
  });
  return texts.join(', ');
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
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const { comparison } = pair;
    if (comparison.kind !== kind) continue;
    for (const side of ['left', 'right'] as const) {
      const reason = comparison.because[side];
      if (reason === undefined) continue;
      const why = `on ${names[side]}: ${reason}`;
      groups.set(why, [...(groups.get(why) ?? []), pair]);
    }
  }
  return [...groups].flatMap(([why, group]) => [
    labelled('', why, 2, columns),
    labelled('', casesText(group), 6, columns),
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
    verdict: shown.word ?? 'inconclusive',
    said: verdictText(shown),
    answer: answerText(shown),
    passed: shown.passed,
    decided: shown.decided.length,
    observed: shown.telling.observed,
    evidence: shown.evidence,
    ...(because !== undefined && { because }),
  };
}

/** A limit that differs, as a document holds it. */
export function jsonLimit(limit: LimitDifference, names: Names): object {
  return { ...limit, says: limitSentence(limit, names) };
}

/** What a side would send, before anything is sent: `12 exchanges; at worst 40 requests, $0.62; 3 cases left out`. */
export function plannedSideText(planned: {
  readonly exchanges: number;
  readonly leftOut: number;
  readonly worst: { readonly requests: number; readonly usd: number };
}): string {
  const { exchanges, leftOut, worst } = planned;
  const most = `at worst ${counted(worst.requests, 'request')}, ${dollars(worst.usd)}`;
  const out = leftOut === 0 ? [] : [`${counted(leftOut, 'case')} left out`];
  return [counted(exchanges, 'exchange'), most, ...out].join('; ');
}

/** `run --compare --format json`: one document, fields only ever added. */
export function jsonCompare(
  pairs: readonly Pair[],
  limits: readonly LimitDifference[],
  names: Names,
  runs: { readonly left: Run; readonly right: Run },
): object {
  const side = (name: keyof Names) => {
    const { id, target, end } = runs[name];
    const { name: called, grade } = target;
    return {
      name: names[name],
      run: id,
      target: { name: called, grade },
      end,
      summary: summary(runs[name]),
    };
  };
  return {
    schema: 'assay.compare.v1',
    left: side('left'),
    right: side('right'),
    summary: tallyOf(pairs),
    cases: pairs.map((pair) => jsonPair(pair)),
    limits: limits.map((one) => jsonLimit(one, names)),
  };
}
