import type { Json } from '../claim.ts';
import { pathProblem, select } from '../path.ts';
import { found, patternProblem } from '../pattern.ts';
import { type Kind, type Miss, type ValueOf, type Zod, once, shown } from './kind.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
const count = (z: Zod) => z.number().int().min(0);
const keys = once((z) =>
  z
    .strictObject({
      at: z
        .string()
        .min(1)
        .describe('an RFC 9535 path; every node that it selects must satisfy the rest'),
      equals: z.json().optional(),
      in: z.array(z.json()).min(1).optional(),
      matches: z.string().optional().describe('an RE2 pattern, searched in a string'),
      type: z.enum(TYPES).optional(),
      exists: z.boolean().optional(),
      atLeast: z.number().optional(),
      atMost: z.number().optional(),
      count: z
        .union([
          count(z),
          z.strictObject({ atLeast: count(z).optional(), atMost: count(z).optional() }),
        ])
        .optional()
        .describe('how many nodes the path selects'),
    })
    .refine(
      (value) => Object.keys(value).length > 1,
      'say what the value must be: equals, in, matches, type, exists …',
    )
    .meta({ id: 'values', description: 'values in a JSON body' }),
);

type JsonKeys = ValueOf<typeof keys>;

/** Values in the JSON body, found by a path. */
export const json: Kind<JsonKeys> = {
  name: 'json',
  keys,
  check: (value) =>
    pathProblem(value.at) ??
    (value.matches === undefined ? undefined : patternProblem(value.matches)) ??
    contradiction(value),
  judge(value, seen) {
    const parsed = seen.json();
    if (parsed.kind === 'broken')
      return [{ what: value.at, expected: 'a JSON body', actual: parsed.why }];
    const miss = (expected: string, actual: string): readonly Miss[] => [
      { what: value.at, expected, actual },
    ];
    let nodes = 0;
    let wrong: readonly Miss[] | undefined;
    for (const node of select(value.at, parsed.value)) {
      if (value.exists === false) return miss('nothing there', shown(node));
      nodes++;
      const expected = wrong === undefined ? unmet(value, node) : undefined;
      if (expected !== undefined) wrong = miss(expected, shown(node));
      if (wrong !== undefined && value.count === undefined) return wrong;
    }
    if (value.exists === false) return [];
    const wrongCount = countMiss(value.count, nodes);
    if (wrongCount !== undefined) return miss(wrongCount, String(nodes));
    if (nodes === 0) return allowsNone(value.count) ? [] : miss('a value', 'nothing there');
    return wrong ?? [];
  },
  // A claim that expects `finishReason: NO_IMAGE` is about that very reason.
  names: (value, special) =>
    special.kind === 'reason' &&
    (value.equals === special.reason || (value.in?.includes(special.reason) ?? false)),
};

/** Why no value, or any value, could satisfy it: conditions that exclude one another, or a count that counts nothing. */
function contradiction(value: JsonKeys): string | undefined {
  const { at: _, exists, count: wanted, ...conditions } = value;
  const isOrdered = value.atLeast !== undefined || value.atMost !== undefined;
  if (exists === false && (wanted !== undefined || Object.keys(conditions).length > 0))
    return 'what does not exist cannot be compared';
  if (value.type !== undefined && isOrdered && !['number', 'integer'].includes(value.type))
    return `a value of type ${value.type} is neither at least nor at most a number`;
  if (value.type !== undefined && value.matches !== undefined && value.type !== 'string')
    return `a value of type ${value.type} matches no pattern`;
  if (value.matches !== undefined && isOrdered) return 'a number matches no pattern';
  if (isEmptyRange(value.atLeast, value.atMost)) return 'atLeast is more than atMost';
  if (typeof wanted !== 'object') return undefined;
  if (wanted.atLeast === undefined && wanted.atMost === undefined)
    return 'say how many: count: 1, or count: { atLeast: 1 }';
  return isEmptyRange(wanted.atLeast, wanted.atMost) ? 'atLeast is more than atMost' : undefined;
}

function isEmptyRange(atLeast = -Infinity, atMost = Infinity): boolean {
  return atLeast > atMost;
}

/** The first condition that a node does not meet, as findings show it. */
function unmet(value: JsonKeys, node: Json): string | undefined {
  if (value.equals !== undefined && !equal(node, value.equals)) return shown(value.equals);
  if (value.in !== undefined && !value.in.some((one) => equal(node, one))) {
    return `one of ${shown(value.in)}`;
  }
  if (value.type !== undefined && !isType(value.type, node)) return `a value of type ${value.type}`;
  if (value.matches !== undefined && !(typeof node === 'string' && found(value.matches, node))) {
    return `a match of ${value.matches}`;
  }
  if (value.atLeast !== undefined && !(typeof node === 'number' && node >= value.atLeast)) {
    return `at least ${value.atLeast}`;
  }
  if (value.atMost !== undefined && !(typeof node === 'number' && node <= value.atMost)) {
    return `at most ${value.atMost}`;
  }
  return undefined;
}

function countMiss(wanted: JsonKeys['count'], actual: number): string | undefined {
  if (wanted === undefined) return undefined;
  const { atLeast = 0, atMost = Infinity } =
    typeof wanted === 'number' ? { atLeast: wanted, atMost: wanted } : wanted;
  if (actual >= atLeast && actual <= atMost) return undefined;
  if (typeof wanted === 'number') return `${wanted} nodes`;
  return atMost === Infinity ? `at least ${atLeast} nodes` : `${atLeast} to ${atMost} nodes`;
}

function allowsNone(wanted: JsonKeys['count']): boolean {
  return wanted === 0 || (typeof wanted === 'object' && (wanted.atLeast ?? 0) === 0);
}

function isType(type: (typeof TYPES)[number], node: Json): boolean {
  if (type === 'null') return node === null;
  if (type === 'array') return Array.isArray(node);
  if (type === 'integer') return Number.isInteger(node);
  if (type === 'object') return typeof node === 'object' && node !== null && !Array.isArray(node);
  return typeof node === type;
}

/** Deep equality of JSON values; members in any order. */
function equal(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length &&
    left.every(
      ([key, value]) =>
        Object.hasOwn(b, key) && equal(value, (b as Record<string, Json>)[key] as Json),
    )
  );
}
