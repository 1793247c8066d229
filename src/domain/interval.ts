import type { Trials } from './claim.ts';

/** The most trials that can be asked for: their bounds are reckoned in a time that grows with the square. */
export const MOST_TRIALS = 1000;

/** For each number of decided trials, from 1: how many must have passed to decide. Index 0 decides nothing. */
export interface Bounds {
  /** So many or more show the rate that is claimed; more than there are trials: none do. */
  readonly passFrom: readonly number[];
  /** So many or fewer show a lower one; -1: none do. */
  readonly failTo: readonly number[];
  /** The chance to pass, and to fail, where the true rate is `atLeast` itself: the worst case of each. */
  readonly chance: { readonly pass: number; readonly fail: number };
}

/** What the trials decided so far say of a rate; `even`: no trials that are left can decide any more. */
export type Tells = 'pass' | 'fail' | 'open' | 'even';

/**
 * How much of the error is spent by a share of all trials: alpha × share^exponent (Kim and DeMets, "Design and analysis
 * of group sequential tests based on the type I error spending rate function", Biometrika 74, 1987). A failing rate is
 * told early, since that is cheap and most wanted; a pass is spent for later, which tells 0.95 from 0.9 half as often again.
 */
const SPENDING = { pass: 1.5, fail: 0.5 };

/**
 * The bounds of a sequence of trials that is looked at after each one. Exact: the chance of every count that has not
 * decided yet is carried from trial to trial at the rate `atLeast` (Armitage, McPherson and Rowe, "Repeated significance
 * tests on accumulating data", J. R. Stat. Soc. A 132, 1969), and each bound takes in as many counts as what may be spent
 * by then pays for. More passes never turn a pass into a fail, so a wrong pass (the true rate is lower) and a wrong fail
 * (it is not) are likeliest at `atLeast` itself: each has at most the chance 1 - confidence over the whole sequence.
 */
export function boundsOf(trials: Trials): Bounds {
  const key = `${trials.of} ${trials.atLeast} ${trials.confidence}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = reckoned(trials);
  memory.set(key, made);
  return made;
}

const memory = new Map<string, Bounds>();

function reckoned({ of, atLeast, confidence }: Trials): Bounds {
  const alpha = 1 - confidence;
  const passFrom = [1];
  const failTo = [-1];
  const chance = { pass: 0, fail: 0 };
  /** The chance of each count of passes that has decided nothing yet. */
  let open: readonly number[] = [1];
  for (let trial = 1; trial <= of; trial += 1) {
    const counts = after(open, atLeast);
    const share = trial / of;
    let from = trial + 1;
    for (; from > 0; from -= 1) {
      const spent = chance.pass + (counts[from - 1] ?? 0);
      if (spent > alpha * share ** SPENDING.pass) break;
      chance.pass = spent;
    }
    let to = -1;
    for (; to + 1 < from; to += 1) {
      const spent = chance.fail + (counts[to + 1] ?? 0);
      if (spent > alpha * share ** SPENDING.fail) break;
      chance.fail = spent;
    }
    passFrom.push(from);
    failTo.push(to);
    open = counts.map((one, passed) => (passed >= from || passed <= to ? 0 : one));
  }
  return { passFrom, failTo, chance };
}

/** The chance of each count of passes after one more trial. */
export function after(counts: readonly number[], rate: number): readonly number[] {
  return Array.from(
    { length: counts.length + 1 },
    (_, passed) => (counts[passed] ?? 0) * (1 - rate) + (counts[passed - 1] ?? 0) * rate,
  );
}

/** What so many passes of so many decided trials say. */
export function tells(trials: Trials, passed: number, decided: number): Tells {
  const { passFrom, failTo } = boundsOf(trials);
  if (passed >= (passFrom[decided] ?? Infinity)) return 'pass';
  if (passed <= (failTo[decided] ?? -1)) return 'fail';
  for (let later = decided + 1; later <= trials.of; later += 1) {
    const best = passed + (later - decided);
    if (best >= (passFrom[later] ?? Infinity) || passed <= (failTo[later] ?? -1)) return 'open';
  }
  return 'even';
}

/** The fewest trials that show the rate, if each of them passes; undefined where all of them cannot. */
export function fewestToPass(trials: Trials): number | undefined {
  const { passFrom } = boundsOf(trials);
  const first = passFrom.findIndex((from, decided) => decided > 0 && from <= decided);
  return first === -1 ? undefined : first;
}

/**
 * The smallest `of` with which trials that all come out alike can decide: the first n with chance^n within 1 - confidence,
 * where `chance` is that of one such trial at the rate `atLeast` (itself for passes, the rest of 1 for fails). Infinity
 * where not even MOST_TRIALS trials can.
 */
export function smallestToDecide(chance: number, confidence: number): number {
  // Multiplied one by one, as the bounds are, so that both agree to the last bit.
  let alike = 1;
  for (let trials = 1; trials <= MOST_TRIALS; trials += 1) {
    alike *= chance;
    if (alike <= 1 - confidence) return trials;
  }
  return Infinity;
}
