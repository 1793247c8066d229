import { type Case, type Claim, type Suite, caseId } from '../domain/claim.ts';
import { requestPrint } from '../domain/digest.ts';
import { type DueQuestion, type DueReason, dueness } from '../domain/due.ts';
import { type GainTarget, gains } from '../domain/gain.ts';
import { type Bid, fill, rankOf, turns, withAllBefore } from '../domain/rank.ts';
import { type Remembered, isDecided, knownOf } from '../domain/standing.ts';
import { type Target, targetId } from '../domain/target.ts';
import { caseKey } from './controls.ts';
import { expectedCost } from './expected.ts';
import type { Planning, Within } from './plan.ts';
import type { Sha256 } from './ports.ts';
import { leastPrice, repetition } from './repetition.ts';
import type { PlannedExchange } from './sharing.ts';

/** Some cases of a claim. */
type Choice = Planning['chosen'][number];

/** A case that needs evidence, and why. */
interface DueCase {
  readonly claim: Claim;
  readonly case: Case;
  readonly reasons: readonly DueReason[];
  readonly age: number;
}

/** A case that needs none now, until when, and what it waits for if it does need some. */
export interface NotDue {
  readonly claim: string;
  readonly case: string;
  readonly kind: 'fresh' | 'waiting';
  readonly untilMs: number;
  readonly reasons: readonly DueReason[];
}

/** What of a choice is due, by the keys of its cases, and what is not. */
export interface Dues {
  readonly due: ReadonlyMap<string, DueCase>;
  readonly notDue: readonly NotDue[];
}

/** Sorts the cases of a choice by whether they need evidence; what is derived or untestable is never sent, and so never due. */
export function duesOf(
  chosen: readonly Choice[],
  targetFor: (claim: Claim) => Target,
  question: DueQuestion,
): Dues {
  const due = new Map<string, DueCase>();
  const notDue: NotDue[] = [];
  for (const { claim, case: one, target } of sentCases(chosen, targetFor)) {
    const found = dueness(claim, one, target, question);
    if (found.kind === 'due') {
      const { reasons, age } = found;
      due.set(caseKey(target, one.claim, one.name), { claim, case: one, reasons, age });
    } else {
      const { kind, untilMs } = found;
      const reasons = found.kind === 'waiting' ? found.reasons : [];
      notDue.push({ claim: one.claim, case: one.name, kind, untilMs, reasons });
    }
  }
  return { due, notDue };
}

/** The cases of a choice that are sent, each with the id of its target. */
export function* sentCases(
  chosen: readonly Choice[],
  targetFor: (claim: Claim) => Target,
): Generator<{ readonly claim: Claim; readonly case: Case; readonly target: string }> {
  for (const { claim, cases } of chosen) {
    if (claim.basis.kind !== 'sent') continue;
    const names = new Set(cases);
    const target = targetId(targetFor(claim));
    for (const one of claim.basis.cases) {
      if (names.has(one.name)) yield { claim, case: one, target };
    }
  }
}

/** What is chosen of a choice: what is due, and what is judged on the same exchanges without costing anything more. */
export function dueChoice(
  chosen: readonly Choice[],
  targetFor: (claim: Claim) => Target,
  { due }: Dues,
  sha256: Sha256,
): readonly Choice[] {
  const requestKey = ({ request }: Case, target: string) =>
    `${target} ${requestPrint(request, sha256)}`;
  const asked = new Set<string>();
  for (const { claim, case: one } of due.values())
    asked.add(requestKey(one, targetId(targetFor(claim))));
  return chosen.flatMap(({ claim, cases }) => {
    const own = Array.from(sentCases([{ claim, cases }], targetFor), ({ case: one, target }) => {
      const isDue = due.has(caseKey(target, one.claim, one.name));
      return isDue || (isFree(one) && asked.has(requestKey(one, target))) ? one.name : undefined;
    }).filter((name) => name !== undefined);
    return own.length === 0 ? [] : [{ claim, cases: own }];
  });
}

/** Whether a case asks for nothing but the exchange: no control, no steps or trials of its own, and no reading of what it was charged. */
function isFree({ given, expect, steps, trials }: Case): boolean {
  return (
    steps === undefined &&
    trials === undefined &&
    [...given, ...expect].every(({ kind }) => !['claim', 'charged', 'alias'].includes(kind))
  );
}

