import type { Evidence } from './evidence.ts';
import { instantMs, instantOf } from './instant.ts';
import { isDecided, mayCount } from './standing.ts';
import { targetId } from './target.ts';
import { decides, said } from './trials.ts';

/** What came of a claim on one day, the weakest of its cases first; *mixed* where trials of one case differ. */
const DAY_WORDS = ['failed', 'mixed', 'passed', 'undecided'] as const;
export type DayWord = (typeof DAY_WORDS)[number];

/** A day on which a claim was tried on a target. */
export interface TriedDay {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly word: DayWord;
  /** True where all that was tried then was worded otherwise than today. */
  readonly isEarlier?: true;
}

/** What of a history is wanted. */
interface Span {
  /** The first and the last day of it, as YYYY-MM-DD in UTC. */
  readonly from: string;
  readonly to: string;
  /** Whether evidence is of what is written today. */
  readonly isCurrent: (one: Evidence) => boolean;
}

/** The history of every claim on every target, as far as runs were added to it. */
export interface History {
  /** Adds all evidence of one run. */
  readonly addRun: (evidence: Iterable<Evidence>) => void;
  /** The days on which a claim (`suite/claim`) was tried on a target, the first one first. */
  readonly of: (claim: string, target: string) => readonly TriedDay[];
}

/** The cases of a claim on one day. */
interface Tried {
  readonly cases: Map<string, DayWord>;
  isEarlier: boolean;
}

/** Begins a history: it keeps a word for each case and day, and no evidence. */
export function makeHistory({ from, to, isCurrent }: Span): History {
  const claims = new Map<string, Map<string, Tried>>();

  function take(day: string, own: readonly [Evidence, ...Evidence[]]): void {
    const [{ claim, case: name, target }] = own;
    const key = keyOf(claim, targetId(target));
    const days = claims.get(key) ?? new Map<string, Tried>();
    const tried = days.get(day) ?? { cases: new Map<string, DayWord>(), isEarlier: true };
    tried.cases.set(name, together(tried.cases.get(name), wordOf(own)));
    tried.isEarlier &&= !own.some(isCurrent);
    days.set(day, tried);
    claims.set(key, days);
  }

  return {
    addRun(evidence) {
      const trials = new Map<string, [Evidence, ...Evidence[]]>();
      for (const one of evidence) {
        const day = dayOf(one.at);
        if (day < from || day > to || !mayCount(one)) continue;
        const key = `${day}\n${targetId(one.target)}\n${one.claim}\n${one.case}\n${one.digest}`;
        const known = trials.get(key);
        if (known === undefined) trials.set(key, [one]);
        else known.push(one);
      }
      for (const [key, own] of trials) take(key.slice(0, from.length), own);
    },
    of(claim, target) {
      const days = claims.get(keyOf(claim, target)) ?? new Map<string, Tried>();
      return [...days].toSorted(byDay).map(([day, { cases, isEarlier }]) => ({
        day,
        word: weakestWord(cases),
        ...(isEarlier && { isEarlier }),
      }));
    },
  };
}

/** The day of an instant, as YYYY-MM-DD in UTC. */
export function dayOf(iso: string): string {
  return (iso.endsWith('Z') ? iso : instantOf(instantMs(iso))).slice(0, 10);
}

/** What the trials of one case in one run come to. */
function wordOf(own: readonly [Evidence, ...Evidence[]]): DayWord {
  if (!decides(own)) return 'undecided';
  const { verdict } = said(own[0].trials, own.filter(isDecided));
  return { holds: 'passed', broken: 'failed', unstable: 'mixed' }[verdict] as DayWord;
}

/** Two runs of one case on one day: what could not be told says nothing, and what differs is mixed. */
function together(known: DayWord | undefined, word: DayWord): DayWord {
  if (known === undefined || known === 'undecided') return word;
  return word === 'undecided' || word === known ? known : 'mixed';
}

function weakestWord(cases: ReadonlyMap<string, DayWord>): DayWord {
  const words = new Set(cases.values());
  return DAY_WORDS.find((word) => words.has(word)) ?? 'undecided';
}

function byDay([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function keyOf(claim: string, target: string): string {
  return `${target}\n${claim}`;
}
