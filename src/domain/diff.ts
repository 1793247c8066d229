import { type Case, type Claim, type Standing, type Suite, caseId, claimId } from './claim.ts';
import { type Pair, type Shown, compareShown, compareSides, shownBy } from './compare.ts';
import { claimStand } from './derived.ts';
import { type LimitDifference, limitDifferences } from './edge.ts';
import type { Evidence } from './evidence.ts';
import type { Exchange } from './exchange.ts';
import { type GatewayOf, modelOf } from './gateway.ts';
import type { Stand } from './stand.ts';
import { type Remembered, inOrder } from './standing.ts';
import { type Background, type Succession, type Suspect, suspectsOf } from './suspects.ts';
import { targetId } from './target.ts';
import { decides } from './trials.ts';
import { type SaidRow, type SaidTable, becauseOf, saidTables } from './word.ts';

/** What was known on a day, in a run or at a revision. */
export interface Known {
  /** As the reader named it. */
  readonly name: string;
  readonly suites: readonly Suite[];
  readonly remembered: Remembered;
  /** Names the targets whose evidence says how a suite's claims stand: as many on both sides, in the same order. */
  readonly targetsOf: (suite: Suite) => readonly string[];
  /** The one among them whose evidence stands in for every `from` of the tables; absent where they say themselves whose counts. */
  readonly standsIn: boolean;
  /** False for what one run asked: what it has not decided was not proven by it, and has not changed by that. */
  readonly isWhole: boolean;
  readonly evidence: readonly Evidence[];
  readonly exchangeOf: (id: string) => Exchange | undefined;
  readonly gatewayOf: GatewayOf;
}

/** A word of a table that is not what it was; a row that was not there, or is gone, has none. */
export interface WordChange {
  readonly suite: string;
  readonly locale: string;
  readonly page: string;
  readonly under: string;
  readonly row: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Why it is what it is now; why it was, where it is gone. */
  readonly because: string;
  readonly needs: readonly string[];
}

/** A claim that does not stand as it did; one that was not there, or is gone, has no standing. */
export interface StandingChange {
  readonly claim: string;
  readonly target: string;
  readonly from: Standing | null;
  readonly to: Standing | null;
  readonly because: string;
}

/** A case of which something else was observed than before. */
export interface CaseChange {
  readonly pair: Pair & { readonly left: Shown; readonly right: Shown };
  /** The last evidence that said the old, and the first that said the new. */
  readonly turn: Succession;
  readonly suspects: readonly Suspect[];
}

/** What has changed from one side to the other. */
export interface Diff {
  readonly left: string;
  readonly right: string;
  readonly words: readonly WordChange[];
  readonly standings: readonly StandingChange[];
  readonly cases: readonly CaseChange[];
  readonly limits: readonly LimitDifference[];
  /** All cases that either side has evidence of, set side by side. */
  readonly pairs: readonly Pair[];
}

/** Tells what has changed from one side to the other, and what may be why. */
export function diff(left: Known, right: Known): Diff {
  const [before, after] = [trialsOf(left), trialsOf(right)];
  const pairs = compareSides(
    { shown: shownOf(before, left), leftOut: [] },
    { shown: shownOf(after, right), leftOut: [] },
  );
  return {
    left: left.name,
    right: right.name,
    words: wordChanges(left, right),
    standings: standingChanges(left, right),
    cases: caseChanges(pairs, after, left, right),
    limits: limitDifferences(pairs, (claim, name) => caseIn(right, claim, name)),
    pairs,
  };
}

function caseIn({ remembered }: Known, id: string, name: string): Case | undefined {
  const basis = remembered.claim(id)?.basis;
  return basis?.kind === 'sent' ? basis.cases.find((one) => one.name === name) : undefined;
}

/** The evidence of each case on each target that counts for a side, oldest first. */
type Trials = ReadonlyMap<string, readonly Evidence[]>;

function trialsOf({ suites, evidence, targetsOf }: Known): Trials {
  const targets = new Map(suites.map((suite) => [suite.id, targetsOf(suite)]));
  const trials = new Map<string, Evidence[]>();
  for (const one of inOrder(evidence)) {
    const [suite = ''] = one.claim.split('/', 1);
    const at = targets.get(suite)?.indexOf(targetId(one.target)) ?? -1;
    if (at < 0) continue;
    const key = `${caseId(one.claim, one.case)}\n${at}`;
    const known = trials.get(key);
    if (known === undefined) trials.set(key, [one]);
    else known.push(one);
  }
  return trials;
}

