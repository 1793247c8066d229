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
  error,
  type Written,
  verdict,
  none,
} from './exchange.fixture.ts';
import { CAUSES } from './cause.ts';
import { judge } from './judge.ts';

describe('inconclusive for every claim', () => {
  const EVERY: readonly Written[] = [
    { status: '2xx' },
    { status: ['4xx', '5xx'] },
    { rejected: 'any' },
    { rejected: { message: 'm' } },
    { rejected: { code: 'c', type: 't' } },
    { image: 'any' },
    { image: 'none' },
    { text: 'none' },
    { json: { at: '$.error.message', equals: 'm' } },
    { latency: { atMost: '1h' } },
  ];

  test.each([
    [401, 'unauthorized'],
    [402, 'unpaid'],
    [403, 'forbidden'],
    [408, 'unavailable'],
    [429, 'throttled'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [524, 'unavailable'],
    [529, 'throttled'],
  ])('%i is %s, whatever a claim expects that does not name it', (status, cause) => {
    for (const body of [error('c'), '', '<html></html>', gemini([])]) {
      for (const one of EVERY) {
        expect(verdict(answered(status, body), [one]), JSON.stringify(one)).toMatchObject({
          kind: 'inconclusive',
          cause,
        });
      }
      expect(verdict(answered(status, body), [{ status: 418 }])).toMatchObject({ cause });
    }
  });

  test('its detail says what the gateway said, without the request id', () => {
    const said = verdict(answered(401, error('', 'Invalid token (request id: 2026)')), EVERY);
    expect(said).toMatchObject({ detail: '401 Invalid token' });
  });

  test.each([401, 402, 403, 408, 429, 502, 503, 504, 524, 529])(
    '%i is an answer for the claim that names it',
    (status) => {
      const answer = answered(status, error('c'));
      expect(verdict(answer, [{ status }])).toEqual({ kind: 'pass' });
      expect(verdict(answer, [{ status: [200, status] }])).toEqual({ kind: 'pass' });
      expect(verdict(answer, [{ rejected: { status, message: 'm' } }])).toEqual({ kind: 'pass' });
      expect(verdict(answer, [{ rejected: { status, message: 'other' } }])).toMatchObject({
        kind: 'fail',
      });
    },
  );

  test('a precondition names a status as well as an expectation does', () => {
    const aCase = caseOf([{ rejected: { message: 'm' } }], [expectation('status', 503)]);
    const { verdict: judged } = judge(aCase, exchangeOf(answered(503, error('c'))), none);
    expect(judged).toEqual({ kind: 'pass' });
  });

  test.each(['insufficient_user_quota', 'pre_consume_token_quota_failed'])(
    '403 with %s is out of credit, not forbidden',
    (code) => {
      expect(verdict(answered(403, error(code)), [{ rejected: 'any' }])).toMatchObject({
        kind: 'inconclusive',
        cause: 'unpaid',
      });
    },
  );

  test.each(CAUSES.slice(0, 5))(
    'an attempt without an answer is %s, whatever is expected',
    (cause) => {
      for (const one of [...EVERY, { status: 503 }]) {
        expect(verdict({ kind: 'unanswered', cause, detail: 'why' }, [one])).toEqual({
          kind: 'inconclusive',
          cause,
          detail: 'why',
        });
      }
    },
  );

  test('an answer cut for the ledger is not judged again', () => {
    expect(verdict(answered(200, gemini([]), { cut: true }), [{ status: 200 }])).toMatchObject({
      cause: 'cut',
    });
  });

  test('only the last attempt counts', () => {
    const attempts = [answered(503, ''), answered(200, {})];
    const last = judge(caseOf([{ status: 200 }]), exchangeOf(attempts), none);
    expect(last.verdict).toEqual({ kind: 'pass' });
    const first = judge(caseOf([{ status: 200 }]), exchangeOf(attempts.toReversed()), none);
    expect(first.verdict).toMatchObject({ cause: 'unavailable' });
  });
});

describe('HTML where JSON was expected', () => {
  const page = '<!DOCTYPE html><html><body>at most 14 reference images</body></html>';
  const typed = { headers: { 'content-type': 'text/html; charset=utf-8' } };

  test.each([200, 400, 404, 500])('with %i is inconclusive', (status) => {
    for (const answer of [
      answered(status, page),
      answered(status, ` \n${page.toLowerCase()}`),
      answered(status, 'Bad gateway', typed),
      answered(status, '', typed),
    ]) {
      for (const one of [
        { status },
        { image: 'any' },
        { text: 'any' },
        { rejected: { message: 'at most 14' } },
        { rejected: 'any' },
      ]) {
        expect(verdict(answer, [one])).toMatchObject({ kind: 'inconclusive', cause: 'html' });
      }
    }
  });

  test('is an answer for a claim about that very type', () => {
    const about = { header: { name: 'content-type', matches: '^text/html' } };
    expect(verdict(answered(200, page, typed), [about])).toEqual({ kind: 'pass' });
  });

  test('is not what JSON is that bears the wrong type', () => {
    expect(verdict(answered(200, {}, typed), [{ status: 200 }])).toEqual({ kind: 'pass' });
  });
});

describe('a safety block', () => {
  const finished = (finishReason: string, parts: readonly Json[] = []): Json => ({
    candidates: [{ content: { parts }, finishReason }],
  });
  const at = '$.candidates[0].finishReason';

  test.each([
    'SAFETY',
    'RECITATION',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'IMAGE_SAFETY',
    'IMAGE_PROHIBITED_CONTENT',
    'IMAGE_RECITATION',
    'IMAGE_OTHER',
    'NO_IMAGE',
  ])('%s without an image is inconclusive, unless the claim names it', (reason) => {
    const answer = answered(200, finished(reason, [{ text: 'I cannot.' }]));
    for (const one of [{ image: 'any' }, { status: 200 }, { image: 'none' }, { text: 'any' }]) {
      expect(verdict(answer, [one])).toEqual({
        kind: 'inconclusive',
        cause: 'blocked',
        detail: reason,
      });
    }
    expect(verdict(answer, [{ json: { at, equals: reason } }])).toEqual({ kind: 'pass' });
    expect(verdict(answer, [{ json: { at, equals: 'STOP' } }])).toMatchObject({ cause: 'blocked' });
  });

  test('with an image all the same is judged', () => {
    const one = payload();
    const answer = answered(200, finished('IMAGE_OTHER', [inline(one)]), { payloads: [one] });
    expect(verdict(answer, [{ image: 'any' }])).toEqual({ kind: 'pass' });
    expect(verdict(answer, [{ image: { format: 'jpeg' } }])).toMatchObject({ kind: 'fail' });
  });

  test.each(['STOP', 'MAX_TOKENS', 'OTHER', 'LANGUAGE', ''])('is not what %j is', (reason) => {
    expect(verdict(answered(200, finished(reason)), [{ image: 'any' }])).toMatchObject({
      kind: 'fail',
    });
  });

  test.each(['SAFETY', 'OTHER', 'JAILBREAK'])('of the prompt, %s, is inconclusive', (reason) => {
    const answer = answered(200, { promptFeedback: { blockReason: reason, safetyRatings: [] } });
    expect(verdict(answer, [{ image: 'any' }])).toMatchObject({ cause: 'blocked', detail: reason });
    const named = { json: { at: '$.promptFeedback.blockReason', equals: reason } };
    expect(verdict(answer, [named])).toEqual({ kind: 'pass' });
  });

  test.each(['content_policy_violation', 'moderation_blocked', 'prompt_blocked'])(
    'told as an error, %s, is inconclusive unless it is the stated reason',
    (code) => {
      const answer = answered(400, error(code));
      expect(verdict(answer, [{ rejected: 'any' }])).toMatchObject({ cause: 'blocked' });
      expect(verdict(answer, [{ rejected: { message: 'm' } }])).toMatchObject({ cause: 'blocked' });
      expect(verdict(answer, [{ rejected: { code } }])).toEqual({ kind: 'pass' });
    },
  );

  test('in a chat answer is inconclusive', () => {
    const filtered = { choices: [{ finish_reason: 'content_filter', message: { content: '' } }] };
    expect(verdict(answered(200, filtered), [{ image: 'any' }])).toMatchObject({
      cause: 'blocked',
    });
  });
});

describe('what the gateway says of models that it does not serve', () => {
  test.each([
    [503, 'model_not_found'],
    [500, 'get_channel_failed'],
    [503, 'get_channel_failed'],
    [500, 'convert_request_failed'],
    [400, 'model_price_error'],
    [429, 'model_not_found'],
  ])('with %i %s is an answer', (status, code) => {
    const answer = answered(status, error(code, 'Model x is temporarily unavailable'));
    expect(verdict(answer, [{ status: 200 }])).toMatchObject({ kind: 'fail' });
    expect(verdict(answer, [{ image: 'any' }])).toMatchObject({
      kind: 'fail',
      findings: [
        { expectation: 'status', actual: `${status} "Model x is temporarily unavailable"` },
      ],
    });
    expect(verdict(answer, [{ rejected: { code } }])).toEqual({ kind: 'pass' });
    expect(verdict(answer, [{ rejected: { message: 'temporarily unavailable' } }])).toEqual({
      kind: 'pass',
    });
  });

  test('is none where only the message says so', () => {
    const answer = answered(503, error('', 'model_not_found'));
    expect(verdict(answer, [{ image: 'any' }])).toMatchObject({ cause: 'unavailable' });
  });
});
