import { isMapping } from '../gatewayError.ts';
import { type Kind, type Seen, type Zod, shown } from './kind.ts';

const keys = (z: Zod) =>
  z.string().min(1).describe('the canonical model id that the alias maps to');

/** Which model made the answer, by the name in it. */
export const alias: Kind<string> = {
  name: 'alias',
  keys,
  judge(canonical, seen) {
    const actual = aliasSeen(seen);
    if (actual === undefined)
      return { cause: 'unseen', detail: 'the answer does not say which model made it' };
    return actual === canonical ? [] : [{ expected: shown(canonical), actual: shown(actual) }];
  },
};

/** The canonical model that an answer names in `modelVersion`; all of them, where the events of a stream disagree. */
export function aliasSeen(seen: Seen): string | undefined {
  const versions = seen.values().flatMap((value) => {
    const version = isMapping(value) ? value['modelVersion'] : undefined;
    return typeof version === 'string' && version !== '' ? version.replace(/^models\//, '') : [];
  });
  return versions.length === 0 ? undefined : [...new Set(versions)].join(', ');
}
