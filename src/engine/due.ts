import { type Case, type Claim, type Suite, caseId } from '../domain/claim.ts';
import { requestPrint } from '../domain/digest.ts';
import { type DueQuestion, type DueReason, dueness } from '../domain/due.ts';
import { type GainTarget, gains } from '../domain/gain.ts';
import { type Bid, type Worth, fill, rankOf, turns, withAllBefore } from '../domain/rank.ts';
import { type Remembered, isDecided, knownOf } from '../domain/standing.ts';
import { type Target, targetId } from '../domain/target.ts';
import { expectedCost } from './expected.ts';
import type { Planning, Within } from './plan.ts';
import type { Sha256 } from './ports.ts';
import { leastPrice, repetition } from './repetition.ts';
import type { PlannedExchange } from './sharing.ts';

/** Some cases of a claim. */
type Choice = Planning['chosen'][number];

/** A case that needs evidence on a target, and why. */
interface DueCase {
  readonly case: Case;
  /** Id of the target. */
  readonly target: string;
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

/** What of a choice is due, by its cases as they are written, and what is not. */
export interface Dues {
  readonly due: ReadonlyMap<Case, DueCase>;
  readonly notDue: readonly NotDue[];
}

/** Sorts the cases of a choice by whether they need evidence; what is derived or untestable is never sent, and so never due. */
export function duesOf(
  chosen: readonly Choice[],
  targetFor: (claim: Claim) => Target,
  question: DueQuestion,
): Dues {
  const due = new Map<Case, DueCase>();
  const notDue: NotDue[] = [];
  for (const { claim, case: one, target } of sentCases(chosen, targetFor)) {
    const found = dueness(claim, one, target, question);
    if (found.kind === 'due') {
      const { reasons, age } = found;
      due.set(one, { case: one, target, reasons, age });
    } else {
      const { kind, untilMs } = found;
      const reasons = found.kind === 'waiting' ? found.reasons : [];
      notDue.push({ claim: one.claim, case: one.name, kind, untilMs, reasons });
    }
  }
  return { due, notDue };
}

/** The cases of a choice that are sent, each with the id of its target. */
export function sentCases(
  chosen: readonly Choice[],
  targetFor: (claim: Claim) => Target,
): readonly { readonly claim: Claim; readonly case: Case; readonly target: string }[] {
  return chosen.flatMap((choice) => {
    const { claim } = choice;
    const target = targetId(targetFor(claim));
    return chosenCases(choice).map((one) => ({ claim, case: one, target }));
  });
}

function chosenCases({ claim: { basis }, cases }: Choice): readonly Case[] {
  if (basis.kind !== 'sent') return [];
  if (cases.length === basis.cases.length) return basis.cases;
  const names = new Set(cases);
  return basis.cases.filter(({ name }) => names.has(name));
}

/** What is chosen of a choice: what is due, and what is judged on the same exchanges without costing anything more. */
export function dueChoice(
  chosen: readonly Choice[],
  targetFor: (claim: Claim) => Target,
  { due }: Dues,
  sha256: Sha256,
): readonly Choice[] {
  const asked = new Map<string, Set<string>>();
  for (const { case: one, target } of due.values()) {
    const onTarget = asked.get(target) ?? new Set();
    asked.set(target, onTarget.add(requestPrint(one.request, sha256)));
  }
  return chosen.flatMap((choice) => {
    const { claim } = choice;
    const onTarget = asked.get(targetId(targetFor(claim)));
    const isChosen = (one: Case): boolean =>
      due.has(one) || (onTarget?.has(requestPrint(one.request, sha256)) === true && isFree(one));
    const own = chosenCases(choice).filter(isChosen);
    return own.length === 0 ? [] : [{ claim, cases: own.map(({ name }) => name) }];
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
    const offers = new Map(exchanges.map((one) => [one.id, offerOf(one, due, gainOf, remembered)]));
    const bids = Array.from(offers.values(), (offer) => bidOf(offer, offers));
    const { kept, cut } = fill(bids, budget);
    const later = turns(cut, budget);
    const bidsById = new Map(bids.map((bid) => [bid.id, bid]));
    const missed = cut.flatMap((bid) => {
      const turn = later.get(bid.id);
      const bundle = withAllBefore(bid, bidsById);
      const usd = Number(bundle.reduce((sum, one) => sum + one.usd, 0).toFixed(6));
      const requests = bundle.reduce((sum, one) => sum + one.requests, 0);
      return (offers.get(bid.id)?.due ?? []).map(({ case: { claim, name } }): Cut => {
        return { claim, case: name, usd, requests, ...(turn !== undefined && { turn }) };
      });
    });
    onCut(missed);
    return {
      kept: kept.flatMap(({ id }) => offers.get(id)?.planned ?? []),
      cut: missed.map((one) => ({ claim: one.claim, case: one.case, reason: 'budget' })),
    };
  };
}

/** What an exchange takes that was never timed: about as long as an image. */
const USUAL_MS = 20_000;
const MINUTE_MS = 60_000;

/** An exchange of a plan, the due cases that are judged on it, and what it brings and takes by itself. */
interface Offer extends Pick<PlannedExchange, 'id' | 'after'>, Omit<Worth, 'age'> {
  readonly planned: PlannedExchange;
  readonly due: readonly DueCase[];
}

function offerOf(
  planned: PlannedExchange,
  all: Dues['due'],
  gainOf: ReadonlyMap<string, number>,
  remembered: Remembered,
): Offer {
  const { id, after, cases } = planned;
  const target = targetId(planned.target);
  const due = cases.flatMap(({ written }) => {
    const one = all.get(written);
    return one?.target === target ? one : [];
  });
  return {
    id,
    after,
    planned,
    due,
    gain: due.reduce(
      (sum, { case: one }) => sum + (gainOf.get(caseId(one.claim, one.name)) ?? 0),
      0,
    ),
    usd: expectedCost(planned, remembered).usd,
    minutes: (msOf(planned, remembered) * repetition(cases).least) / MINUTE_MS,
  };
}

/** What an offer asks of a budget; it is worth what it brings with all that must be sent before it, for what they take together. */
function bidOf(offer: Offer, offers: ReadonlyMap<string, Offer>): Bid {
  const { id, after, planned, due } = offer;
  const all = after.length === 0 ? [offer] : withAllBefore(offer, offers);
  const sum = (of: (one: Offer) => number) => all.reduce((so, one) => so + of(one), 0);
  const rank = rankOf({
    gain: sum(({ gain }) => gain),
    usd: sum(({ usd }) => usd),
    minutes: sum(({ minutes }) => minutes),
    age: Math.max(...due.map(({ age }) => age)),
  });
  return { id, ...leastPrice(planned), after, rank };
}

/** How long an exchange took the last time. */
function msOf({ cases: [first], target }: PlannedExchange, remembered: Remembered): number {
  if (first === undefined) return USUAL_MS;
  const name = caseId(first.case.claim, first.case.name);
  const last = knownOf(name, targetId(target), remembered).findLast(isDecided);
  return Math.max(last?.ms ?? USUAL_MS, 1);
}
