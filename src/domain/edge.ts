import type { Case } from './claim.ts';
import { type Names, type Pair, type Shown, isRefused } from './compare.ts';
import { canonicalOnce } from './digest.ts';

/** The last value that a side accepted and the first that it refused, of those that cases tried. */
interface Edge {
  readonly accepted: number;
  /** Absent where nothing that was tried was refused. */
  readonly refused?: number;
}

/** A limit that two sides do not share. */
export interface LimitDifference {
  /** The claims whose cases touch it, by full id. */
  readonly claims: readonly string[];
  /** What varies: `refs`. */
  readonly varied: string;
  readonly left: Edge;
  readonly right: Edge;
}

/** A value that some case tried, and what both sides made of it. */
interface Tried {
  readonly claim: string;
  readonly value: number;
  readonly left: Shown;
  readonly right: Shown;
}

/**
 * The limits that differ: among cases that send the same but for one number, whichever claims they are of, both sides
 * accept something and then refuse, and not from the same number on.
 */
export function limitDifferences(
  pairs: readonly Pair[],
  caseOf: (claim: string, name: string) => Case | undefined,
): readonly LimitDifference[] {
  const groups = new Map<string, { readonly varied: string; readonly tried: Tried[] }>();
  for (const { claim, case: name, left, right } of pairs) {
    const request = caseOf(claim, name)?.request;
    if (request === undefined || left === undefined || right === undefined) continue;
    if (left.word === undefined || right.word === undefined) continue;
    const parts = name.split('/');
    for (const part of parts) {
      const [varied = '', written = ''] = part.split('=');
      if (!/^\d+$/.test(written)) continue;
      const others = parts.filter((other) => other !== part);
      const sent = canonicalOnce(request).replaceAll(
        RegExp(`(?<![\\w.])${written}(?![\\w.])`, 'g'),
        '#',
      );
      const key = JSON.stringify([claim.split('/', 1)[0], varied, others, sent]);
      const group = groups.get(key) ?? { varied, tried: [] };
      groups.set(key, group);
      group.tried.push({ claim, value: Number(written), left, right });
    }
  }
  return [...groups.values()].flatMap(({ varied, tried }) => {
    const [left, right] = [edgeOf(tried, 'left'), edgeOf(tried, 'right')];
    const isAlike = tried.every((one) => isRefused(one.left) === isRefused(one.right));
    if (isAlike || left === undefined || right === undefined) return [];
    return [{ claims: [...new Set(tried.map(({ claim }) => claim))], varied, left, right }];
  });
}

/** Where a side stops accepting; nothing where it accepts nothing, or something above what it refuses. */
function edgeOf(tried: readonly Tried[], side: keyof Names): Edge | undefined {
  const values = (refused: boolean) =>
    tried.filter((one) => isRefused(one[side]) === refused).map(({ value }) => value);
  const [accepted, refused] = [Math.max(...values(false)), Math.min(...values(true))];
  if (accepted === -Infinity || accepted > refused) return undefined;
  return { accepted, ...(refused !== Infinity && { refused }) };
}

/** `refs: production accepts 14 and refuses 15, official accepts 15 and refuses 16`. */
export function limitSentence({ varied, left, right }: LimitDifference, names: Names): string {
  return `${varied}: ${names.left} ${edgeText(left)}, ${names.right} ${edgeText(right)}`;
}

function edgeText({ accepted, refused }: Edge): string {
  return `accepts ${accepted} and refuses ${refused ?? 'nothing that was tried'}`;
}
