import { DEFAULT_CONFIRM_USD, type Target } from '../domain/target.ts';
import { worstLeft } from '../engine/left.ts';
import type { Earlier } from '../engine/past.ts';
import { worstCase } from '../engine/plan.ts';
import type { Price } from '../engine/price.ts';
import { dollars, sumText } from '../report/cost.ts';
import { type Asked, isGiven } from './arguments.ts';
import { isSomebodyThere, saysYes } from './ask.ts';
import type { Output } from './output.ts';
import type { Staged } from './staged.ts';

/** What may be spent on a target at worst, before anything is. */
export interface Stake {
  readonly target: Target;
  readonly worst: Price;
}

/** What a plan may cost; where a run goes on, what of that is still to be spent. */
export function stakeOf({ plan }: Pick<Staged, 'plan'>, earlier?: Earlier): Stake {
  const worst = earlier === undefined ? worstCase(plan) : worstLeft(plan, earlier);
  return { target: plan.target, worst };
}

/** Says how much a live target may be paid; a rehearsal costs nothing, and of what sends nothing there is nothing to say. */
export function sayStake({ target, worst }: Stake, output: Output): void {
  if (target.grade === 'live' && worst.requests > 0)
    output.say(`${target.name}: at most ${sumText(worst, target.budget)}`);
}

/**
 * Whether to begin what may cost so much, on one target or on two at once: asks whoever sits at a terminal where it is more
 * than a target lets pass (`confirmAboveUsd`), unless `--yes` was given. Where nobody can be asked it begins, and says so.
 */
export async function mayBegin(
  stakes: readonly Stake[],
  asked: Asked,
  output: Output,
): Promise<boolean> {
  const paid = stakes.filter(({ target, worst }) => target.grade === 'live' && worst.requests > 0);
  if (paid.length === 0 || isGiven(asked, 'yes')) return true;
  const usd = Number(paid.reduce((sum, { worst }) => sum + worst.usd, 0).toFixed(6));
  const above = Math.min(
    ...paid.map(({ target }) => target.confirmAboveUsd ?? DEFAULT_CONFIRM_USD),
  );
  if (above > 0 && usd <= above) return true;
  const most = `${dollars(usd)} is more than ${dollars(above)}`;
  const why = above > 0 ? most : `at most ${dollars(usd)}`;
  if (!isSomebodyThere()) {
    output.say(`${why}, and nobody is there to be asked: it begins (--yes says so beforehand)`);
    return true;
  }
  if (await saysYes(`${why}. Begin? [y/N] `)) return true;
  output.say('not begun: nothing was sent');
  return false;
}
