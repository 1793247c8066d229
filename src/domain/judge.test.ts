import { describe, expect, test } from 'vitest';
import type { Json } from './claim.ts';
import {
  answered,
  caseOf,
  exchangeOf,
  expectation,
  gemini,
  inline,
  payload,
  token,
  error,
  type Written,
  verdict,
  none,
} from './exchange.fixture.ts';
import type { Outcome } from './exchange.ts';
import { judge, unmetControl } from './judge.ts';

describe('a rejection', () => {
  const refusal: Written = { rejected: { message: 'at most 14 reference images' } };
  const body = error('c', 'at most 14 reference images are currently supported');

  test.each([400, 413, 422, 500])('for the stated reason passes with %i', (status) => {
    expect(verdict(answered(status, body), [refusal])).toEqual({ kind: 'pass' });
  });

  test.each([401, 402, 403, 429, 503])('is undecided with %i', (status) => {
    expect(verdict(answered(status, body), [refusal])).toMatchObject({ kind: 'inconclusive' });
    expect(verdict(answered(status, body), [{ rejected: 'any' }])).toMatchObject({
      kind: 'inconclusive',
    });
  });

  test.each<[string, number, Json]>([
    ['another reason', 400, error('c', 'prompt is required')],
    ['success', 200, { data: [{ url: 'https://a/b.png' }] }],
    ['success with the very error', 200, body],
    ['a text that is no error object', 400, 'at most 14 reference images'],
  ])('fails on %s', (_, status, given) => {
    expect(verdict(answered(status, given), [refusal])).toMatchObject({
      kind: 'fail',
      findings: [{ at: { file: 'suites/s.yaml', line: 7, column: 9 } }],
    });
  });
});

describe('given', () => {
  const need = { claim: 's/control', cases: [''] };
  const control = { kind: 'claim', need, place: { file: 's', line: 1, column: 1 } } as const;
  const with1k = caseOf([{ rejected: 'any' }], [control]);
  const refused = exchangeOf(answered(400, error('c')));

  test('a control that passed lets the case be judged', () => {
    expect(judge(with1k, refused, () => 'pass').verdict).toEqual({ kind: 'pass' });
    expect(unmetControl(with1k, () => 'pass')).toBeUndefined();
  });

  test.each(['fail', 'inconclusive', undefined] as const)(
    'a control that is %s leaves it undecided, before sending as after',
    (kind) => {
      const undecided = {
        kind: 'inconclusive',
        cause: 'given',
        detail: 's/control did not pass in this run',
      };
      expect(judge(with1k, refused, () => kind).verdict).toEqual(undecided);
      expect(unmetControl(with1k, () => kind)).toEqual(undecided);
    },
  );

  test('a control is asked for by the cases that it names', () => {
    const asked: unknown[] = [];
    judge(with1k, refused, (one) => {
      asked.push(one);
      return 'pass';
    });
    expect(asked).toEqual([need]);
  });

  const given = (kind: string, value: Json, expected: readonly Written[], outcome: Outcome) =>
    judge(caseOf(expected, [expectation(kind, value)]), exchangeOf(outcome), none).verdict;

  test('a precondition that is met lets the case be judged', () => {
    const answer = answered(200, gemini([{ text: 'a' }]));
    expect(given('text', 'any', [{ text: { contains: 'a' } }], answer)).toEqual({ kind: 'pass' });
    expect(given('text', 'any', [{ text: { contains: 'b' } }], answer)).toMatchObject({
      kind: 'fail',
    });
  });

  test('a precondition that is not met is never a fail', () => {
    const answer = answered(500, error('c'));
    expect(given('image', 'any', [{ text: { contains: 'b' } }], answer)).toMatchObject({
      kind: 'inconclusive',
      cause: 'given',
      detail: 'expected an image, got no image in any shape',
    });
  });

  test('a precondition that cannot be told lends its cause', () => {
    const answer = answered(200, { data: [{ url: 'https://a/b' }] });
    expect(given('image', 'any', [{ status: 200 }], answer)).toMatchObject({ cause: 'unfetched' });
  });
});

