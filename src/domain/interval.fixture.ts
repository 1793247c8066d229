import type { Trials } from './claim.ts';
import { after, tells } from './interval.ts';

/** What comes of a sequence of trials at one true rate. */
export interface Course {
  readonly pass: number;
  readonly fail: number;
  /** How many trials it takes on average. */
  readonly trials: number;
}

/** Reckoned: the chance of each outcome, and the expected number of trials, without the noise of a simulation. */
export function courseAt(rate: number, trials: Trials): Course {
  const course = { pass: 0, fail: 0, trials: 0 };
  let open: readonly number[] = [1];
  for (let decided = 1; decided <= trials.of; decided += 1) {
    open = after(open, rate).map((chance, passed) => {
      if (chance === 0) return 0;
      const told = tells(trials, passed, decided);
      if (told === 'open') return chance;
      if (told !== 'even') course[told] += chance;
      course.trials += chance * decided;
      return 0;
    });
  }
  return course;
}

/** One sequence, each trial drawn from a source of numbers from 0 up to 1. */
export function simulated(
  rate: number,
  trials: Trials,
  random: () => number,
): { readonly told: ReturnType<typeof tells>; readonly made: number } {
  let passed = 0;
  for (let decided = 1; decided <= trials.of; decided += 1) {
    if (random() < rate) passed += 1;
    const told = tells(trials, passed, decided);
    if (told !== 'open') return { told, made: decided };
  }
  return { told: 'even', made: trials.of };
}

/** Numbers from 0 up to 1 that follow from a seed (mulberry32, Tommy Ettinger 2017, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
