import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { suiteJsonSchema } from './jsonSchema.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const valid = new Ajv2020({ strict: false }).compile(suiteJsonSchema());

/** A suite with one claim, on the ratio of an image. */
function suite(ratio: unknown): object {
  return { suite: 's', claims: [{ id: 'c', says: 'x', expect: [{ image: { ratio } }] }] };
}

describe('the schema for editors', () => {
  test('is the one in suites/ (`assay schema` prints it)', () => {
    expect(JSON.parse(read('suites/suite.schema.json'))).toEqual(suiteJsonSchema());
  });

  test.each(['worked-example/suite', 'steps/video'])('takes %s, names unfilled', (name) => {
    expect(valid(parse(read(`fixtures/${name}.yaml`)))).toBe(true);
  });

  test('refuses unknown keys and unknown expectations', () => {
    for (const name of ['unknown-words', 'later', 'days-and-durations', 'steps']) {
      expect(valid(parse(read(`fixtures/problems/${name}/suite.yaml`))), name).toBe(false);
    }
  });

  test('takes a name, a null or a literal where a value will be filled in', () => {
    for (const image of ['16:9', '${ratio}', null, { $literal: '1:1' }])
      expect(valid(suite(image))).toBe(true);
    expect(valid(suite('wide'))).toBe(false);
  });

  test('takes a null or a name where a mapping or a list stands in a request', () => {
    const claim = { id: 'a', says: 'x', expect: [{ status: 200 }] };
    for (const form of [null, '${form}', { image: [{ $image: { as: 'file' } }] }]) {
      const claims = [{ ...claim, request: { form, headers: null } }];
      expect(valid({ suite: 's', claims })).toBe(true);
    }
    expect(valid({ suite: 's', claims: [{ ...claim, request: { form: 'text' } }] })).toBe(false);
  });

  test('says what every key of a claim and of a step means', () => {
    const { properties } = suiteJsonSchema() as {
      properties: { claims: { items: { properties: Record<string, object> } } };
    };
    const claim = properties.claims.items.properties;
    const { items: step } = claim['steps'] as { items: { properties: Record<string, object> } };
    const silent = Object.entries({ ...claim, ...step.properties })
      .filter(([, node]) => !('description' in node))
      .map(([name]) => name);
    expect(silent).toEqual([]);
  });
});
