import { describe, expect, it } from 'vitest';
import type { Claim, Json } from '../domain/claim.ts';
import type { Run } from '../domain/run.ts';
import type { Target } from '../domain/target.ts';
import { writeImage } from '../image/write.ts';
import type { RunEvent } from './events.ts';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  aTarget,
  type Behaviour,
  claimOn,
  fakePorts,
  givenClaim,
  type HandClock,
  lookup,
  type Seen,
  sha256,
  unanswered,
} from './fakes.ts';
import { plan } from './plan.ts';
import type { Ports } from './ports.ts';
import { run } from './run.ts';

interface Made {
  readonly run: Run;
  readonly seen: Seen;
  readonly events: readonly RunEvent[];
  readonly clock: HandClock;
}

/** Runs all cases of some claims, or of those named, against a gateway in memory. */
async function runOf(
  claims: readonly Claim[],
  behave: Behaviour,
  over: {
    readonly target?: Partial<Target>;
    readonly ports?: Partial<Ports>;
    readonly signal?: AbortSignal;
    readonly only?: readonly string[];
  } = {},
): Promise<Made> {
  const target = aTarget(over.target);
  const { ports, seen, clock } = fakePorts(behave, over.ports);
  const events: RunEvent[] = [];
  const chosen = claims
    .filter(({ id }) => over.only === undefined || over.only.includes(id))
    .map((claim) => ({
      claim,
      cases: claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [],
    }));
  const made = plan({
    target,
    targetFor: () => target,
    chosen,
    claims: lookup(claims),
    sha256,
    writeImage,
  });
  const done = await run(made, ports, {
    id: 'r1',
    tool: '0.1.0',
    key: 'sk-secret-key',
    claims: lookup(claims),
    signal: over.signal ?? new AbortController().signal,
    tell: (event) => events.push(event),
  });
  return { run: done, seen, events, clock };
}

const fine: Behaviour = () => answered(200);
const failing = [anExpectation('status', [418])];
const same = aRequest({ shared: true });

/** Verdict and cause of each case, by name. */
function verdicts({ cases }: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cases.map(({ claim, case: name, verdict }) => [
      claim.slice(2) + (name && `/${name}`),
      verdict.kind === 'inconclusive' ? verdict.cause : verdict.kind,
    ]),
  );
}

/** The body of an answer with so many hosted images. */
function hosted(count: number): Json {
  return { data: Array.from({ length: count }, (_, at) => ({ url: `http://media/${at}.png` })) };
}

