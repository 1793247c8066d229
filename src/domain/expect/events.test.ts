import { describe, expect, test } from 'vitest';
import type { Json } from '../claim.ts';
import { answered, judgedBy, problemOf, verdict } from '../exchange.fixture.ts';

/** A stream of these events, each a value of JSON or a text as it stands. */
const stream = (...events: readonly Json[]) =>
  raw(
    events
      .map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`)
      .join(''),
  );
const raw = (text: string) =>
  answered(200, text, { headers: { 'content-type': 'text/event-stream' } });

const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const DONE = { ends: '[DONE]' };

describe('a stream as it should be', () => {
  test.each<[Json, ReturnType<typeof raw>]>([
    ['any', stream({ a: 1 })],
    [DONE, stream(chunk('a'), chunk('b'), '[DONE]')],
    [{ atLeast: 2 }, stream({ a: 1 }, { a: 2 })],
    [{ ends: { event: 'stop' } }, raw('data: {}\n\nevent: stop\ndata: bye\n\n')],
    [{ ends: { json: { at: '$.last', equals: true } } }, stream({ a: 1 }, { last: true })],
    [{ each: [{ json: { at: '$.a', atLeast: 1 } }] }, stream({ a: 1 }, { a: 2 })],
    [
      { ...DONE, each: [{ json: { at: '$.choices', type: 'array' } }] },
      stream(chunk('a'), '[DONE]'),
    ],
    ['any', raw(': PING\n\ndata: {}\n\n: PING\n\n')],
  ])('%j holds', (written, answer) => {
    expect(judgedBy('events', written, answer)).toEqual([]);
  });

  test('may be held against a shape in each event', () => {
    const shape = { 'a.json': { type: 'object', required: ['a'] } };
    const written = { each: [{ schema: 'a.json' }] };
    expect(judgedBy('events', written, stream({ a: 1 }), shape)).toEqual([]);
    expect(judgedBy('events', written, stream({ a: 1 }, { b: 1 }), shape)).toEqual([
      {
        what: 'each /',
        expected: "must have required property 'a'",
        actual: '{"missingProperty":"a"} (event 2 of 2)',
      },
    ]);
  });
});

describe('each way to break a stream has a finding of its own', () => {
  test.each<[string, Json, ReturnType<typeof raw>, object]>([
    [
      'an event that cannot be parsed',
      DONE,
      stream(chunk('a'), '{"choices":[{"delta"', 'oops', '[DONE]'),
      {
        what: 'data',
        expected: 'JSON in each event',
        actual: 'event 2 of 4: JSON that breaks off: "{\\"choices\\":[{\\"delta\\"", and 1 more',
      },
    ],
    [
      'a terminator that was not named',
      'any',
      stream(chunk('a'), '[DONE]'),
      { what: 'data', expected: 'JSON in each event', actual: 'event 2 of 2: no JSON: "[DONE]"' },
    ],
    [
      'an event that is an error',
      DONE,
      stream(
        chunk('a'),
        { error: { message: 'upstream broke', code: 'do_request_failed' } },
        '[DONE]',
      ),
      {
        what: 'error',
        expected: 'no event that is an error',
        actual: 'event 2 of 3: "upstream broke" (do_request_failed)',
      },
    ],
    [
      'silence, with comments',
      'any',
      raw(': PING\n\n: PING\n\n'),
      {
        what: 'silence',
        expected: 'an event with data',
        actual: 'nothing but 2 comments: ": PING"',
      },
    ],
    [
      'silence, without anything',
      'any',
      raw(''),
      { what: 'silence', expected: 'an event with data', actual: 'nothing' },
    ],
    [
      'silence before the terminator',
      DONE,
      stream('[DONE]'),
      { what: 'silence', expected: 'an event with data', actual: 'nothing but the terminator' },
    ],
    [
      'a missing terminator',
      DONE,
      stream(chunk('a')),
      {
        what: 'ends',
        expected: 'a last event "[DONE]"',
        actual: 'event 1 of 1 is the last: {"choices":[{"index":0,"delta":{"content":"a"}}]}',
      },
    ],
    [
      'a missing last name',
      { ends: { event: 'stop' } },
      stream({}),
      {
        what: 'ends',
        expected: 'a last event called "stop"',
        actual: 'event 1 of 1 is the last: {}',
      },
    ],
    [
      'a last event without its value',
      { ends: { json: { at: '$.last', equals: true } } },
      stream({ last: true }, { a: 1 }),
      {
        what: 'ends',
        expected: 'a last event with {"at":"$.last","equals":true}',
        actual: 'event 2 of 2 is the last: {"a":1}',
      },
    ],
    [
      'an event behind the terminator, which no client sees',
      DONE,
      stream(chunk('a'), '[DONE]', { a: 1 }, '[DONE]'),
      {
        what: 'ends',
        expected: 'nothing behind "[DONE]"',
        actual: 'event 3 of 4 stands behind the first of them: "{\\"a\\":1}"',
      },
    ],
    [
      'an error that is only named',
      { ends: '[DONE]' },
      raw('data: {}\n\nevent: error\n\ndata: [DONE]\n\n'),
      { what: 'error', expected: 'no event that is an error', actual: 'event 2 of 3: ""' },
    ],
    [
      'a last event that breaks off',
      'any',
      raw('data: {"a":1}\n\ndata: {"a":'),
      {
        what: 'data',
        expected: 'a blank line after the last event',
        actual: 'event 2 of 2 breaks off: "{\\"a\\":"',
      },
    ],
    [
      'too few events',
      { ...DONE, atLeast: 3 },
      stream({ a: 1 }, { a: 2 }, '[DONE]'),
      { what: 'atLeast', expected: 'at least 3 events with data', actual: '2' },
    ],
    [
      'an event unlike the others',
      { each: [{ json: { at: '$.a', equals: 1 } }] },
      stream({ a: 1 }, { a: 2 }, { a: 3 }),
      { what: 'each $.a', expected: '1', actual: '2 (event 2 of 3)' },
    ],
  ])('%s', (_, written, answer, finding) => {
    expect(judgedBy('events', written, answer)).toEqual([finding]);
  });

  test('and several are found at once', () => {
    const broken = raw('data: oops\n\nevent: error\ndata: {"message":"m"}\n\ndata: {"a"');
    const judged = verdict(broken, [{ events: { ...DONE, atLeast: 5 } }]);
    expect(judged.kind === 'fail' && judged.findings.map(({ expectation }) => expectation)).toEqual(
      ['events.data', 'events.data', 'events.error', 'events.atLeast', 'events.ends'],
    );
  });

  test('an answer that is no stream is told what it is', () => {
    const found = (answer: ReturnType<typeof raw>) => judgedBy('events', 'any', answer);
    expect(found(answered(200, { a: 1 }))).toEqual([
      { expected: 'an event stream', actual: 'a JSON body: {"a":1}' },
    ]);
    expect(found(answered(200, 'hi', { headers: { 'content-type': 'text/plain' } }))).toEqual([
      { expected: 'an event stream', actual: 'content type "text/plain", no JSON: "hi"' },
    ]);
  });
});

describe('what is inconclusive elsewhere is so inside a stream', () => {
  test.each<[Json, string]>([
    [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }, 'blocked'],
    [{ candidates: [{ finishReason: 'IMAGE_SAFETY' }] }, 'blocked'],
    [{ choices: [{ delta: {}, finish_reason: 'content_filter' }] }, 'blocked'],
    [{ error: { message: 'm', code: 'content_policy_violation' } }, 'blocked'],
    [{ error: { message: 'm', code: 429 } }, 'throttled'],
    [{ error: { message: 'm', type: 'overloaded_error' } }, 'throttled'],
    [{ error: { message: 'm', code: '503' } }, 'unavailable'],
  ])('%j', (event, cause) => {
    const answer = stream({ a: 1 }, event);
    expect(verdict(answer, [{ events: 'any' }])).toMatchObject({ kind: 'inconclusive', cause });
    expect(verdict(answer, [{ image: 'any' }])).toMatchObject({ kind: 'inconclusive', cause });
  });

  test('unless the claim names that very reason', () => {
    const blocked = stream({ candidates: [{ finishReason: 'NO_IMAGE' }] });
    const named = { ends: { json: { at: '$..finishReason', equals: 'NO_IMAGE' } } };
    expect(verdict(blocked, [{ events: named }])).toEqual({ kind: 'pass' });
  });

  test('a web page instead of a stream, and a stream without end', () => {
    expect(verdict(raw('<!doctype html><html>'), [{ events: 'any' }])).toMatchObject({
      cause: 'html',
    });
    expect(verdict(raw('data: 1\n\n'.repeat(200_000)), [{ events: 'any' }])).toMatchObject({
      cause: 'oversized',
    });
  });
});

test('a stream is no JSON body, and says so', () => {
  expect(judgedBy('json', { at: '$.a', equals: 1 }, stream({ a: 1 }))).toMatchObject([
    { expected: 'a JSON body', actual: 'an event stream of 1 event' },
  ]);
});

test('what says nothing, or cannot be evaluated, is a problem', () => {
  expect(problemOf('events', {})).toContain('keys');
  expect(problemOf('events', { ends: '' })).toContain('keys');
  expect(problemOf('events', { each: [{}] })).toContain('keys');
  expect(problemOf('events', { each: [{ status: 200 }] })).toContain('keys');
  expect(problemOf('events', { each: [{ json: { at: '$[', equals: 1 } }] })).toContain('$[');
  expect(problemOf('events', { ends: { json: { at: '$.a', matches: '(' } } })).toContain('RE2');
});
