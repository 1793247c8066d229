import { describe, expect, test } from 'vitest';
import type { Capture, Expectation, Given, Polling, Step } from './claim.ts';
import { answered, exchangeOf, expectation, none } from './exchange.fixture.ts';
import { follow, judgeAll, mostPolls } from './steps.ts';

const line = (number: number) => ({ file: 'suites/s.yaml', line: number, column: 1 });

function step(
  number: number,
  parts: {
    readonly path?: string;
    readonly url?: string;
    readonly expect?: readonly Expectation[];
    readonly captures?: Readonly<Record<string, string>>;
    readonly until?: readonly Expectation[];
  },
): Step {
  const captures = Object.entries(parts.captures ?? {}).map(([name, from]): Capture => ({
    name,
    from,
    place: line(number + 1),
  }));
  const polling: Polling | undefined = parts.until && {
    until: parts.until,
    everyMs: 5_000,
    withinMs: 60_000,
  };
  const { path = '/v1', url } = parts;
  return {
    request: {
      method: 'GET',
      ...(url === undefined ? { path } : { url }),
      query: {},
      headers: {},
      auth: url === undefined ? 'bearer' : 'none',
    },
    expect: parts.expect ?? [],
    captures,
    ...(polling && { polling }),
    place: line(number),
  };
}

const steps = [
  step(10, { captures: { id: '$.id' } }),
  step(20, {
    path: '/v1/${id}',
    until: [expectation('json', { at: '$.status', in: ['succeeded', 'failed'] })],
    expect: [
      expectation('json', { at: '$.status', equals: 'succeeded' }),
      expectation('json', { at: '$.id', equals: '${id}' }),
    ],
    captures: { video: '$.url' },
  }),
  step(30, { url: '${video}' }),
];
const aCase = { claim: 's/c', name: '', request: steps[0]!.request, given: [], expect: [], steps };

const made = exchangeOf(answered(200, { id: 'a' }));
const done = { id: 'a', status: 'succeeded', url: 'https://media.example/1.mp4' };
const settled = exchangeOf(answered(200, done));
const fetched = exchangeOf(answered(200, 'a film', { headers: { 'content-type': 'video/mp4' } }));

describe('a claim of several steps', () => {
  test('passes once each of them does', () => {
    expect(judgeAll(aCase, [made, settled, fetched], none).verdict).toEqual({ kind: 'pass' });
  });

  test('is open at the first step that brought nothing yet, with what the steps before it captured', () => {
    expect(follow(aCase, [], none)).toMatchObject({ kind: 'open', at: 0 });
    const way = follow(aCase, [made, settled], none);
    expect(way).toMatchObject({ kind: 'open', at: 2, step: steps[2] });
    expect(way.kind === 'open' && Object.fromEntries(way.captured)).toEqual({
      id: 'a',
      video: done.url,
    });
  });

  test.each([
    ['refused', [exchangeOf(answered(400, { message: 'no', code: 'x' }))], 'status', 10],
    ['without an id', [exchangeOf(answered(200, {}))], 'capture.id', 11],
    [
      'with a way out of the path for an id',
      [exchangeOf(answered(200, { id: '..' }))],
      'request.path',
      20,
    ],
    ['polled and unknown', [made, exchangeOf(answered(404, {}))], 'status', 20],
    [
      'failed',
      [made, exchangeOf(answered(200, { ...done, status: 'failed' }))],
      'json $.status',
      7,
    ],
    ['another one', [made, exchangeOf(answered(200, { ...done, id: 'b' }))], 'json $.id', 7],
    [
      'without a url',
      [made, exchangeOf(answered(200, { ...done, url: null }))],
      'capture.video',
      21,
    ],
    [
      'with no url for a url',
      [made, exchangeOf(answered(200, { ...done, url: '/1' }))],
      'request.url',
      30,
    ],
    ['gone', [made, settled, exchangeOf(answered(404, 'gone'))], 'status', 30],
  ] as const)('fails where the video is %s, at the line of that step', (_, exchanges, what, at) => {
    const [first, ...more] = exchanges;
    const { verdict } = judgeAll(aCase, [first, ...more], none);
    expect(verdict).toMatchObject({
      kind: 'fail',
      findings: [{ expectation: what, at: { line: at } }],
    });
  });

  test('could not tell where a step could not, and says which', () => {
    const throttled = exchangeOf(answered(429, {}));
    expect(judgeAll(aCase, [made, throttled], none).verdict).toMatchObject({
      kind: 'inconclusive',
      cause: 'throttled',
      detail: 'step 2: 429',
    });
    expect(judgeAll(aCase, [made], none).verdict).toMatchObject({ cause: 'interrupted' });
  });

  test('is unsettled where the last poll did not come to an end', () => {
    const pending = answered(200, { id: 'a', status: 'processing' });
    expect(judgeAll(aCase, [made, exchangeOf([pending, pending])], none).verdict).toEqual({
      kind: 'inconclusive',
      cause: 'unsettled',
      detail: 'step 2: after 2 polls expected one of ["succeeded","failed"], got "processing"',
    });
  });

  test('takes an HTML page at a captured url for what is there, and elsewhere for a wrong address', () => {
    const page = exchangeOf(answered(200, '<html>', { headers: { 'content-type': 'text/html' } }));
    const film = [expectation('header', { name: 'content-type', matches: '^video/' })];
    const strict = { ...aCase, steps: [...steps.slice(0, 2), { ...steps[2]!, expect: film }] };
    expect(judgeAll(strict, [made, settled, page], none).verdict).toMatchObject({ kind: 'fail' });
    expect(judgeAll(strict, [page], none).verdict).toMatchObject({ cause: 'html' });
  });

  test('waits for its control', () => {
    const given: Given[] = [{ kind: 'claim', need: { claim: 's/d', cases: [''] }, place: line(1) }];
    const { verdict } = judgeAll({ ...aCase, given }, [made, settled, fetched], () => 'fail');
    expect(verdict).toMatchObject({ kind: 'inconclusive', cause: 'given' });
  });
});

test.each([
  [5_000, 600_000, 121],
  [600, 1_000, 2],
  [2_000, 1_000, 1],
])('every %i ms within %i ms there are at most %i polls', (everyMs, withinMs, most) => {
  expect(mostPolls({ everyMs, withinMs })).toBe(most);
});
