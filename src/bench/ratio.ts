/** One round: the reference and ours, measured right after one another, in the same unit. */
export interface Round {
  readonly bare: number;
  readonly ours: number;
}

/** What some rounds come to. The ratio is taken round by round, so that what slows a machine down slows both sides. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Ours over the reference, round by round. */
export function ratios(rounds: readonly Round[]): Spread {
  return spread(rounds.map(({ bare, ours }) => ours / bare));
}

/** The least, the middle and the most of some numbers; of an even count the middle is the mean of two. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}
