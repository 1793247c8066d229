import { z } from 'zod';
import { suiteKeys } from './schema.ts';

type Node = Record<string, unknown>;

/** The JSON Schema of a suite for editors, from the same keys that the loader checks; it is printed by `assay schema`. */
export function suiteJsonSchema(): object {
  const { $schema, $defs, ...suite } = z.toJSONSchema(suiteKeys, { io: 'input' }) as Node;
  const { request, expectation, values, ...others } = $defs as Node;
  return {
    $schema,
    title: 'A suite of Assay',
    ...suite,
    $defs: {
      ...others,
      request: withHoles(request),
      expectation: withHoles(expectation),
      values: withHoles(values),
      unfilled: UNFILLED,
    },
  };
}

/** The pattern of a text that names what fills it. */
export const HOLE = '\\$\\{[^{}]+\\}';

const UNFILLED = {
  description: 'filled from let and vary; null leaves the member out; $literal stays as it stands',
  anyOf: [
    { type: 'string', pattern: HOLE },
    { type: 'null' },
    {
      type: 'object',
      properties: { $literal: {} },
      required: ['$literal'],
      additionalProperties: false,
    },
  ],
};

const SCALARS: readonly string[] = ['string', 'number', 'integer', 'boolean'];

/** Before filling, any value may stand as `${name}`, as null, which leaves it out, or as `{ $literal: … }`. */
function withHoles(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withHoles);
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node as Node).map(([key, value]) => [key, inner(key, value)]);
  const filled = Object.fromEntries(members) as Node;
  const { type } = filled;
  const scalar = 'const' in filled || [type].flat().some((one) => SCALARS.includes(String(one)));
  return scalar ? orUnfilled(filled) : filled;
}

function orUnfilled({ description, ...filled }: Node): Node {
  const anyOf = [filled, { $ref: '#/$defs/unfilled' }];
  return description === undefined ? { anyOf } : { description, anyOf };
}

/** Only what describes a value is changed: not the names of keys, nor what a schema says of itself. */
function inner(key: string, value: unknown): unknown {
  if (key === 'properties') {
    const entries = Object.entries(value as Node).map(([name, node]) => {
      const member = withHoles(node) as Node;
      const isMany = member['type'] === 'object' || member['type'] === 'array';
      return [name, isMany ? orUnfilled(member) : member];
    });
    return Object.fromEntries(entries);
  }
  return ['items', 'anyOf', 'allOf', 'oneOf', 'additionalProperties'].includes(key)
    ? withHoles(value)
    : value;
}
