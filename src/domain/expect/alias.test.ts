import { describe, expect, test } from 'vitest';
import { measured, paidExchange, row } from '../charge.fixture.ts';
import type { Json } from '../claim.ts';
import { answered, caseOf, judgedBy, none, problemOf } from '../exchange.fixture.ts';
import { judge } from '../judge.ts';
import type { Usage } from '../usage.ts';

const judged = (body: Json) =>
  judgedBy('alias', 'gemini-3.1-flash-image-preview', answered(200, body));

test.each(['gemini-3.1-flash-image-preview', 'models/gemini-3.1-flash-image-preview'])(
  'an answer by %s shows the alias',
  (modelVersion) => {
    expect(judged({ modelVersion })).toEqual([]);
  },
);

test('an answer by another model is a miss', () => {
  expect(judged({ modelVersion: 'nano-banana-2' })).toEqual([
    { expected: '"gemini-3.1-flash-image-preview"', actual: '"nano-banana-2"' },
  ]);
});

test.each<Json>([{}, { modelVersion: '' }, { modelVersion: 3 }, [], 'no JSON'])(
  'an answer %j that names no model is unseen, not missed',
  (body) => {
    expect(judged(body)).toMatchObject({ cause: 'unseen' });
  },
);

test('an alias for nothing is a problem', () => {
  expect(problemOf('alias', '')).toContain('keys');
});

describe('by the log of the key', () => {
  const canonical = 'gemini-3.1-flash-image-preview';
  const said = (usage: Usage, modelVersion?: string) => {
    const body = modelVersion === undefined ? {} : { modelVersion };
    const headers = { 'x-oneapi-request-id': 'r1' };
    const outcome = answered(200, body, { headers });
    const exchange = { ...paidExchange(outcome), usage };
    return judge(caseOf([{ alias: canonical }]), exchange, none);
  };
  const logged = (upstreamModel: string, requestId = 'r1') =>
    measured({ rows: [row({ upstreamModel, requestId })] });

  test('the model behind an alias is seen in its own row', () => {
    expect(said(logged(canonical))).toMatchObject({ verdict: { kind: 'pass' }, alias: canonical });
    expect(said(logged('other'))).toMatchObject({ verdict: { kind: 'fail' }, alias: 'other' });
  });

  test('rows that were read without a measurement count as well', () => {
    const rows = [row({ upstreamModel: canonical })];
    const usage: Usage = {
      kind: 'unmeasured',
      source: 'token',
      cause: 'unmeasured',
      detail: '',
      rows,
    };
    expect(said(usage).verdict).toEqual({ kind: 'pass' });
  });

  test('an answer that names another model than the log is a miss, though one of them is right', () => {
    expect(said(logged(canonical), canonical).verdict).toEqual({ kind: 'pass' });
    expect(said(logged('other'), canonical)).toMatchObject({
      verdict: { findings: [{ actual: `"${canonical}" in the answer, "other" in the log` }] },
      alias: `${canonical}, other`,
    });
  });

  test('a row of another request shows nothing', () => {
    expect(said(logged(canonical, 'r9')).verdict).toMatchObject({ cause: 'unseen' });
  });
});
