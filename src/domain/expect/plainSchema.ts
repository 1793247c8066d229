import type { Json } from '../claim.ts';

type Test = (value: Json) => boolean;

const TYPES: readonly Json[] = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
];

const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => typeof value === 'number';
const isCount: Test = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isSchema: Test = (value) => typeof value === 'boolean' || isPlainSchema(value);
const isNames: Test = (value) =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isSchemas: Test = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isSchema);
const isNamedSchemas: Test = (value) => isMapping(value) && Object.values(value).every(isSchema);

/** What the most common keywords may be (JSON Schema 2020-12, its meta-schema). */
const KEYWORDS: ReadonlyMap<string, Test> = new Map([
  ['$schema', (value) => value === 'https://json-schema.org/draft/2020-12/schema'],
  ['title', isText],
  ['description', isText],
  ['type', (value) => TYPES.includes(value)],
  ['enum', (value) => Array.isArray(value)],
  ['const', () => true],
  ['required', isNames],
  ['properties', isNamedSchemas],
  ['additionalProperties', isSchema],
  ['items', isSchema],
  ['anyOf', isSchemas],
  ['allOf', isSchemas],
  ['oneOf', isSchemas],
  ['pattern', isPattern],
  ['minimum', isNumber],
  ['maximum', isNumber],
  ['minLength', isCount],
  ['maxLength', isCount],
  ['minItems', isCount],
  ['maxItems', isCount],
]);

/**
 * Whether a JSON Schema keeps to its meta-schema in the most common keywords alone. To compile the meta-schema takes
 * longer than all the rest of a small run; of whatever is not plain, it still has to judge.
 */
export function isPlainSchema(schema: Json): boolean {
  return (
    isMapping(schema) &&
    Object.entries(schema).every(([keyword, value]) => KEYWORDS.get(keyword)?.(value) === true)
  );
}

function isMapping(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As the format `regex` has it. */
function isPattern(value: Json): boolean {
  if (typeof value !== 'string' || value.includes(String.raw`\Z`)) return false;
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
