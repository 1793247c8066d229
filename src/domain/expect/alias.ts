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
    const actual = aliasSeen(seen);
    if (actual === undefined)
      return { cause: 'unseen', detail: 'neither the answer nor the log says which model made it' };
    return actual === canonical ? [] : [{ expected: shown(canonical), actual: shown(actual) }];
  },
};

/** The canonical models that an answer names in `modelVersion`, and the log of the key in the answer's own rows; all of them, where they disagree. */
export function aliasSeen(seen: Seen): string | undefined {
  const answered = seen.values().map((value) => (isMapping(value) ? value['modelVersion'] : ''));
  const logged = joinRows(seen.exchange.usage?.rows ?? [], seen.exchange).own;
  const names = [...answered, ...logged.map(({ upstreamModel }) => upstreamModel)].flatMap((name) =>
    typeof name === 'string' && name !== '' ? name.replace(/^models\//, '') : [],
  );
  return names.length === 0 ? undefined : [...new Set(names)].join(', ');
}
