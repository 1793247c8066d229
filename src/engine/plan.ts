import { type Case, type Claim, type Request, caseId, claimId } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import { sentenceOf } from '../domain/gateway.ts';
import type { LeftOut } from '../domain/run.ts';
import { type Target, targetId } from '../domain/target.ts';
import { caseKey, casesBehind, type Claims } from './controls.ts';
import { generateExpectations, generateRequest } from './generate.ts';
import { makePurse } from './purse.ts';
import type { Sha256, WriteImage } from './ports.ts';
import { leastPrice, repetition } from './repetition.ts';
import { type PlannedExchange, type ReadyCase, share } from './sharing.ts';

/** The cases a run will attempt, in order, and those left out, each with its reason. */
export interface Plan {
  /** Whose limits bind the whole run; in a rehearsal each exchange has the world of its own. */
  readonly target: Target;
  readonly exchanges: readonly PlannedExchange[];
  /** Chosen, and computed from other evidence: nothing is sent for them. */
  readonly derived: readonly Claim[];
  /** Chosen, and no request could settle them. */
  readonly untestable: readonly Claim[];
  readonly leftOut: readonly LeftOut[];
}

/** What a plan is made of. */
export interface Planning {
  readonly target: Target;
  /** The target as a claim's suite meets it: in a rehearsal, `target` in the world of that suite. */
  readonly targetFor: (claim: Claim) => Target;
  /** Names of the cases that were chosen of each claim. */
  readonly chosen: readonly { readonly claim: Claim; readonly cases: readonly string[] }[];
  /** All claims that were loaded, chosen or not. */
  readonly claims: Claims;
  readonly sha256: Sha256;
  readonly writeImage: WriteImage;
  /** What of the exchanges is sent, and in which order; by default the cheapest first, as far as the budget reaches. */
  readonly within?: Within;
}

/** Chooses exchanges that a target's budget can pay, controls before those who wait for them; what it does not is left out. */
export type Within = (
  exchanges: readonly PlannedExchange[],
  target: Target,
) => { readonly kept: readonly PlannedExchange[]; readonly cut: readonly LeftOut[] };

/** Makes the plan of a run. Pure: the same suites, target and choice give the same plan. */
export function plan(planning: Planning): Plan {
  const { target, chosen, within = withinBudget } = planning;
  const { ready, leftOut } = sendable(wanted(planning), planning);
  const { kept, cut } = within(share(ready, planning.sha256), target);
  const claims = chosen.map(({ claim }) => claim);
  return {
    target,
    exchanges: kept,
    derived: claims.filter(({ basis }) => basis.kind === 'derived'),
    untestable: claims.filter(({ basis }) => basis.kind === 'untestable'),
    leftOut: [...leftOut, ...cut],
  };
}

/** What would be sent of the chosen cases if the target could serve all of them; nothing is made for that yet. */
export function wholeExchanges(
  planning: Pick<Planning, 'chosen' | 'claims' | 'targetFor' | 'sha256'>,
  digestOf: (aCase: Case) => string,
): readonly PlannedExchange[] {
  const ready = [...wanted(planning).values()].map((one) => ({
    ...one,
    written: one.case,
    digest: digestOf(one.case),
    sentence: '', // nothing is sent, and no evidence bears it
    request: one.case.request,
  }));
  return share(ready, planning.sha256);
}

/** The most that a plan can send and cost within its budget, if each request needs all its retries, polls and trials. */
export function worstCase(planned: Plan): { readonly requests: number; readonly usd: number } {
  const { budget } = planned.target;
  const usd = planned.exchanges.reduce((sum, one) => sum + worstUsd(one), 0);
  const requests = planned.exchanges.reduce(
    (sum, { worst, cases }) => sum + worst.requests * repetition(cases).most,
    0,
  );
  return {
    requests: Math.min(requests, budget.requests ?? Infinity),
    usd: Math.min(Number(usd.toFixed(6)), budget.usd ?? Infinity),
  };
}

/** The most that one exchange can cost. */
export function worstUsd({ worst, cases }: PlannedExchange): number {
  return worst.usd * repetition(cases).most;
}

/** A case that somebody chose or that another one waits for. */
interface Wanted {
  readonly key: string;
  readonly claim: Claim;
  readonly case: Case;
  readonly target: Target;
  readonly isControl: boolean;
  readonly controls: readonly string[];
}

