import type { Json } from '../claim.ts';
import { isMapping } from '../gatewayError.ts';
import { joinRows } from '../rows.ts';
import { type Kind, type Seen, type Zod, shown } from './kind.ts';

const keys = (z: Zod) =>
  z.string().min(1).describe('the canonical model id that the alias maps to');

/** Which model made the answer, by the name in it and in the log. */
export const alias: Kind<string> = {
  name: 'alias',
  keys,
  judge(canonical, seen) {
    const { answer, log } = namesIn(seen);
    const names = [...answer, ...log];
    if (names.length === 0) return { cause: 'unseen', detail: UNNAMED };
    if (names.every((name) => name === canonical)) return [];
    const isAgreed = answer.length === 0 || log.length === 0 || inOne(answer) === inOne(log);
    const actual = isAgreed
      ? shown(inOne(names))
      : `${shown(inOne(answer))} in the answer, ${shown(inOne(log))} in the log`;
    return [{ expected: shown(canonical), actual }];
  },
};

const UNNAMED = 'neither the answer nor the log says which model made it';

/** The canonical models that an answer names in `modelVersion`, and the log of the key in the answer's own rows; all of them, where they disagree. */
export function aliasSeen(seen: Seen): string | undefined {
  const { answer, log } = namesIn(seen);
  const names = [...answer, ...log];
  return names.length === 0 ? undefined : inOne(names);
}

function namesIn(seen: Seen): {
  readonly answer: readonly string[];
  readonly log: readonly string[];
} {
  const answer = seen.values().map((value) => (isMapping(value) ? value['modelVersion'] : ''));
  const { usage } = seen.exchange;
  // Most exchanges have no rows, and need not be looked through for what would be theirs.
  const own = usage?.rows === undefined ? [] : joinRows(usage.rows, seen.exchange).own;
  return {
    answer: answer.flatMap(nameOf),
    log: own.flatMap(({ upstreamModel }) => nameOf(upstreamModel)),
  };
}

function nameOf(value: Json | undefined): readonly string[] {
  return typeof value === 'string' && value !== '' ? [value.replace(/^models\//, '')] : [];
}

function inOne(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
