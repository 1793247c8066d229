import { type Claim, claimId } from '../domain/claim.ts';
import type { Shard } from '../domain/shard.ts';
import type { Budget, Target } from '../domain/target.ts';
import { targetId } from '../domain/target.ts';
import { caseKey } from './controls.ts';
import { type Planning, wholeExchanges } from './plan.ts';
import { leastPrice } from './repetition.ts';
import type { PlannedExchange } from './sharing.ts';

/**
 * The part of a choice that falls to a shard. Cases that share an exchange, or wait for one another, stay together. Which
 * shard a case falls to follows from all claims of the project and the target alone: not from what was chosen, is due or
 * is remembered.
 */
export function onShard(
  planning: Pick<Planning, 'chosen' | 'claims' | 'targetFor' | 'sha256'>,
  all: readonly Claim[],
  { index, of }: Shard,
): Planning['chosen'] {
  const { chosen, targetFor } = planning;
  const shards = dealt(
    wholeExchanges({ ...planning, chosen: all.map(whole) }, () => ''),
    of,
  );
  return chosen.flatMap(({ claim, cases }) => {
    const target = targetId(targetFor(claim));
    const own = cases.filter(
      // What is not sent is computed from evidence: one shard says it.
      (name) => (shards.get(caseKey(target, claimId(claim), name)) ?? 1) === index,
    );
    return own.length === 0 ? [] : [{ claim, cases: own }];
  });
}

function whole(claim: Claim): Planning['chosen'][number] {
  const { basis } = claim;
  return { claim, cases: basis.kind === 'sent' ? basis.cases.map(({ name }) => name) : [] };
}

/** The limits of one of so many shards: together they spend no more, and ask no oftener, than one run would. */
export function limitsOf(target: Target, { of }: Shard): Target {
  const { budget, pace } = target;
  return {
    ...target,
    budget: budgetOf(budget, of),
    ...(pace !== undefined && {
      pace: { count: 1, perMs: Math.ceil((pace.perMs * of) / pace.count) },
    }),
  };
}

/** Rounded down, to a millionth of a dollar and to a whole request. */
function budgetOf({ usd, requests }: Budget, of: number): Budget {
  return {
    ...(usd !== undefined && { usd: Math.floor(Math.round(usd * 1e6) / of) / 1e6 }),
    ...(requests !== undefined && { requests: Math.floor(requests / of) }),
  };
}

/** A request weighs as much as this, in US dollars, so that what is free is dealt out as well. */
const REQUEST_USD = 0.001;

/** Deals out what belongs together, the dearest first, to the shard that has least; gives the shard of each case. */
function dealt(exchanges: readonly PlannedExchange[], of: number): ReadonlyMap<string, number> {
  const parts = [...Map.groupBy(exchanges, rootsOf(exchanges)).values()].map((part) => ({
    part,
    id: part.reduce((least, { id }) => (id < least ? id : least), part[0]?.id ?? ''),
    usd: part.reduce((sum, one) => sum + weight(one), 0),
  }));
  const loads = Array.from({ length: of }, () => 0);
  const shards = new Map<string, number>();
  for (const { part, usd } of parts.toSorted((a, b) => b.usd - a.usd || (a.id < b.id ? -1 : 1))) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + usd;
    for (const { cases, target } of part) {
      const id = targetId(target);
      for (const { case: one } of cases) shards.set(caseKey(id, one.claim, one.name), lightest + 1);
    }
  }
  return shards;
}

/** What is superseded runs only when it is named, and so weighs nothing. */
function weight(planned: PlannedExchange): number {
  const isKept = planned.cases.every(({ claim }) => claim.superseded !== undefined);
  const { usd, requests } = leastPrice(planned);
  return isKept ? 0 : usd + requests * REQUEST_USD;
}

/** Tells the exchange that stands for all that an exchange belongs together with, through controls. */
function rootsOf(exchanges: readonly PlannedExchange[]): (one: PlannedExchange) => string {
  const above = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next;
    if (root !== id) above.set(id, root);
    return root;
  };
  for (const { id, after } of exchanges) {
    for (const other of after) {
      const [a, b] = [rootOf(id), rootOf(other)];
      if (a !== b) above.set(a, b);
    }
  }
  return ({ id }) => rootOf(id);
}
