import { describe, expect, it } from 'vitest';
import type { Json } from '../domain/claim.ts';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  fine,
  runOf,
  verdicts,
} from './engine.fixture.ts';

const failing = [anExpectation('status', [418])];
const same = aRequest({ shared: true });

/** The body of an answer with so many hosted images. */
function hosted(count: number): Json {
  return { data: Array.from({ length: count }, (_, at) => ({ url: `http://media/${at}.png` })) };
}

describe('one exchange, many claims', () => {
  it('is sent and paid once, judged by each claim, and recorded before its evidence', async () => {
    const claims = [
      aClaim('a', { request: same, usd: 0.05 }),
      aClaim('b', { request: same, usd: 0.1, as: 'broken', expect: failing }),
    ];
    const { run: done, seen } = await runOf(claims, fine);
    expect(verdicts(done)).toEqual({ a: 'pass', b: 'fail' });
    expect(done).toMatchObject({ exchanges: 1, requests: 1, usd: 0.1, end: { kind: 'complete' } });
    expect(seen.lines).toMatchObject([
      { exchange: { id: 'r1.x1' } },
      { evidence: { id: 'r1.1' } },
      { evidence: { id: 'r1.2' } },
    ]);
    const evidence = seen.lines.flatMap((line) => ('evidence' in line ? [line.evidence] : []));
    expect(evidence.map(({ usd }) => usd)).toEqual([0.1, 0]);
    expect(new Set(evidence.map(({ exchange }) => exchange))).toEqual(new Set(['r1.x1']));
  });

  it('that surprises one of them is sent once more, for all of them', async () => {
    const claims = [
      aClaim('a', { request: same }),
      aClaim('b', { request: same, expect: failing }),
    ];
    const { run: done, seen } = await runOf(claims, fine);
    expect(seen.sent).toHaveLength(2);
    expect(done.cases.map(({ trials, evidence }) => [trials, evidence])).toEqual([
      [2, ['r1.1', 'r1.3']],
      [2, ['r1.2', 'r1.4']],
    ]);
    expect(done.exchanges).toBe(2);
  });
});

describe('a second trial', () => {
  it.each([
    ['holds', [200, 200], 1],
    ['holds', [500, 200], 2],
    ['broken', [500, 500], 1],
    ['broken', [200, 200], 2],
    ['open', [200, 200], 1],
    ['open', [500, 500], 2],
    ['holds', [401, 200], 1],
  ] as const)(
    'of what is documented as %s, and answers %j: %i in all',
    async (as, statuses, trials) => {
      const { run: done } = await runOf([aClaim('a', { as })], (_, round) =>
        answered(statuses[round] ?? 500),
      );
      expect(done.cases[0]?.trials).toBe(trials);
    },
  );

  it('decides, but a contradiction in the first one stays one', async () => {
    const { run: done } = await runOf([aClaim('a')], (_, round) =>
      answered(round === 0 ? 500 : 200),
    );
    expect(done.cases[0]).toMatchObject({
      verdict: { kind: 'pass' },
      contradicts: true,
      trials: 2,
    });
  });

  it('that could not tell leaves the first one standing', async () => {
    const { run: done } = await runOf([aClaim('a')], (_, round) =>
      answered(round === 0 ? 500 : 401),
    );
    expect(done.cases[0]).toMatchObject({
      verdict: { kind: 'fail' },
      trials: 2,
      exchange: 'r1.x1',
    });
  });
});

describe('attempts', () => {
  it('are all kept, and the last one is judged', async () => {
    const {
      run: done,
      seen,
      clock,
    } = await runOf([aClaim('a', { usd: 0.1 })], (_, round) =>
      round < 2 ? answered(429, {}, { 'retry-after': '3' }) : answered(200),
    );
    expect(done.cases[0]).toMatchObject({ verdict: { kind: 'pass' }, attempts: 3, trials: 1 });
    expect(clock.slept).toEqual([3_000, 3_000]);
    const [line] = seen.lines;
    const exchange = line !== undefined && 'exchange' in line ? line.exchange : undefined;
    expect(exchange?.attempts.map(({ at, outcome }) => [at, outcome])).toMatchObject([
      ['2026-03-30T00:00:00.000Z', { status: 429 }],
      ['2026-03-30T00:00:03.000Z', { status: 429 }],
      ['2026-03-30T00:00:06.000Z', { status: 200 }],
    ]);
    expect(done).toMatchObject({ requests: 3, usd: 0.3 });
  });

  it('that stay transient are inconclusive, and are not tried a second time', async () => {
    const { run: done, seen } = await runOf([aClaim('a')], () => answered(503));
    expect(verdicts(done)).toEqual({ a: 'unavailable' });
    expect(seen.sent).toHaveLength(3);
  });
});

