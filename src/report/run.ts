import { type Claim, caseId } from '../domain/claim.ts';
import { type Run, agrees, suiteCosts, summary } from '../domain/run.ts';
import { type NewShape, byAnswer } from '../domain/news.ts';
import { seriesText } from '../domain/trials.ts';
import { labelled, wrapped, width } from './columns.ts';
import { contradictions, foldedNames } from './contradictions.ts';
import { costLines, costText } from './cost.ts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';

/** What a run found, in sections that stand by themselves. */
export interface Found {
  /** Why it ended before its time. */
  readonly ending: readonly string[];
  readonly contradictions: readonly string[];
  /** What is new, undecided or left out. */
  readonly aside: readonly string[];
}

/** What a run found, for a terminal or a log. */
export function foundIn(
  run: Run,
  claims: (id: string) => Claim | undefined,
  columns: number,
  paint: Paint,
): Found {
  return {
    ending: outage(run, columns, paint),
    contradictions: contradictions(run, claims, columns, paint),
    aside: [
      ...news(run, columns, paint),
      ...rates(run, columns, paint),
      ...shapes(run, columns, paint),
      ...undecided(run, columns, paint),
      ...leftOut(run, columns, paint),
      ...run.hints.map((hint) => labelled('hint: ', hint, 0, columns)),
    ],
  };
}

/** All of it in one text: first what contradicts the docs, then what stayed undecided and why. */
export function renderRun(...of: Parameters<typeof foundIn>): string {
  const { ending, contradictions: broken, aside } = foundIn(...of);
  return [...ending, ...broken, ...aside].join('\n\n');
}

/** One line that sums a run up. */
export function summaryLine(run: Run): string {
  const { cases, pass, fail, inconclusive, contradictions: broken } = summary(run);
  const parts = [
    `${counted(cases, 'case')} in ${counted(run.exchanges, 'exchange')}`,
    `${pass} pass`,
    `${fail} fail`,
    `${inconclusive} inconclusive`,
    ...(run.leftOut.length > 0 ? [`${run.leftOut.length} left out`] : []),
    broken === 0
      ? 'nothing contradicts the docs'
      : `${counted(broken, 'contradicts', 'contradict')} the docs`,
    counted(run.requests, 'request'),
    costText(run),
  ];
  return parts.join(' · ');
}

/** What each suite of a run cost, where there are several. */
export function runCosts(run: Run): readonly string[] {
  return costLines(suiteCosts(run), costText);
}

function outage({ id, end, target, cases }: Run, columns: number, paint: Paint): readonly string[] {
  if (end.kind === 'outage') {
    const text = `${end.detail}; ${counted(end.undecided, 'case')} undecided`;
    return [paint('red', labelled(`${target.name}: `, text, 0, columns))];
  }
  if (end.kind === 'ledger-failed') {
    const ids = cases.flatMap(({ evidence }) => evidence).filter((one) => one.startsWith(`${id}.`));
    const text = `${end.detail}; written before that: ${counted(new Set(ids).size, 'piece')} of evidence`;
    return [paint('red', labelled('the ledger cannot be written: ', text, 0, columns))];
  }
  if (end.kind === 'interrupted')
    return [paint('yellow', 'interrupted: what was known by then is written')];
  return [];
}

/** What the docs promise nothing about can only be good or bad news. */
function news(run: Run, columns: number, paint: Paint): readonly string[] {
  const failing = run.cases.filter(
    ({ documented, verdict }) => documented === 'open' && verdict.kind === 'fail',
  );
  if (failing.length === 0) return [];
  const lines = [...Map.groupBy(failing, ({ claim }) => claim).values()].map((some) =>
    labelled(`${listed(foldedNames(some), 6)}  `, some[0]?.says ?? '', 2, columns),
  );
  return [
    [paint('bold', `Fails, but the docs promise nothing (${failing.length})`), ...lines].join('\n'),
  ];
}

/** What an interval decided, with how many of its trials passed. */
function rates(run: Run, columns: number, paint: Paint): readonly string[] {
  const decided = run.cases.flatMap(({ rate, ...one }) =>
    rate === undefined || one.verdict.kind === 'inconclusive' ? [] : [{ ...one, rate }],
  );
  if (decided.length === 0) return [];
  const lines = decided.map(({ claim, case: name, verdict, rate }) => {
    const isOutside = verdict.kind === 'fail' && verdict.findings[0]?.expectation !== 'trials';
    const shown = verdict.kind === 'pass' ? 'at least' : 'less than';
    const text = isOutside
      ? `${seriesText(rate)}, and one answer outside of what may be observed`
      : `${seriesText(rate)}: ${shown} ${rate.atLeast}, at confidence ${rate.confidence}`;
    return labelled(`${caseId(claim, name)}  `, text, 2, columns);
  });
  return [[paint('bold', `Decided by several trials (${decided.length})`), ...lines].join('\n')];
}

