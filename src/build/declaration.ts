import { HOLE } from '../suite/jsonSchema.ts';

type Node = Readonly<Record<string, unknown>>;

/** What narrows a value further than a type of TypeScript can say, or only explains it. */
const UNTYPED: readonly string[] = [
  'description',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
];

/**
 * The text of `index.d.ts`: the type of a suite, from the JSON Schema that editors use, and `defineSuite` for it.
 * Throws an Error for a form of schema that it cannot put into a type, so that no build publishes a looser one.
 */
export function declaration(schema: object): string {
  const { $schema: _, $defs = {}, title, ...suite } = schema as Node;
  const named = Object.entries($defs as Readonly<Record<string, Node>>);
  return [
    '// Made by the build from the schema of suites; `assay schema` prints that.',
    ...named.map(
      ([name, node]) => `${doc(node, '')}export type ${typeName(name)} = ${type(node)};`,
    ),
    `/** ${String(title)}. */\nexport interface Suite ${type(suite)}`,
    "/** One claim of a suite. */\nexport type Claim = Suite['claims'][number];",
    [
      '/** A suite in TypeScript: the default export of a file `NAME.suite.ts` in the folder of suites. */',
      'export declare function defineSuite(suite: Suite): Suite;',
    ].join('\n'),
    '',
  ].join('\n\n');
}

function type(node: Node, indent = ''): string {
  if ('$ref' in node) return typeName(String(node['$ref']).replace('#/$defs/', ''));
  if ('const' in node) return JSON.stringify(node['const']);
  const branches = branchesOf(node);
  if (branches !== undefined) return union(branches.map((branch) => type(branch, indent)));
  switch (node['type']) {
    case 'string':
      known(node, ['type', 'pattern', 'format']);
      return node['pattern'] === HOLE ? '`${string}\\${${string}}${string}`' : 'string';
    case 'number':
    case 'integer':
      known(node, ['type']);
      return 'number';
    case 'boolean':
    case 'null':
      known(node, ['type']);
      return node['type'];
    case 'array':
      known(node, ['type', 'items']);
      return `readonly ${item((node['items'] ?? {}) as Node, indent)}[]`;
    case 'object':
      return objectType(node, indent);
    case undefined:
      known(node, []);
      return 'unknown';
    default:
      throw new Error(`no type of TypeScript for ${JSON.stringify(node)}`);
  }
}

/** The forms of which a value has one; a form that has forms itself is spread, so that none is said twice. */
function branchesOf(node: Node): readonly Node[] | undefined {
  const { anyOf, oneOf, type: types } = node;
  const branches = (anyOf ?? oneOf) as readonly Node[] | undefined;
  if (branches !== undefined) return branches.flatMap((branch) => branchesOf(branch) ?? [branch]);
  if (Array.isArray(node['enum'])) return node['enum'].map((word: unknown) => ({ const: word }));
  return Array.isArray(types) ? types.map((one: string) => ({ ...node, type: one })) : undefined;
}

function item(node: Node, indent: string): string {
  const text = type(node, indent);
  return branchesOf(node) === undefined ? text : `(${text})`;
}

function objectType(node: Node, indent: string): string {
  known(node, [
    'type',
    'properties',
    'required',
    'additionalProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
  ]);
  const { properties, additionalProperties: others } = node;
  if (properties === undefined) return recordType(node, others as Node | undefined, indent);
  if (others !== false) throw new Error(`further keys in ${JSON.stringify(node)}`);
  const members = Object.entries(properties as Readonly<Record<string, Node>>);
  if (node['minProperties'] === 1 && node['maxProperties'] === 1)
    return union(members.map((member) => block([member], [member[0]], indent)));
  return block(members, (node['required'] ?? []) as readonly string[], indent);
}

function recordType(node: Node, values: Node | undefined, indent: string): string {
  const names = (node['propertyNames'] ?? {}) as Node;
  const value = type(values ?? {}, indent);
  if ('enum' in names) return `{ readonly [Name in ${type(names)}]?: ${value} }`;
  return `{ readonly [name: string]: ${value} }`;
}

function block(
  members: readonly (readonly [string, Node])[],
  required: readonly string[],
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = members.map(([name, node]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const sign = required.includes(name) ? '' : '?';
    return `${doc(node, inner)}${inner}readonly ${key}${sign}: ${type(node, inner)};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function doc({ description }: Node, indent: string): string {
  if (typeof description !== 'string') return '';
  return `${indent}/** ${description.replaceAll('*/', '*\\/')} */\n`;
}

function typeName(name: string): string {
  const ofItsOwn = name.replace(/^__schema/, 'value'); // zod's name for what has none
  return ofItsOwn.charAt(0).toUpperCase() + ofItsOwn.slice(1);
}

function known(node: Node, keys: readonly string[]): void {
  const unknown = Object.keys(node).filter((key) => !keys.includes(key) && !UNTYPED.includes(key));
  if (unknown.length > 0)
    throw new Error(`no type of TypeScript for ${unknown.join(', ')} in ${JSON.stringify(node)}`);
}
