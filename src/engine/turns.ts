import { attend, type Lanes, unfound } from './lane.ts';
import { inOrder } from './order.ts';
import type { Plan } from './plan.ts';
import type { Purse, Spent, Turn } from './purse.ts';
import { leastPrice } from './repetition.ts';
import type { PlannedExchange } from './sharing.ts';

/**
 * Attends to a whole plan, each exchange paid in its turn: so that retries of what is sent meanwhile leave enough for what was planned
 * before, but waits for its controls or for its key. Returns what could not be paid for in the end, and what waited for that.
 */
export async function attendInTurn(
  plan: Plan,
  needsAlone: (planned: PlannedExchange) => boolean,
  purse: Purse,
  lanes: Lanes,
): Promise<readonly PlannedExchange[]> {
  const turns = purse.inOrder(plan.exchanges.map((one) => owedTo(one, lanes)));
  const turnOf = new Map(plan.exchanges.map(({ id }, at) => [id, turns[at]]));
  const attendTo = async (exchanges: readonly PlannedExchange[]) => {
    const unpaid = new Set<string>();
    await inOrder({ ...plan, exchanges }, needsAlone, async (planned) => {
      const turn = turnOf.get(planned.id);
      const isPaid =
        !planned.after.some((id) => unpaid.has(id)) &&
        (await attend(planned, turn === undefined ? lanes : paidIn(turn, lanes)));
      if (!isPaid) unpaid.add(planned.id);
      turn?.end();
    });
    return exchanges.filter(({ id }) => unpaid.has(id));
  };
  const unpaid = await attendTo(plan.exchanges);
  // What others were owed and never asked for, behind a control that failed for instance, may do for these.
  const isOver = unpaid.length === 0 || lanes.ending.signal.aborted;
  const left = isOver ? unpaid : await attendTo(unpaid);
  for (const exchange of left) lanes.tell({ kind: 'settled', exchange });
  return left.map((one) => unfound(one, 1, lanes.past));
}

/** What a planned exchange is owed: what it was planned at, as long as no trial of it is known. */
function owedTo(planned: PlannedExchange, { past }: Lanes): Spent {
  return past.found(planned, 1).length > 0 ? { requests: 0, usd: 0 } : leastPrice(planned);
}

function paidIn({ pay }: Turn, lanes: Lanes): Lanes {
  const { means } = lanes;
  const { restraints } = means;
  const purse = { ...restraints.purse, pay };
  return { ...lanes, means: { ...means, restraints: { ...restraints, purse } } };
}