/** Controls are wanted in the world of the claim that asks. */
function wanted({
  chosen,
  claims,
  targetFor,
}: Pick<Planning, 'chosen' | 'claims' | 'targetFor'>): ReadonlyMap<string, Wanted> {
  const all = new Map<string, Wanted>();
  const want = (claim: Claim, one: Case, target: Target, isControl: boolean): string => {
    const key = caseKey(targetId(target), one.claim, one.name);
    const known = all.get(key);
    if (known !== undefined) {
      if (known.isControl && !isControl) all.set(key, { ...known, isControl });
      return key;
    }
    all.set(key, { key, claim, case: one, target, isControl, controls: [] });
    if (one.given.length === 0) return key;
    const needs = one.given.flatMap((given) => ('need' in given ? [given.need] : []));
    const behind = needs.flatMap((need) => casesBehind(need, claims));
    const controls = behind.map((control) => want(control.claim, control.case, target, true));
    all.set(key, { key, claim, case: one, target, isControl, controls });
    return key;
  };
  for (const { claim, cases } of chosen) {
    if (claim.basis.kind !== 'sent') continue;
    const names = new Set(cases);
    for (const one of claim.basis.cases) {
      if (names.has(one.name)) want(claim, one, targetFor(claim), false);
    }
  }
  return all;
}

/** Those that the target can serve; who waits for a case that is left out is left out with it. */
function sendable(
  all: ReadonlyMap<string, Wanted>,
  { sha256, writeImage }: Planning,
): { ready: readonly ReadyCase[]; leftOut: readonly LeftOut[] } {
  const ready = new Map<string, ReadyCase>();
  const reasons = new Map<string, string>();
  for (const [key, one] of all) {
    const request = requestsOf(one.case)
      .map((each) => generateRequest(each, one.target, writeImage))
      .find(({ kind }) => kind === 'missing');
    const expected = generateExpectations(one.case, one.target);
    if (request?.kind === 'missing') reasons.set(key, request.missing);
    else if (expected.kind === 'missing') reasons.set(key, expected.missing);
    else {
      const { claim, case: written, target, isControl, controls } = one;
      ready.set(key, {
        key,
        claim,
        case: expected.value,
        written,
        digest: digest(written, sha256),
        sentence: sentenceOf(claim, sha256),
        isControl,
        target,
        request: written.request,
        controls,
      });
    }
  }
  const missing = (key: string): string | undefined => {
    const one = all.get(key);
    if (one === undefined || reasons.has(key)) return reasons.get(key);
    for (const control of one.controls) {
      const reason = missing(control);
      if (reason !== undefined) return `given ${nameOf(all.get(control))}: ${reason}`;
    }
    return undefined;
  };
  const leftOut: LeftOut[] = [];
  for (const [key, one] of all) {
    const reason = missing(key);
    if (reason === undefined) continue;
    ready.delete(key);
    leftOut.push({ claim: claimId(one.claim), case: one.case.name, reason });
  }
  return { ready: [...ready.values()], leftOut };
}

function requestsOf({ request, steps }: Case): readonly Request[] {
  return steps === undefined ? [request] : steps.map((step) => step.request);
}

function nameOf(one: Wanted | undefined): string {
  return one === undefined ? '' : caseId(one.case.claim, one.case.name);
}

/**
 * Cuts what the budget cannot pay even if each request is sent only once, or as often as an interval takes to show what
 * is claimed. Retries and further trials are paid from the same purse before they are sent, so a run can end up with less,
 * but never spends more.
 */
function withinBudget(exchanges: readonly PlannedExchange[], target: Target): ReturnType<Within> {
  const purse = makePurse(target.budget);
  const kept: PlannedExchange[] = [];
  const cut: LeftOut[] = [];
  const gone = new Set<string>();
  for (const exchange of exchanges) {
    const { usd, requests } = leastPrice(exchange);
    const isPaid = () => purse.pay(usd, requests);
    if (!exchange.after.some((id) => gone.has(id)) && isPaid()) {
      kept.push(exchange);
      continue;
    }
    gone.add(exchange.id);
    cut.push(...leftOutOf(exchange, 'budget'));
  }
  return { kept, cut };
}

/** All cases of an exchange, left out for one reason. */
export function leftOutOf(exchange: PlannedExchange, reason: string): readonly LeftOut[] {
  return exchange.cases.map(({ case: one }) => ({ claim: one.claim, case: one.name, reason }));
}
