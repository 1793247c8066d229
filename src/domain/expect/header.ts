import { found, patternProblem } from '../pattern.ts';
import { type Kind, type ValueOf, type Zod, shown } from './kind.ts';

const keys = (z: Zod) =>
  z
    .strictObject({
      name: z.string().min(1),
      equals: z.string().optional(),
      matches: z.string().optional().describe('an RE2 pattern, searched in the value'),
      exists: z.boolean().optional(),
    })
    .refine(
      (value) =>
        value.equals !== undefined || value.matches !== undefined || value.exists !== undefined,
      'say what the header must be: equals, matches or exists',
    )
    .describe('a header of the answer');

type Header = ValueOf<typeof keys>;

/** A header of the answer: that it is there, or what it says. */
export const header: Kind<Header> = {
  name: 'header',
  keys,
  check: (value) => (value.matches === undefined ? undefined : patternProblem(value.matches)),
  judge(value, { answer }) {
    const name = value.name.toLowerCase();
    const actual = Object.hasOwn(answer.headers, name) ? answer.headers[name] : undefined;
    if (value.exists === false) {
      return actual === undefined
        ? []
        : [{ what: name, expected: 'no such header', actual: shown(actual) }];
    }
    if (actual === undefined)
      return [{ what: name, expected: 'this header', actual: 'no such header' }];
    if (value.equals !== undefined && actual !== value.equals) {
      return [{ what: name, expected: shown(value.equals), actual: shown(actual) }];
    }
    if (value.matches !== undefined && !found(value.matches, actual)) {
      return [{ what: name, expected: `a match of ${value.matches}`, actual: shown(actual) }];
    }
    return [];
  },
  names: (value, special) =>
    special.kind === 'html' &&
    value.name.toLowerCase() === 'content-type' &&
    `${value.equals ?? ''}${value.matches ?? ''}`.includes('html'),
};
