import type { CaseChange, Diff, StandingChange, WordChange } from '../domain/diff.ts';
import { labelled, padded } from './columns.ts';
import {
  casesText,
  jsonLimit,
  jsonPair,
  limitSection,
  reasonSection,
  section,
  tallyOf,
} from './compare.ts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';

/** What is said where two sides differ, and their circumstances do not. */
const NO_SUSPECT = 'nothing that the evidence carries differs';

/** What has changed between two sides, for a terminal or a log: words first, then standings, then the evidence behind them. */
export function renderChanges(diff: Diff, columns: number, paint: Paint): string {
  const { words, standings, cases, pairs } = diff;
  const shown = words.filter(({ suite, locale }) => locale === firstLocale(words, suite));
  const { same } = tallyOf(pairs);
  const sections = [
    section(
      `Words (${shown.length})`,
      shown.map((one) => wordLines(one, columns, paint)),
      paint,
    ),
    section(
      `Standings (${standings.length})`,
      standings.map((one) => standingLines(one, columns, paint)),
      paint,
    ),
    section(`Evidence (${cases.length})`, caseLines(cases, columns, paint), paint),
    limitSection(diff.limits, diff, columns, paint),
    reasonSection('Could not tell', pairs, 'untold', diff, columns, paint),
    [
      paint(
        'bold',
        labelled(
          '',
          [
            `${diff.left} → ${diff.right}`,
            `${counted(shown.length, 'word')} changed`,
            `${counted(standings.length, 'standing')} changed`,
            `${counted(cases.length, 'case')} observed otherwise`,
            `${same} the same`,
          ].join(' · '),
          0,
          columns,
        ),
      ),
    ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Other locales of a table say the same. */
function firstLocale(words: readonly WordChange[], suite: string): string | undefined {
  return words.find((one) => one.suite === suite)?.locale;
}

function wordLines(
  { page, under, row, from, to, because }: WordChange,
  columns: number,
  paint: Paint,
): string {
  return [
    labelled('', `${page} · ${under} › ${row}`, 2, columns),
    paint('red', `    - ${from ?? '(no such row)'}`),
    paint('green', `    + ${to ?? '(no such row)'}`),
    paint('dim', labelled('because: ', because, 6, columns)),
  ].join('\n');
}

function standingLines(
  { claim, target, from, to, because }: StandingChange,
  columns: number,
  paint: Paint,
): string {
  const change = `${from ?? 'not claimed'} → ${to ?? 'not claimed'}`;
  return [
    labelled('', `${claim} on ${target}: ${change}`, 2, columns),
    paint('dim', labelled('because: ', because, 6, columns)),
  ].join('\n');
}

/** Cases that changed in the same way, for the same suspects, are told together. */
function caseLines(cases: readonly CaseChange[], columns: number, paint: Paint): readonly string[] {
  const groups = Map.groupBy(cases, ({ pair: { comparison }, suspects }) =>
    JSON.stringify([comparison, suspects.map(suspectText)]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group.toSorted((a, b) => (a.turn[1].at < b.turn[1].at ? -1 : 1));
    if (first?.pair.comparison.kind !== 'different') return [];
    const [older, newer] = first.turn;
    const suspects = first.suspects.map(suspectText);
    return [
      paint('red', labelled('', casesText(group.map(({ pair }) => pair)), 2, columns)),
      ...first.pair.comparison.differences.map(({ what, left, right }) =>
        labelled(padded(what, 14), `${left} → ${right}`, 4, columns),
      ),
      labelled(
        padded('first', 14),
        `${newer.id}, ${newer.at.slice(0, 10)} (before it ${older.id}, ${older.at.slice(0, 10)})`,
        4,
        columns,
      ),
      ...(suspects.length === 0 ? [NO_SUSPECT] : suspects).map((text, at) =>
        labelled(padded(at === 0 ? 'suspects' : '', 14), text, 4, columns),
      ),
    ];
  });
}

function suspectText({ what, from, to, elsewhere }: CaseChange['suspects'][number]): string {
  const also =
    elsewhere === 0
      ? ''
      : `, as it has in ${counted(elsewhere, 'case')} that say the same as before`;
  return `${what}: ${from} → ${to}${also}`;
}

/** `diff --format json`: one document, fields only ever added. */
export function jsonChanges(diff: Diff): object {
  return {
    schema: 'assay.diff.v1',
    left: diff.left,
    right: diff.right,
    summary: {
      words: diff.words.length,
      standings: diff.standings.length,
      cases: tallyOf(diff.pairs),
    },
    words: diff.words,
    standings: diff.standings,
    cases: diff.cases.map(({ pair, turn: [older, newer], suspects }) => ({
      ...jsonPair(pair),
      before: { evidence: older.id, run: older.run, at: older.at },
      first: { evidence: newer.id, run: newer.run, at: newer.at, observed: newer.observed },
      suspects,
    })),
    limits: diff.limits.map((one) => jsonLimit(one, diff)),
  };
}
