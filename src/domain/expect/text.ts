import { found, patternProblem } from '../pattern.ts';
import { type Kind, type ValueOf, type Zod, shown } from './kind.ts';

const keys = (z: Zod) =>
  z
    .union([
      z.enum(['any', 'none']),
      z
        .strictObject({
          contains: z.string().min(1).optional(),
          matches: z.string().min(1).optional().describe('an RE2 pattern, searched in each text'),
        })
        .refine(
          (value) => Object.keys(value).length > 0,
          'say what the text must be: contains or matches',
        ),
    ])
    .describe('what a reader of the answer sees as text');

type TextKeys = ValueOf<typeof keys>;

/** What a reader of the answer sees as text. */
export const text: Kind<TextKeys> = {
  name: 'text',
  keys,
  check: (value) =>
    typeof value === 'string' || value.matches === undefined
      ? undefined
      : patternProblem(value.matches),
  judge(value, seen) {
    const texts = seen.texts().filter((one) => one.trim() !== '');
    const actual = texts.length === 0 ? 'no text' : shown(texts[0]);
    if (value === 'none') return texts.length === 0 ? [] : [{ expected: 'no text', actual }];
    if (texts.length === 0) return [{ expected: 'a text', actual }];
    if (value === 'any') return [];
    const { contains, matches } = value;
    if (contains !== undefined && !texts.some((one) => one.includes(contains))) {
      return [{ what: 'contains', expected: shown(contains), actual }];
    }
    if (matches !== undefined && !texts.some((one) => found(matches, one))) {
      return [{ what: 'matches', expected: matches, actual }];
    }
    return [];
  },
};
