import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { isPlainSchema } from './plainSchema.ts';

const ajv = formats.default(new Ajv2020());

const KEYWORDS = [
  '$schema',
  'title',
  'description',
  'type',
  'enum',
  'const',
  'required',
  'properties',
  'additionalProperties',
  'items',
  'anyOf',
  'allOf',
  'oneOf',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  '$ref',
  'format',
];

const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>('string', 'object', '^a+$', '[', '', 0, 1, -1, 1.5, true, null, 'int'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYWORDS), fc.constant('a')), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;

test('what is plain, the meta-schema lets through', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...KEYWORDS), value, { maxKeys: 3 }), (schema) => {
      if (!isPlainSchema(schema)) return;
      plain += 1;
      expect(ajv.validateSchema(schema)).toBe(true);
    }),
    { numRuns: 5000 },
  );
  expect(plain).toBeGreaterThan(100);
});

test.each<[string, Json]>([
  ['an unknown type', { type: 'strin' }],
  ['an unknown keyword', { tpye: 'string' }],
  ['a keyword of an object by inheritance', { toString: 'x' }],
  ['a name required twice', { required: ['a', 'a'] }],
  ['names that are no list', { required: 'a' }],
  ['a negative length', { minLength: -1 }],
  ['half an item', { maxItems: 1.5 }],
  ['a pattern that does not compile', { pattern: '[' }],
  ['an empty choice', { anyOf: [] }],
  ['a wrong schema inside', { properties: { a: { items: { type: 'strin' } } } }],
  ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }],
  ['a reference', { $ref: '#/$defs/a' }],
  ['a list', []],
  ['nothing', null],
])('%s is not plain', (_, schema) => {
  expect(isPlainSchema(schema)).toBe(false);
});

test('a shape as suites have it is plain', () => {
  const schema: Json = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'An answer',
    type: 'object',
    required: ['data'],
    properties: {
      data: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          additionalProperties: false,
          properties: { url: { type: 'string', pattern: '^https?://' }, n: { minimum: 1.5 } },
        },
      },
      state: { enum: ['a', 1], const: null },
      any: true,
    },
  };

  expect(isPlainSchema(schema)).toBe(true);
  expect(ajv.validateSchema(schema)).toBe(true);
});
