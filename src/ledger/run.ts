import { type Claim, caseId } from '../domain/claim.ts';
import { type Evidence, exchangesBehind } from '../domain/evidence.ts';
import { caseToJudge, judgedCase } from '../domain/judged.ts';
import {
  type JudgedCase,
  type LeftOut,
  type Run,
  type RunEnd,
  type Summary,
  summary,
} from '../domain/run.ts';
import { storedPrice } from '../domain/spent.ts';
import { targetId } from '../domain/target.ts';
import type { Untold } from '../domain/verdict.ts';
import type { NotAttempted, RunClose, Unjudged } from './lines.ts';
import type { KeptRun, Ledger } from './read.ts';

/** How a run closes: its end, its figures, and what no evidence of it will tell. */
export function closeOf(run: Run): RunClose {
  const leftOut = notAttempted(run.leftOut);
  const unjudged = unjudgedOf(run.cases);
  return {
    endedAt: run.endedAt,
    reason: run.end,
    summary: summary(run),
    ...(leftOut.length > 0 && { leftOut }),
    ...(unjudged.length > 0 && { unjudged }),
    ...(run.hints.length > 0 && { hints: run.hints }),
  };
}

function notAttempted(leftOut: readonly LeftOut[]): readonly NotAttempted[] {
  const groups = Map.groupBy(leftOut, ({ reason }) => reason);
  return Array.from(groups, ([reason, group]) => ({ reason, cases: group.map(idOf) }));
}

/** The cases that the end of the run came before: they have no evidence, or a series that it cut short. */
function unjudgedOf(cases: readonly JudgedCase[]): readonly Unjudged[] {
  const cut = cases.flatMap((one) =>
    one.verdict.kind === 'inconclusive' && (one.evidence.length === 0 || one.rate !== undefined)
      ? [{ id: idOf(one), untold: one.verdict }]
      : [],
  );
  const groups = Map.groupBy(cut, ({ untold }) => `${untold.cause} ${untold.detail}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { cause, detail } = first.untold;
    return [{ cause, detail, cases: group.map(({ id }) => id) }];
  });
}

/** Looks a claim up by its full id, as the suites have it today. */
type Claims = (id: string) => Claim | undefined;

/** What the file of a run holds beside how it began: `close` is absent where it has no end. */
export interface Lines extends Pick<Ledger, 'exchanges' | 'evidence'> {
  readonly close?: RunClose;
}

/** What no line says of a run that was killed, or that still goes on. */
const NO_END: Untold = { cause: 'interrupted', detail: 'the run ended before it' };

/**
 * A run made again from its own lines: what its evidence shows, in the order in which that came, and then what its end came before. What
 * claims say, and what the docs say of them, is as the suites have it today. A run without an end was interrupted.
 */
export function runAgain(
  kept: KeptRun,
  { exchanges, evidence, close }: Lines,
  claims: Claims,
): Run {
  const { start } = kept;
  const ends = endsOf(close);
  const trials = Map.groupBy(counting(kept, evidence), (one) => keyOf(one));
  const tried = Array.from(trials, ([, own]) => {
    const [{ claim, case: name } = { claim: '', case: '' }] = own;
    const ended = ends.get(caseId(claim, name));
    const judged = judgedCase(
      withTrials(caseToJudge(claims(claim), claim, name), own),
      own,
      ended ?? NO_END,
    );
    const isCut = ended !== undefined && judged.verdict.kind === 'inconclusive';
    return isCut ? { ...judged, verdict: { kind: 'inconclusive' as const, ...ended } } : judged;
  });
  const known = new Set(tried.map(idOf));
  const untried = [...ends].flatMap(([id, ended]) => {
    const { claim, case: name } = namedBy(id);
    return known.has(id) ? [] : [judgedCase(caseToJudge(claims(claim), claim, name), [], ended)];
  });
  const last = [...evidence.map(({ at }) => at), start.startedAt].toSorted().at(-1);
  return {
    id: start.id,
    target: start.target,
    startedAt: start.startedAt,
    endedAt: close?.endedAt ?? last ?? start.startedAt,
    end: endOf(close),
    cases: [...tried, ...untried],
    leftOut: (close?.leftOut ?? []).flatMap(({ reason, cases }) =>
      cases.map((id) => ({ ...namedBy(id), reason })),
    ),
    ...(close?.summary === undefined
      ? storedFigures(exchanges, evidence)
      : figuresOf(close.summary)),
    hints: close?.hints ?? [],
  };
}

type Figures = Pick<Run, 'exchanges' | 'requests' | 'fetches' | 'reads' | 'usd' | 'measuredUsd'>;

function figuresOf({ exchanges, requests, fetches, reads, usd, measuredUsd }: Summary): Figures {
  return { exchanges, requests, fetches, reads, usd, measuredUsd };
}

/** The figures of a run that has not told them; its requests to a usage source are in no line. */
function storedFigures(exchanges: Ledger['exchanges'], evidence: readonly Evidence[]): Figures {
  return {
    exchanges: exchanges.length,
    fetches: exchanges.reduce((sum, { fetched }) => sum + Object.keys(fetched).length, 0),
    reads: 0,
    ...storedPrice(exchanges, evidence),
    measuredUsd: evidence.reduce((sum, one) => sum + (one.measured === true ? one.usd : 0), 0),
  };
}

function endOf(close: RunClose | undefined): RunEnd {
  const reason = close?.reason ?? { kind: 'interrupted' };
  return reason.kind === 'dropped' ? { kind: 'interrupted' } : reason;
}

/** Why the cases could not be told that the end came before, by full id. */
function endsOf(close: RunClose | undefined): ReadonlyMap<string, Untold> {
  return new Map(
    (close?.unjudged ?? []).flatMap(({ cause, detail, cases }) =>
      cases.map((id) => [id, { cause, detail }] as const),
    ),
  );
}

/** The evidence that counts in its run: not on an answer that was asked for anew, and of each case by its last wording. */
function counting({ anew }: KeptRun, evidence: readonly Evidence[]): readonly Evidence[] {
  const outdated = new Set(anew);
  const valid = evidence.filter((one) => !exchangesBehind(one).some((id) => outdated.has(id)));
  const digests = new Map(valid.map((one) => [keyOf(one), one.digest]));
  return valid.filter((one) => digests.get(keyOf(one)) === one.digest);
}

/** The same case may be judged in two worlds. */
function keyOf({ target, claim, case: name }: Evidence): string {
  return `${targetId(target)} ${caseId(claim, name)}`;
}

/** What was asked of the trials is in the evidence, whatever the suites ask for by now. */
function withTrials(
  one: ReturnType<typeof caseToJudge>,
  [first, ...more]: readonly Evidence[],
): ReturnType<typeof caseToJudge> {
  const { trials: written, ...rest } = one;
  if (first?.trials === undefined) return rest;
  const failed = [first, ...more].flatMap(({ verdict }) =>
    verdict.kind === 'fail' ? verdict.findings : [],
  );
  const place = written?.place ?? failed.at(-1)?.at ?? { file: '', line: 1, column: 1 };
  return { ...rest, trials: { ...first.trials, place } };
}

function idOf({ claim, case: name }: Pick<LeftOut, 'claim' | 'case'>): string {
  return caseId(claim, name);
}

/** A claim's id has one stroke; what stands behind a second one is the name of the case. */
function namedBy(id: string): Pick<LeftOut, 'claim' | 'case'> {
  const [suite = '', claim = '', ...name] = id.split('/');
  return { claim: `${suite}/${claim}`, case: name.join('/') };
}