function idOf(json: Json): string {
  return (json as { readonly id: string }).id;
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
    expect(
      seen.lines.map((line) => ('exchange' in line ? line.exchange.id : line.evidence.id)),
    ).toEqual(['r1.x1', 'r1.1', 'r1.2']);
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

describe('a control', () => {
  const control = aClaim('control');
  const asks = aClaim('asks', {
    as: 'broken',
    given: [givenClaim('s/control')],
    expect: [anExpectation('rejected', 'any')],
  });

  it('that passes lets the claim be judged, and is sent first', async () => {
    const { run: done, seen } = await runOf(
      [asks, control],
      (json) => answered(idOf(json) === 'control' ? 200 : 400),
      { only: ['asks'] },
    );
    expect(seen.sent.map(({ body }) => body)).toEqual([
      '{"id":"control"}',
      '{"id":"asks"}',
      '{"id":"asks"}',
    ]);
    expect(verdicts(done)).toEqual({ asks: 'pass', control: 'pass' });
  });

  it('that does not pass leaves the claim undecided, and nothing is sent for it', async () => {
    const { run: done, seen } = await runOf([asks, control], () => answered(400));
    expect(seen.sent.map(({ body }) => body)).toEqual(['{"id":"control"}', '{"id":"control"}']);
    expect(verdicts(done)).toEqual({ asks: 'given', control: 'fail' });
    const evidence = seen.lines.flatMap((line) =>
      'evidence' in line && line.evidence.claim === 's/asks' ? [line.evidence] : [],
    );
    expect(evidence).toHaveLength(1);
    expect(evidence[0]).not.toHaveProperty('exchange');
    expect(evidence[0]).toMatchObject({
      attempts: 0,
      usd: 0,
      verdict: { detail: 's/control did not pass in this run' },
    });
  });

  it('that nobody else shares the exchange with does not keep the others from being sent', async () => {
    const claims = [
      control,
      { ...asks, basis: aClaim('asks', { request: same, given: [givenClaim('s/control')] }).basis },
      aClaim('free', { request: same }),
    ];
    const { run: done } = await runOf(claims, (json) =>
      answered(idOf(json) === 'control' ? 401 : 200),
    );
    expect(verdicts(done)).toEqual({ control: 'unauthorized', asks: 'given', free: 'pass' });
  });

  it('on the same exchange is judged first', async () => {
    const claims = [
      aClaim('b', { request: same }),
      aClaim('a', { request: same, given: [givenClaim('s/b')] }),
    ];
    const { run: done, seen } = await runOf(claims, fine);
    expect(verdicts(done)).toEqual({ a: 'pass', b: 'pass' });
    expect(seen.sent).toHaveLength(1);
  });

  it.each([
    ['all', { a: 200, b: 200 }, 'pass'],
    ['all', { a: 200, b: 400 }, 'given'],
    ['any', { a: 200, b: 400 }, 'pass'],
    ['any', { a: 400, b: 400 }, 'given'],
    ['none', { a: 400, b: 400 }, 'pass'],
    ['none', { a: 401, b: 400 }, 'given'],
  ] as const)(
    'that is derived (%s of %j) is computed from its parts',
    async (fold, statuses, expected) => {
      const parts = aClaim('parts', { vary: { a: { id: 'a' }, b: { id: 'b' } } });
      const derived = claimOn('derived', {
        kind: 'derived',
        of: [{ need: { claim: 's/parts', cases: ['a', 'b'] }, fold }],
      });
      const claims = [parts, derived, aClaim('asks', { given: [givenClaim('s/derived')] })];
      const { run: done } = await runOf(
        claims,
        (json) =>
          answered(new Map([...Object.entries(statuses), ['asks', 200]]).get(idOf(json)) ?? 500),
        { only: ['asks'] },
      );
      expect(verdicts(done)['asks']).toBe(expected);
    },
  );
});

describe('limits', () => {
  const many = Array.from({ length: 10 }, (_, at) => aClaim(`c${at}`));

  it('as many requests fly at once as the target allows, and no more', async () => {
    const { seen } = await runOf(
      many,
      async () => {
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        return answered(200);
      },
      { target: { concurrency: 3 } },
    );
    expect(seen.peak).toBe(3);
    expect(seen.sent).toHaveLength(10);
  });

  it('a pace holds the requests back', async () => {
    const { clock } = await runOf(many, fine, { target: { pace: { count: 2, perMs: 60_000 } } });
    expect(clock.monotonic()).toBe(4 * 60_000);
  });

  it('a budget is not exceeded by retries or second trials, and what it cut is left out', async () => {
    const { run: done, seen } = await runOf(many, () => answered(429), {
      target: { budget: { requests: 10 }, concurrency: 1 },
    });
    expect(seen.sent).toHaveLength(10);
    expect(done.requests).toBe(10);
    expect(done.cases).toHaveLength(4);
    expect(done.leftOut).toHaveLength(6);
    expect(new Set(done.leftOut.map(({ reason }) => reason))).toEqual(new Set(['budget']));
  });

  it('a budget in dollars is kept to in the same way', async () => {
    const claims = many.map((claim) => ({
      ...claim,
      usd: 0.1,
      documented: { as: 'broken' as const },
    }));
    const { run: done, seen } = await runOf(claims, fine, {
      target: { budget: { usd: 0.5 }, concurrency: 1 },
    });
    expect(seen.sent).toHaveLength(5);
    expect(done.usd).toBe(0.5);
    expect(done.cases.length + done.leftOut.length).toBe(10);
  });
});

describe('a run that cannot go on', () => {
  const many = Array.from({ length: 20 }, (_, at) => aClaim(`c${at}`, { usd: 0.1 }));

  it('ends at once if the target is unreachable, says so once, and decides nothing', async () => {
    const { run: done, seen, events, clock } = await runOf(many, () => unanswered('unreachable'));
    expect(done.end).toEqual({
      kind: 'outage',
      detail: 'target unreachable: it was unreachable',
      undecided: 20,
    });
    expect(events.filter(({ kind }) => kind === 'outage')).toHaveLength(1);
    expect(new Set(Object.values(verdicts(done)))).toEqual(new Set(['unreachable']));
    expect(seen.sent.length).toBeLessThanOrEqual(12);
    expect(done.usd).toBe(0);
    expect(clock.monotonic()).toBeLessThan(10_000);
  });

  it('ends when the target falls silent in the middle, and keeps what it knows', async () => {
    const { run: done } = await runOf(
      many,
      (json) => (idOf(json) < 'c13' ? answered(200) : unanswered('timeout')),
      { target: { concurrency: 1 } },
    );
    const kinds = Object.values(verdicts(done));
    expect(done.end).toMatchObject({ kind: 'outage' });
    expect(kinds.filter((kind) => kind === 'pass')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'timeout')).toHaveLength(15);
  });

  it('pays for nothing more once its ledger fails', async () => {
    const { ports } = fakePorts(fine);
    let kept = 0;
    const recorder: Ports['recorder'] = {
      exchange: async () => {
        if (++kept > 2) throw new Error('no space left on device');
      },
      evidence: async () => {},
    };
    const { run: done, seen } = await runOf(many, fine, {
      ports: { ...ports, recorder, transport: fakePorts(fine).ports.transport },
      target: { concurrency: 1 },
    });
    expect(done.end).toEqual({ kind: 'ledger-failed', detail: 'no space left on device' });
    expect(kept).toBe(3);
    expect(Object.values(verdicts(done)).filter((kind) => kind === 'pass')).toHaveLength(2);
    expect(seen.lines).toEqual([]);
  });

  it('finishes what is answered when it is interrupted, and leaves the rest undecided', async () => {
    const end = new AbortController();
    const behave: Behaviour = (json, _, signal) => {
      if (idOf(json) !== 'c10') return answered(200);
      end.abort();
      return signal.aborted ? unanswered('interrupted') : answered(200);
    };
    const { run: done, seen } = await runOf(many, behave, {
      signal: end.signal,
      target: { concurrency: 1 },
    });
    expect(done.end).toEqual({ kind: 'interrupted' });
    expect(Object.values(verdicts(done)).filter((kind) => kind === 'pass')).toHaveLength(2);
    expect(Object.values(verdicts(done)).filter((kind) => kind === 'interrupted')).toHaveLength(18);
    expect(seen.lines.filter((line) => 'evidence' in line)).toHaveLength(2);
  });

  it('sends nothing if it was interrupted before it began', async () => {
    const { run: done, seen } = await runOf(many, fine, { signal: AbortSignal.abort() });
    expect(seen.sent).toEqual([]);
    expect(done.end).toEqual({ kind: 'interrupted' });
  });

  it('gets a hint about the base URL where every answer is a web page', async () => {
    const page = {
      ...answered(200),
      body: { ...answered(200).body, text: '<!doctype html><html></html>' },
    };
    const { run: done } = await runOf(many, () => page);
    expect(done.hints).toEqual([expect.stringContaining('base URL')]);
    expect(new Set(Object.values(verdicts(done)))).toEqual(new Set(['html']));
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
