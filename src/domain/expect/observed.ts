import type { ZodType } from 'zod';
import type { Observation } from '../claim.ts';
import { IMAGE_PLACES } from '../images.ts';
import { observe } from '../observe.ts';
import { type Kind, type ValueOf, type Zod, shown } from './kind.ts';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;

const keys = (z: Zod) => {
  const oneOf = <One extends ZodType>(one: One) => z.union([one, z.array(one).min(1)]).optional();
  const text = z.string().min(1);
  return z
    .strictObject({
      'image.at': oneOf(z.enum(IMAGE_PLACES)),
      'image.format': oneOf(z.enum(TYPES)),
      'image.size': oneOf(z.string().regex(/^\d+x\d+$/, 'pixels such as 1024x1024')),
      'image.count': oneOf(z.number().int().min(0)),
      alias: oneOf(text),
    })
    .refine(
      (value) => Object.keys(value).length > 0,
      'say which observations are allowed: observed: { image.at: inline-data }',
    )
    .describe('what may be observed at all, one value or several; what is not observed is allowed');
};

type Allowed = ValueOf<typeof keys>;

/** The set within which shapes stay: one outside is a fail that no interval over trials forgives (`isOutside`). */
export const observed: Kind<Allowed> = {
  name: 'observed',
  keys,
  judge(allowed, seen) {
    const found = observe(seen).observed;
    return Object.entries(allowed).flatMap(([name, values]) => {
      const value = found[name as Observation];
      const within: readonly (string | number)[] = [values ?? []].flat();
      if (value === undefined || within.includes(value)) return [];
      return [{ what: name, expected: within.join(' or '), actual: shown(value) }];
    });
  },
};
