import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Case, Step } from './claim.ts';
import { canonical, digest } from './digest.ts';
import { caseOf, expectation } from './exchange.fixture.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const base: Case = caseOf([{ status: 200 }], [expectation('image', 'any')]);
const of = (aCase: Case): string => digest(aCase, sha256);

test('a digest is 32 hexadecimal digits', () => {
  expect(of(base)).toMatch(/^[0-9a-f]{32}$/);
});

const place = { file: 'suites/other.yaml', line: 99, column: 1 };
const trials = { of: 40, atLeast: 0.9, confidence: 0.9, place };
const need = { claim: 's/control', cases: ['a=1'] };

test.each<[string, Case]>([
  ['its claim is renamed', { ...base, claim: 's/other' }],
  ['its case is renamed', { ...base, name: 'a=2' }],
  ['a line moves', { ...base, expect: base.expect.map((one) => ({ ...one, place })) }],
  ['a precondition moves', { ...base, given: [{ ...expectation('image', 'any'), place }] }],
  [
    'members of the request change places',
    { ...base, request: Object.fromEntries(Object.entries(base.request).toReversed()) as never },
  ],
])('evidence still counts when %s', (_, edited) => {
  expect(of(edited)).toBe(of(base));
});

test.each<[string, Case]>([
  ['the path', { ...base, request: { ...base.request, path: '/v2' } }],
  ['the body', { ...base, request: { ...base.request, json: { n: 1 } } }],
  ['a header', { ...base, request: { ...base.request, headers: { a: 'b' } } }],
  ['the query', { ...base, request: { ...base.request, query: { a: 'b' } } }],
  ['how the key is shown', { ...base, request: { ...base.request, auth: 'none' } }],
  ['an expectation', { ...base, expect: [expectation('status', 201)] }],
  ['one expectation more', { ...base, expect: [...base.expect, expectation('text', 'any')] }],
  ['the shape of a schema', { ...base, expect: [expectation('status', 200, { type: 'array' })] }],
  ['a precondition', { ...base, given: [expectation('image', 'none')] }],
  ['a control', { ...base, given: [...base.given, { kind: 'claim', need, place }] }],
  ['that a precondition is expected', { ...base, given: [], expect: [...base.expect] }],
  ['whether it is repeated', { ...base, trials }],
])('evidence no longer counts when %s changes', (_, edited) => {
  expect(of(edited)).not.toBe(of(base));
});

test('of trials all counts but where they were written', () => {
  const own = of({ ...base, trials });
  expect(of({ ...base, trials: { ...trials, place: { ...place, line: 1 } } })).toBe(own);
  for (const other of [{ of: 41 }, { atLeast: 0.8 }, { confidence: 0.95 }])
    expect(of({ ...base, trials: { ...trials, ...other } })).not.toBe(own);
});

describe('the digest of a case with steps', () => {
  test('covers its trials', () => {
    expect(of({ ...stepped, trials })).not.toBe(of(stepped));
  });

  const { request } = base;
  const step: Step = {
    request,
    expect: [expectation('status', 200)],
    captures: [{ name: 'id', from: '$.id', place }],
    polling: { until: [expectation('json', { at: '$.s', equals: 1 })], everyMs: 1, withinMs: 2 },
    place,
  };
  const stepped: Case = { ...base, given: [], expect: [], steps: [step, step] };
  const edited = (over: Partial<Step>): string =>
    of({ ...stepped, steps: [step, { ...step, ...over }] });

  test('is another than that of its first request alone', () => {
    expect(of(stepped)).not.toBe(of({ ...base, given: [], expect: step.expect }));
  });

  test('does not mind where anything stands', () => {
    const elsewhere = { ...place, line: 7 };
    const moved = {
      place: elsewhere,
      expect: [{ ...expectation('status', 200), place: elsewhere }],
      captures: [{ name: 'id', from: '$.id', place: elsewhere }],
    };
    expect(edited(moved)).toBe(of(stepped));
  });

  test.each<[string, Partial<Step>]>([
    ['the request', { request: { ...request, path: '/v3' } }],
    ['an expectation', { expect: [expectation('status', 201)] }],
    ['a captured name', { captures: [{ name: 'task', from: '$.id', place }] }],
    ['a captured path', { captures: [{ name: 'id', from: '$.task', place }] }],
    ['what is waited for', { polling: { ...step.polling!, until: [expectation('status', 200)] } }],
    ['how long it is waited for', { polling: { ...step.polling!, withinMs: 3 } }],
  ])('minds %s of any of them', (_, over) => {
    expect(edited(over)).not.toBe(of(stepped));
  });

  test('minds their order and number, and the control', () => {
    const other = { ...step, request: { ...request, path: '/v3' } };
    const digests = [[step, other], [other, step], [step]].map((steps) =>
      of({ ...stepped, steps }),
    );
    const controlled = of({ ...stepped, given: [{ kind: 'claim', need, place }] });
    expect(new Set([...digests, of(stepped), controlled]).size).toBe(5);
  });
});

test('a control is part of it by the cases that it names', () => {
  const under = (cases: readonly string[]): string =>
    of({ ...base, given: [{ kind: 'claim', need: { ...need, cases }, place }] });
  expect(under(['a=1'])).toBe(under(['a=1']));
  expect(under(['a=1'])).not.toBe(under(['a=2']));
});

test('a canonical text says the same value, whatever the order of its members', () => {
  expect(canonical({ b: 1, a: [1.0, 'é'] })).toBe('{"a":[1,"é"],"b":1}');
  expect(canonical(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonical(reversed)).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
