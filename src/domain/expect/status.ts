import { type Kind, type ValueOf, type Zod, shown } from './kind.ts';

const CLASS = /^[1-5]xx$/;
const one = (z: Zod) =>
  z.union([
    z.number().int().min(100).max(599),
    z.string().regex(CLASS, 'a status is a number or a class such as 2xx'),
  ]);
const keys = (z: Zod) =>
  z
    .union([one(z), z.array(one(z)).min(1)])
    .describe('the HTTP status: 200, 2xx, or a list of those');

type Status = ValueOf<typeof keys>;

/** Statuses that say nothing about the request itself; a class never takes them in (suite-format). */
const OUTSIDE_CLASSES: readonly number[] = [401, 402, 403, 408, 429];

/** The HTTP status of the answer. */
export const status: Kind<Status> = {
  name: 'status',
  keys,
  judge(value, { answer }) {
    if (list(value).some((wanted) => takesIn(wanted, answer.status))) return [];
    return [{ expected: list(value).join(' or '), actual: shown(answer.status) }];
  },
  names: (value, special) => special.kind === 'status' && list(value).includes(special.status),
};

/** Whether a status or class, as written, takes in a status. */
export function takesIn(wanted: number | string, actual: number): boolean {
  if (typeof wanted === 'number') return wanted === actual;
  return wanted[0] === String(actual)[0] && !OUTSIDE_CLASSES.includes(actual);
}

function list(value: Status): readonly (number | string)[] {
  return Array.isArray(value) ? value : [value];
}