/** As standings have it: by the newest run that decided anything, or the newest of all where none did. */
function shownOf(trials: Trials, { exchangeOf }: Known): ReadonlyMap<string, Shown> {
  return new Map(
    [...trials].flatMap(([key, evidence]) => {
      const runs = [...Map.groupBy(evidence, ({ run }) => run).values()];
      const shown = shownBy(runs.findLast(decides) ?? runs.at(-1) ?? [], exchangeOf);
      return shown === undefined ? [] : [[key, shown] as const];
    }),
  );
}

function caseChanges(
  pairs: readonly Pair[],
  after: Trials,
  left: Known,
  right: Known,
): readonly CaseChange[] {
  const background: Background = {
    gatewayOf: (run) => left.gatewayOf(run) ?? right.gatewayOf(run),
    modelOf: (one) => {
      const request = caseIn(right, one.claim, one.case)?.request;
      return request && modelOf(request);
    },
  };
  const unchanged = pairs.flatMap((pair): readonly Succession[] =>
    pair.comparison.kind === 'same' && pair.left && pair.right
      ? [[pair.left.telling, pair.right.telling]]
      : [],
  );
  const successions = unchanged.filter(([older, newer]) => older.id !== newer.id);
  return pairs.flatMap((pair): readonly CaseChange[] => {
    const { left: old, right: now, comparison } = pair;
    if (comparison.kind !== 'different' || old === undefined || now === undefined) return [];
    const turn = turnOf(old, now, after.get(pair.key) ?? [], right);
    return [
      {
        pair: { ...pair, left: old, right: now },
        turn,
        suspects: suspectsOf(turn, successions, background),
      },
    ];
  });
}

/** Walks from what a case showed to what it shows, run by run, as far as the first evidence that says something else. */
function turnOf(old: Shown, now: Shown, trials: readonly Evidence[], right: Known): Succession {
  const differs = (shown: Shown | undefined): boolean =>
    shown !== undefined && compareShown(old, shown).kind === 'different';
  const runs = [...Map.groupBy(trials, ({ run }) => run).values()];
  const last = runs.findIndex(([first]) => first?.run === old.telling.run);
  let older = old.telling;
  for (const run of runs.slice(last + 1).filter(decides)) {
    const shown = shownBy(run, right.exchangeOf);
    if (shown !== undefined && differs(shown)) {
      const first = shown.decided.find((one) => differs(shownBy([one], right.exchangeOf)));
      return [older, first ?? shown.telling];
    }
    older = shown?.telling ?? older;
  }
  return [older, now.telling];
}

function standingChanges(left: Known, right: Known): readonly StandingChange[] {
  const [before, after] = [claimsOf(left), claimsOf(right)];
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const some = is ?? was;
    if (some === undefined || was?.stand.standing === is?.stand.standing) return [];
    if (!isAsked(left, was?.stand) || !isAsked(right, is?.stand)) return [];
    return [
      {
        claim: claimId(some.claim),
        target: some.target,
        from: was?.stand.standing ?? null,
        to: is?.stand.standing ?? null,
        because: some.stand.because,
      },
    ];
  });
}

function isAsked({ isWhole }: Known, stand: Stand | undefined): boolean {
  return isWhole || (stand !== undefined && stand.standing !== 'unproven');
}

function claimsOf({ suites, remembered, targetsOf }: Known) {
  const stands = suites.flatMap((suite) =>
    suite.claims.filter(isRun).flatMap((claim) =>
      targetsOf(suite).map((target, at) => {
        const stand = claimStand(claim, target, remembered);
        return [`${claimId(claim)}\n${at}`, { claim, target, stand }] as const;
      }),
    ),
  );
  return new Map(stands);
}

function isRun({ superseded }: Claim): boolean {
  return superseded === undefined;
}

function wordChanges(left: Known, right: Known): readonly WordChange[] {
  const [before, after] = [rowsOf(left), rowsOf(right)];
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const some = is ?? was;
    const [from, to] = [was?.row.word ?? null, is?.row.word ?? null];
    if (some === undefined || from === to) return [];
    if (!isAsked(left, was?.row.stand) || !isAsked(right, is?.row.stand)) return [];
    const { suite, locale, page, under } = some.table;
    const because = becauseOf(some.row).join('; ');
    const { needs } = some.row;
    return [
      { suite, locale, page, under, row: some.row.key.join(' · '), from, to, because, needs },
    ];
  });
}

function rowsOf({ suites, remembered, targetsOf, standsIn }: Known) {
  const rows = new Map<string, { readonly table: SaidTable; readonly row: SaidRow }>();
  for (const suite of suites) {
    const standIn = standsIn ? targetsOf(suite)[0] : undefined;
    for (const table of saidTables(suite, remembered, standIn)) {
      const { locale, page, under, nth } = table;
      for (const row of table.rows)
        rows.set(JSON.stringify([suite.id, locale, page, under, nth, row.key]), { table, row });
    }
  }
  return rows;
}