describe('evidence', () => {
  it('says where, when, by which gateway and by what it was made', async () => {
    const headers = {
      'x-oneapi-request-id': '2026',
      'x-new-api-version': 'v1',
      'x-assay-mock': '2026-03-30',
    };
    const { seen } = await runOf([aClaim('a')], () => answered(200, {}, headers), {
      target: { mock: 'allowed', channel: 315 },
    });
    expect(seen.lines[1]).toMatchObject({
      evidence: {
        run: 'r1',
        at: '2026-03-30T00:00:00.000Z',
        claim: 's/a',
        case: '',
        digest: expect.stringMatching(/^[0-9a-f]{32}$/),
        trial: 1,
        target: {
          name: 'local',
          grade: 'live',
          host: 'gateway.example:4000',
          channel: 315,
          mock: '2026-03-30',
          mockAllowed: true,
        },
        attempts: 1,
        ms: 2,
        observed: { status: 200 },
        requestId: '2026',
        gatewayVersion: 'v1',
        tool: '0.1.0',
      },
    });
  });

  it('and exchange are without the key, which the target may echo', async () => {
    const echo = answered(
      400,
      { error: { message: 'bad key sk-secret-key-315' } },
      { 'x-key': 'sk-secret-key' },
    );
    const { seen, run: done } = await runOf([aClaim('a')], () => echo, {
      target: { channel: 315 },
    });
    expect(seen.sent[0]?.headers).toMatchObject({ authorization: 'Bearer sk-secret-key-315' });
    expect(JSON.stringify([seen.lines, done])).not.toContain('sk-secret');
    expect(JSON.stringify(seen.lines)).toContain('Bearer $LOCAL_KEY');
  });

  it('is without the key, which the pieces of a stream may come to', async () => {
    const pieces = ['my key is sk-sec', 'ret-key'].map(
      (content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`,
    );
    const text = pieces.join('');
    const streamed = {
      ...answered(200, {}, { 'content-type': 'text/event-stream' }),
      body: { text, bytes: text.length, payloads: [], cut: false },
    };
    const claim = aClaim('a', { expect: [anExpectation('text', 'none')] });
    const { seen } = await runOf([claim], () => streamed);
    const evidence = JSON.stringify(seen.lines.filter((line) => 'evidence' in line));
    expect(evidence).toContain('my key is');
    expect(evidence).not.toContain('sk-secret-key');
  });
});

describe('hosted images', () => {
  it('are fetched after a 2xx answer, sixteen at most, and counted apart', async () => {
    const { run: done, seen } = await runOf([aClaim('a')], () => answered(200, hosted(20)));
    expect(seen.fetched).toHaveLength(16);
    expect(done).toMatchObject({ requests: 1, fetches: 16 });
    expect(seen.lines[0]).toMatchObject({
      exchange: { fetched: { 'http://media/0.png': { status: 404 } } },
    });
  });

  it('are not fetched after any other answer', async () => {
    const { seen } = await runOf([aClaim('a', { as: 'broken' })], () => answered(400, hosted(1)));
    expect(seen.fetched).toEqual([]);
  });
});

it('tells each step: planned, started, judged, settled', async () => {
  const { events } = await runOf([aClaim('a', { expect: failing })], fine);
  expect(events.map(({ kind }) => kind)).toEqual([
    'planned',
    'started',
    'judged',
    'started',
    'judged',
    'settled',
  ]);
  expect(events[2]).toMatchObject({
    surprises: true,
    evidence: { trial: 1, verdict: { kind: 'fail' } },
  });
});
