import type { Evidence } from '../domain/evidence.ts';
import { type Earlier, makePast, type Past } from './past.ts';
import type { Plan } from './plan.ts';
import type { Price } from './price.ts';
import { repetition, toTry } from './repetition.ts';
import type { PlannedExchange } from './sharing.ts';

/** The most that a run which goes on can still send and cost: for what it has not stored, within what its budget has left. */
export function worstLeft({ exchanges, target }: Plan, earlier: Earlier): Price {
  const past = makePast(earlier);
  const { budget } = target;
  const trials = exchanges.map((planned) => ({
    ...planned.worst,
    left: trialsLeft(planned, past),
  }));
  const usd = trials.reduce((sum, one) => sum + one.usd * one.left, 0);
  const requests = trials.reduce((sum, one) => sum + one.requests * one.left, 0);
  const { spent } = past;
  return {
    usd: Math.max(0, Number(Math.min(usd, (budget.usd ?? Infinity) - spent.usd).toFixed(6))),
    requests: Math.max(0, Math.min(requests, (budget.requests ?? Infinity) - spent.requests)),
  };
}

/** How many trials of an exchange may still be made, by what is stored of those before. */
function trialsLeft(planned: PlannedExchange, past: Past): number {
  const { cases } = planned;
  const { most } = repetition(cases);
  const seen: Evidence[] = [];
  const foundOf = (one: (typeof cases)[number]) =>
    seen.filter(({ claim, case: name }) => claim === one.case.claim && name === one.case.name);
  for (let trial = 1; trial <= most; trial += 1) {
    if (toTry(cases, trial, foundOf).length === 0) return 0;
    const found = past.found(planned, trial);
    if (found.length === 0) return most - trial + 1;
    seen.push(...found.map(({ evidence }) => evidence));
  }
  return 0;
}