/** Due cases that the budget of a run did not reach. */
export interface Cut {
  readonly claim: string;
  readonly case: string;
  /** What its exchange takes of a budget at once, with the controls that it needs. */
  readonly usd: number;
  readonly requests: number;
  /** In how many runs it has its turn, if nothing else comes up; absent where that cannot be told, or never comes. */
  readonly turn?: number;
}

/** The exchanges of a plan in the order of what tables gain by them, as far as the budget reaches; `onCut` is told what it did not. */
export function bestFirst(
  { due }: Dues,
  suites: readonly Suite[],
  targetOf: (suite: Suite) => GainTarget,
  remembered: Remembered,
  onCut: (cut: readonly Cut[]) => void,
): Within {
  const ids = new Set(Array.from(due.values(), ({ case: one }) => caseId(one.claim, one.name)));
  const gainOf = gains(ids, suites, targetOf, remembered);
  return (exchanges, { budget }) => {
    const byId = new Map(exchanges.map((one) => [one.id, one]));
    const dueIn = new Map(exchanges.map((one) => [one.id, dueCasesOf(one, due)]));
    const worths = new Map(
      exchanges.map((one) => [one.id, worthOf(one, dueIn.get(one.id) ?? [], gainOf, remembered)]),
    );
    const bids = exchanges.map((one): Bid => {
      const all = withAllBefore(one, byId).flatMap(({ id }) => worths.get(id) ?? []);
      const age = Math.max(...(dueIn.get(one.id) ?? []).map((each) => each.age));
      const { id, after } = one;
      const { usd, requests } = leastPrice(one);
      const sum = (of: (worth: (typeof all)[number]) => number) =>
        all.reduce((so, worth) => so + of(worth), 0);
      const worth = { gain: sum((w) => w.gain), usd: sum((w) => w.usd), age };
      return {
        id,
        usd,
        requests,
        after,
        rank: rankOf({ ...worth, minutes: sum((w) => w.minutes) }),
      };
    });
    const { kept, cut } = fill(bids, budget);
    const later = turns(cut, budget);
    const bidOf = new Map(bids.map((bid) => [bid.id, bid]));
    const missed = cut.flatMap((bid) => {
      const turn = later.get(bid.id);
      const bundle = withAllBefore(bid, bidOf);
      const usd = Number(bundle.reduce((sum, one) => sum + one.usd, 0).toFixed(6));
      const requests = bundle.reduce((sum, one) => sum + one.requests, 0);
      return (dueIn.get(bid.id) ?? []).map(({ case: { claim, name } }): Cut => {
        return { claim, case: name, usd, requests, ...(turn !== undefined && { turn }) };
      });
    });
    onCut(missed);
    return {
      kept: kept.flatMap(({ id }) => byId.get(id) ?? []),
      cut: missed.map((one) => ({ claim: one.claim, case: one.case, reason: 'budget' })),
    };
  };
}

function dueCasesOf({ cases, target }: PlannedExchange, due: Dues['due']): readonly DueCase[] {
  const id = targetId(target);
  return cases.flatMap((one) => due.get(caseKey(id, one.case.claim, one.case.name)) ?? []);
}

/** What an exchange takes that was never timed: about as long as an image. */
const USUAL_MS = 20_000;
const MINUTE_MS = 60_000;

function worthOf(
  planned: PlannedExchange,
  due: readonly DueCase[],
  gainOf: ReadonlyMap<string, number>,
  remembered: Remembered,
) {
  const gain = due.reduce(
    (sum, { case: one }) => sum + (gainOf.get(caseId(one.claim, one.name)) ?? 0),
    0,
  );
  return {
    gain,
    usd: expectedCost(planned, remembered).usd,
    minutes: (msOf(planned, remembered) * repetition(planned.cases).least) / MINUTE_MS,
  };
}

/** How long an exchange took the last time. */
function msOf({ cases: [first], target }: PlannedExchange, remembered: Remembered): number {
  if (first === undefined) return USUAL_MS;
  const name = caseId(first.case.claim, first.case.name);
  const last = knownOf(name, targetId(target), remembered).findLast(isDecided);
  return Math.max(last?.ms ?? USUAL_MS, 1);
}