/** What no answer had shown before, asked for or not. */
function shapes({ news: found = [] }: Run, columns: number, paint: Paint): readonly string[] {
  if (found.length === 0) return [];
  const answers = byAnswer(found);
  const lines = [...Map.groupBy(answers, shapesText)].flatMap(([text, some]) => {
    const ids = some.flatMap(([first]) => (first ? [caseId(first.claim, first.case)] : []));
    if (ids.length === 1) return labelled(`${ids.join('')}  `, text, 2, columns);
    return [labelled('', text, 2, columns), labelled('', listed(ids, 6), 6, columns)];
  });
  return [[paint('bold', `Never observed before (${answers.length})`), ...lines].join('\n')];
}

/** What one answer showed for the first time. */
export function shapesText(found: readonly NewShape[]): string {
  return found.map(shapeText).join('; ');
}

/** `image.at data-uri, until now inline-data`. */
function shapeText({ observation, value, before }: NewShape): string {
  const known = before.length === 0 ? 'nothing' : listed(before.map(String), 6);
  return `${observation} ${value}, until now ${known}`;
}

const CAUSES = '  what each of these means: assay help causes';

function undecided(run: Run, columns: number, paint: Paint): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const one of run.cases) {
    if (one.verdict.kind !== 'inconclusive') continue;
    const why = `${one.verdict.cause}: ${one.verdict.detail}`;
    groups.set(why, [...(groups.get(why) ?? []), caseId(one.claim, one.case)]);
  }
  if (groups.size === 0) return [];
  const total = [...groups.values()].reduce((sum, ids) => sum + ids.length, 0);
  const lines = [...groups].flatMap(([why, ids]) => [
    ...wrapped(why, columns - 2).map((line) => `  ${paint('yellow', line)}`),
    ...wrapped(listed(ids, 6), columns - 6).map((line) => `      ${line}`),
  ]);
  return [[paint('bold', `Undecided (${total})`), ...lines, paint('dim', CAUSES)].join('\n')];
}

/** What is longer would leave no room beside it. */
const LONG_REASON = 30;

function leftOut(run: Run, columns: number, paint: Paint): readonly string[] {
  if (run.leftOut.length === 0) return [];
  const groups = new Map<string, string[]>();
  for (const { claim, case: name, reason } of run.leftOut) {
    groups.set(reason, [...(groups.get(reason) ?? []), caseId(claim, name)]);
  }
  const lines = [...groups].map(([reason, ids]) =>
    width(reason) <= LONG_REASON
      ? labelled(`${reason}: `, listed(ids, 6), 2, columns)
      : `${labelled('', `${reason}:`, 2, columns)}\n${labelled('', listed(ids, 6), 6, columns)}`,
  );
  return [[paint('bold', `Left out (${run.leftOut.length})`), ...lines].join('\n')];
}

function listed(ids: readonly string[], most: number): string {
  const rest = ids.length - most;
  return ids.slice(0, most).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

/** `run --format json`: one document, fields only ever added. */
export function jsonRun(run: Run): object {
  return {
    schema: 'assay.run.v1',
    run: run.id,
    target: { name: run.target.name, grade: run.target.grade },
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    end: run.end,
    summary: summary(run),
    costs: suiteCosts(run),
    cases: run.cases.map((one) => ({
      claim: one.claim,
      case: one.case,
      verdict: one.verdict.kind,
      cause: one.verdict.kind === 'inconclusive' ? one.verdict.cause : null,
      detail: one.verdict.kind === 'inconclusive' ? one.verdict.detail : null,
      documented: one.documented,
      agrees: agrees(one),
      trials: one.trials,
      rate: one.rate ?? null,
      attempts: one.attempts,
      exchange: one.exchange ?? null,
      ms: one.ms === undefined ? null : Math.round(one.ms),
      usd: one.usd,
      measured: one.charged !== undefined,
      measuredUsd: one.measuredUsd,
      charged: one.charged ?? null,
      evidence: one.evidence,
      findings:
        one.verdict.kind === 'fail'
          ? one.verdict.findings.map(({ at, ...rest }) => ({
              ...rest,
              at: `${at.file}:${at.line}:${at.column}`,
            }))
          : [],
    })),
    leftOut: run.leftOut,
    news: run.news ?? [],
    hints: run.hints,
  };
}
