import type { Place } from './claim.ts';
import type { Topic } from './topic.ts';

/** Something wrong in what the user wrote or asked. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Absent where it is not about a line of a file. */
  readonly place?: Place;
  /** The source line itself, and how many columns the caret spans. */
  readonly line?: string;
  readonly span?: number;
  /** What to do: `did you mean "status"?`. */
  readonly hint?: string;
  /** What explains it at length: `assay help TOPIC`. */
  readonly see?: Topic;
}

/** The allowed word nearest to what was written, if one is near enough to be meant. */
export function nearest(written: string, allowed: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const word of allowed) {
    const distance = editDistance(written.toLowerCase(), word.toLowerCase());
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and neighbour swaps from one word to the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && i > 1 && j > 1) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

/** `did you mean "status"?`, or nothing where no allowed word is near. */
export function didYouMean(written: string, allowed: Iterable<string>): { hint?: string } {
  const word = nearest(written, allowed);
  return word === undefined ? {} : { hint: `did you mean "${word}"?` };
}
