import type { Case } from '../domain/claim.ts';
import { canonical } from '../domain/digest.ts';
import { type Evidence, exchangesBehind } from '../domain/evidence.ts';
import type { Answers, Exchange } from '../domain/exchange.ts';
import { storedPrice } from '../domain/spent.ts';
import { type Target, targetId } from '../domain/target.ts';
import { caseKey } from './controls.ts';
import { seenTarget } from './evidence.ts';
import { generateExpectations } from './generate.ts';
import { type Paid, paidFor } from './paid.ts';
import type { Spent } from './purse.ts';
import type { PlannedCase, PlannedExchange } from './sharing.ts';
import type { Found } from './tried.ts';

/** What a run had stored before it was cut short. */
export interface Earlier {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly exchanges: readonly Exchange[];
  readonly evidence: readonly Evidence[];
  /** Ids of the exchanges that do not count: what they asked is asked anew. */
  readonly anew: ReadonlySet<string>;
  /** Spent on requests whose exchange is not stored. */
  readonly lost: Spent;
}

/** A new run has no past. */
export const NOTHING: Omit<Earlier, 'startedAt'> = {
  exchanges: [],
  evidence: [],
  anew: new Set(),
  lost: { requests: 0, usd: 0 },
};

/** A stored exchange, with its price, as far as no evidence bears that yet. */
export interface Stored {
  readonly exchange: Exchange;
  readonly answers: Answers;
  readonly paid: Paid;
}

/** What a run knows from before. */
export interface Past {
  /** The cases of a planned exchange that have evidence of this trial, made with the digest of today. */
  readonly found: (planned: PlannedExchange, trial: number) => readonly Found[];
  /** What is stored of this trial of a planned exchange: one exchange, or those of its first steps. */
  readonly exchanges: (planned: PlannedExchange, trial: number) => readonly Stored[];
  readonly spent: Spent;
  /** How much of what was spent was measured. */
  readonly measuredUsd: number;
  readonly fetches: number;
  /** The highest numbers in use. */
  readonly last: { readonly exchange: number; readonly evidence: number };
}

/** The past of a run, looked up by what is planned today. */
export function makePast({ exchanges, evidence, anew, lost }: Omit<Earlier, 'startedAt'>): Past {
  const judged = new Set(evidence.flatMap(exchangesBehind));
  const answering = new Map<string, Stored>();
  for (const exchange of exchanges) {
    const { id, answers } = exchange;
    if (answers === undefined || anew.has(id)) continue;
    const paid = judged.has(id) ? { usd: 0 } : paidFor(exchange, answers.usd);
    const { planned, trial, step = 0 } = answers;
    answering.set(`${planned} ${trial} ${step}`, { exchange, answers, paid });
  }
  const known = new Map<string, Evidence>();
  for (const one of evidence) {
    const key = caseKey(targetId(one.target), one.claim, one.case);
    if (!anew.has(one.exchange ?? '')) known.set(`${key} ${one.trial} ${one.digest}`, one);
  }
  return {
    found: ({ target, cases }, trial) => {
      if (known.size === 0) return [];
      return cases.flatMap((planned) => {
        const key = caseKey(targetId(target), planned.case.claim, planned.case.name);
        const stored = known.get(`${key} ${trial} ${planned.digest}`);
        return stored === undefined ? [] : [{ case: planned, evidence: stored }];
      });
    },
    exchanges: ({ id }, trial) => {
      const stored: Stored[] = [];
      for (let step = 0; ; step += 1) {
        const one = answering.get(`${id} ${trial} ${step}`);
        // What was begun anew on another host left later steps of before, which do not follow from it.
        const isNext = one !== undefined && one.answers.host === (stored[0] ?? one).answers.host;
        if (!isNext) return stored;
        stored.push(one);
      }
    },
    spent: both(storedPrice(exchanges, evidence), lost),
    measuredUsd: evidence.reduce((sum, one) => sum + (one.measured ? one.usd : 0), 0),
    fetches: exchanges.reduce((sum, { fetched }) => sum + Object.keys(fetched).length, 0),
    last: { exchange: highest(exchanges), evidence: highest(evidence) },
  };
}

/** Which trial of a planned exchange an exchange answers, for how much, and which step of it, where it has steps. */
export function answersTo(
  { id, target }: PlannedExchange,
  trial: number,
  usd: number,
  step?: number,
): Answers {
  const { host, let: declared } = seenTarget(target);
  return {
    planned: id,
    trial,
    ...(step === undefined ? {} : { step }),
    usd,
    host,
    ...(declared === undefined ? {} : { let: declared }),
  };
}

/** A planned exchange on the target as it was when a stored exchange was made, by which that must be judged; itself if it still is. */
export function asItWas(planned: PlannedExchange, answers: Answers): PlannedExchange {
  const now = seenTarget(planned.target);
  const isSame = now.host === answers.host && canonical(now.let) === canonical(answers.let);
  if (isSame) return planned;
  const target: Target = {
    ...planned.target,
    baseUrl: `http://${answers.host}`,
    let: answers.let ?? {},
  };
  const cases = planned.cases.map((one): PlannedCase => {
    const filled = generateExpectations(asWritten(one), target);
    return filled.kind === 'filled' ? { ...one, case: filled.value } : one;
  });
  return { ...planned, target, cases };
}

/** A plan holds its cases filled for the target of today. */
function asWritten({ claim: { basis }, case: filled }: PlannedCase): Case {
  const cases = basis.kind === 'sent' ? basis.cases : [];
  return cases.find(({ name }) => name === filled.name) ?? filled;
}

function both(a: Spent, b: Spent): Spent {
  return { requests: a.requests + b.requests, usd: a.usd + b.usd };
}

/** Ids end in numbers that count up: `RUN.12`, `RUN.x7`. */
function highest(all: readonly { readonly id: string }[]): number {
  return all.reduce((most, { id }) => Math.max(most, Number(/\d+$/.exec(id)?.[0] ?? 0)), 0);
}
