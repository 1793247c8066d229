import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorOf, eventsOf, MOST_LINES, readEvents } from './events.ts';
import { answered } from './exchange.fixture.ts';

/** Name and data of each event that came whole. */
const read = (text: string) =>
  readEvents(text).events.flatMap(({ name, data, whole }) => (whole ? [[name, data]] : []));

describe('an event stream', () => {
  test.each<[string, string, string[][]]>([
    [
      'LF',
      'data: 1\n\ndata: 2\n\n',
      [
        ['message', '1'],
        ['message', '2'],
      ],
    ],
    [
      'CR LF',
      'data: 1\r\n\r\ndata: 2\r\n\r\n',
      [
        ['message', '1'],
        ['message', '2'],
      ],
    ],
    [
      'CR',
      'data: 1\r\rdata: 2\r\r',
      [
        ['message', '1'],
        ['message', '2'],
      ],
    ],
    [
      'mixed line ends',
      'data: 1\r\n\rdata: 2\n\r\n',
      [
        ['message', '1'],
        ['message', '2'],
      ],
    ],
    ['a byte order mark', '\uFEFFdata: 1\n\n', [['message', '1']]],
    ['a second byte order mark', '\uFEFF\uFEFFdata: 1\n\n', []],
    ['data of several lines', 'data: a\ndata:b\ndata\n\n', [['message', 'a\nb\n']]],
    ['one blank taken off, and no more', 'data:  a \n\n', [['message', ' a ']]],
    ['a colon in the data', 'data: {"a":1}\n\n', [['message', '{"a":1}']]],
    [
      'names',
      'event: a\ndata: 1\n\ndata: 2\n\n',
      [
        ['a', '1'],
        ['message', '2'],
      ],
    ],
    ['the last of two names', 'event: a\nevent: b\ndata: 1\n\n', [['b', '1']]],
    ['comments', ': PING\n\n:\ndata: 1\n: x\n\n', [['message', '1']]],
    ['fields that mean nothing here', 'id: 7\nretry: 10\nDATA: 0\ndata: 1\n\n', [['message', '1']]],
    ['a name without data', 'event: a\n\ndata: 1\n\n', [['message', '1']]],
    ['more blank lines than needed', '\n\ndata: 1\n\n\n\n', [['message', '1']]],
    ['pings of Anthropic', 'event: ping\ndata: {"type":"ping"}\n\ndata: {"type":"ping"}\n\n', []],
    ['empty data', 'data\n\ndata:\n\n', []],
    ['nothing', '', []],
  ])('with %s is read as the standard has it', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each(['data: {"a":1}', 'data: {"a":1}\n', 'data: {"a"', 'event: done\n', 'dat'])(
    'that ends with %j has a last event that is not whole',
    (rest) => {
      const { events } = readEvents(`data: 1\n\n${rest}`);
      expect(events.map(({ whole }) => whole)).toEqual([true, false]);
    },
  );

  test('may end with a comment', () => {
    expect(readEvents('data: 1\n\n: PING')).toMatchObject({
      events: [{ whole: true }],
      comments: [': PING'],
    });
  });

  test('is looked at up to a bound', () => {
    const pair = 'data: 1\n\n';
    expect(readEvents(pair.repeat(MOST_LINES / 2))).toMatchObject({ isCut: false });
    const { events, isCut } = readEvents(pair.repeat(MOST_LINES));
    expect([events.length, isCut]).toEqual([MOST_LINES / 2, true]);
    const rich = `data: [${'{},'.repeat(100_000)}0]\n\n`;
    expect(readEvents(rich.repeat(5))).toMatchObject({ isCut: false });
    expect(readEvents(rich.repeat(6))).toMatchObject({ isCut: true });
  });
});

describe('whatever comes', () => {
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
  /** A line of data must not hold a line end; a carriage return before a line feed would be one end, not two. */
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, '-'));
  const name = line.map((text) => `n${text}`);
  const event = fc.record({
    name: fc.option(name, { nil: undefined }),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    comment: fc.option(line, { nil: undefined }),
    end: lineEnd,
  });

  test('events are read as they were written, whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(event), fc.boolean(), (events, marked) => {
        const written = events.map(({ name: called, lines, comment, end }) => {
          const all = [
            ...(comment === undefined ? [] : [`:${comment}`]),
            ...(called === undefined ? [] : [`event: ${called}`]),
            ...lines.map((data) => `data: ${data}`),
          ];
          return `${all.join(end)}${end}${end}`;
        });
        const expected = events
          .map(({ name: called = 'message', lines }) => [called, lines.join('\n')])
          .filter(([, data]) => data !== '');
        expect(read((marked ? '\uFEFF' : '') + written.join(''))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('random text never throws, and nothing comes of it twice', () => {
    const sign = fc.constantFrom(
      'data',
      'event',
      ':',
      ' ',
      '\r',
      '\n',
      '\n\n',
      '{"a":1}',
      '\uFEFF',
      'x',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const text = signs.join('');
        const { events } = readEvents(text);
        expect(events.map(({ data }) => data).join('').length).toBeLessThanOrEqual(text.length);
        expect(events.slice(0, -1).every(({ whole }) => whole)).toBe(true);
        expect(readEvents(`${text}\n\n`).events.every(({ whole }) => whole)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('an answer', () => {
  const stream = 'data: {"a":1}\n\n';

  test.each(['text/event-stream', 'Text/Event-Stream; charset=utf-8', ' text/event-stream , x/y'])(
    'declared as %j is an event stream',
    (type) => {
      expect(eventsOf(answered(200, stream, { headers: { 'content-type': type } }))).toBeDefined();
    },
  );

  test.each(['text/plain', 'application/json', 'text/event-streams', ''])(
    'declared as %j is none',
    (type) => {
      expect(eventsOf(answered(200, stream, { headers: { 'content-type': type } }))).toBe(
        undefined,
      );
    },
  );

  test('without a type is none, and JSON is JSON whatever it is called', () => {
    expect(eventsOf(answered(200, stream))).toBe(undefined);
    const headers = { 'content-type': 'text/event-stream' };
    expect(eventsOf(answered(200, '{"data": 1}', { headers }))).toBe(undefined);
  });
});

describe('an event', () => {
  test.each<[string, string]>([
    ['event: error\ndata: upstream timed out', 'upstream timed out'],
    ['data: {"error":{"message":"m","code":500}}', 'm'],
    ['data: {"error":"m"}', 'm'],
    ['event: error\ndata: {"type":"error","error":{"type":"api_error","message":"m"}}', 'm'],
    ['data: {"type":"error","code":"server_error","message":"m"}', 'm'],
    ['data: {"type":"error"}', '{"type":"error"}'],
    ['data: {"type":"response.failed","response":{"error":{"code":"x","message":"m"}}}', 'm'],
    [
      'data: {"type":"response.failed","response":{"error":null}}',
      '{"type":"response.failed","response":{"error":null}}',
    ],
    ['event: error', ''],
    ['event: ping\ndata: {"error":{"message":"m"}}', 'm'],
    ['data: [{"error":{"message":"m"}}]', 'm'],
    ['data: {"code":"model_not_found","message":"m","data":null}', 'm'],
  ])('%s is an error', (text, message) => {
    const [event] = readEvents(`${text}\n\n`).events;
    expect(event && errorOf(event)?.message).toBe(message);
  });

  test.each([
    '{"choices":[]}',
    '{"error":null}',
    '{"error":""}',
    '{"description":"a cat"}',
    '{"code":0,"message":"ok"}',
    '{"code":"success","message":"made","data":null}',
    '{"code":"queued","message":"in the queue","data":{"progress":"0%"}}',
    '[{"candidates":[]}]',
    '{"response":{"error":null}}',
    '"error"',
    'error',
  ])('with data %s is none', (data) => {
    const [event] = readEvents(`data: ${data}\n\n`).events;
    expect(event && errorOf(event)).toBe(undefined);
  });
});