describe('the implied status', () => {
  test.each([200, 201, 299])('takes in %i', (status) => {
    expect(verdict(answered(status, { a: 1 }), [{ json: { at: '$.a', equals: 1 } }])).toEqual({
      kind: 'pass',
    });
  });

  test.each([302, 400, 404, 418, 500])('misses %i at the line of the claim', (status) => {
    expect(verdict(answered(status, { a: 1 }), [{ json: { at: '$.a', equals: 1 } }])).toEqual({
      kind: 'fail',
      findings: [
        {
          expectation: 'status',
          at: { file: 'suites/s.yaml', line: 7, column: 9 },
          expected: '2xx',
          actual: String(status),
        },
      ],
    });
  });

  test.each<Written>([{ status: 400 }, { rejected: 'any' }])('gives way to %j', (one) => {
    const written = [one, { json: { at: '$.error.code', equals: 'c' } }];
    expect(verdict(answered(400, error('c')), written)).toEqual({ kind: 'pass' });
  });

  test('gives way to a precondition about the status', () => {
    const aCase = caseOf([{ json: { at: '$.a', equals: 1 } }], [expectation('status', 400)]);
    const judged = judge(aCase, exchangeOf(answered(400, { a: 1 })), none);
    expect(judged.verdict).toEqual({ kind: 'pass' });
  });
});

describe('several expectations', () => {
  const answer = answered(200, { a: 1, data: [{ url: 'https://a/b' }] });
  const untold: Written = { image: 'any' };
  const miss: Written = { json: { at: '$.a', equals: 2 } };
  const hit: Written = { json: { at: '$.a', equals: 1 } };

  test('a miss beats what cannot be told, and that beats what holds', () => {
    expect(verdict(answer, [untold, miss])).toMatchObject({ kind: 'fail' });
    expect(verdict(answer, [miss, untold])).toMatchObject({ kind: 'fail' });
    expect(verdict(answer, [hit, untold, hit])).toMatchObject({ cause: 'unfetched' });
    expect(verdict(answer, [hit])).toEqual({ kind: 'pass' });
  });

  test('every miss is a finding, named by its kind and by what was missed', () => {
    const one = payload();
    const both = answered(200, gemini([inline(one)]), { payloads: [one] });
    expect(
      verdict(
        both,
        [
          { image: { format: 'jpeg', size: '4K' } },
          { header: { name: 'X-A', exists: true } },
          { json: { at: '$.a', exists: true } },
          { schema: 'x' },
          { text: 'any' },
        ].slice(0, 3),
      ),
    ).toMatchObject({
      findings: [
        { expectation: 'image.format', expected: 'image/jpeg', actual: 'image/png' },
        { expectation: 'image.format' },
        { expectation: 'image.size', actual: '1024x1024' },
        { expectation: 'header x-a' },
        { expectation: 'json $.a' },
      ],
    });
  });

  test('an expectation of an unknown kind is our own mistake', () => {
    expect(() => verdict(answer, [{ statu: 200 }])).toThrow('unknown expectation statu');
  });
});

describe('what is observed', () => {
  test('is kept of an answer, with the first image', () => {
    const [first, second] = [payload({ width: 640, height: 480 }), payload({ digit: 'b' })];
    const body = gemini([inline(second), inline(first)], { modelVersion: 'models/g' });
    const answer = answered(200, body, { payloads: [first, second] });
    const { observed, alias } = judge(caseOf([]), exchangeOf(answer, { ms: 12.6 }), none);
    expect(observed).toEqual({
      status: 200,
      'image.count': 2,
      'image.at': 'inline-data',
      'image.format': 'image/png',
      'image.size': '1024x1024',
      alias: 'g',
      ms: 13,
    });
    expect(alias).toBe('g');
  });

  test('is little of an answer without images, and nothing of none', () => {
    const { observed } = judge(caseOf([]), exchangeOf(answered(404, '')), none);
    expect(observed).toEqual({ status: 404, 'image.count': 0, ms: 12 });
    const lost = exchangeOf({ kind: 'unanswered', cause: 'timeout', detail: '' });
    expect(judge(caseOf([]), lost, none).observed).toEqual({});
  });
});

test('a stored exchange judges the same as a fresh one', () => {
  const one = payload();
  const text = `![image](data:image/png;base64,${token(one)})`;
  const fresh = exchangeOf(answered(200, gemini([{ text }]), { payloads: [one] }));
  const stored = JSON.parse(JSON.stringify(fresh)) as typeof fresh;
  const aCase = caseOf([
    { image: { at: 'data-uri', format: 'png' } },
    { text: { contains: '![image](data:image/png;base64,' } },
  ]);
  expect(judge(aCase, fresh, none).verdict).toEqual({ kind: 'pass' });
  expect(judge(aCase, stored, none)).toEqual(judge(aCase, fresh, none));
});
