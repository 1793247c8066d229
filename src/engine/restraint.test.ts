import { describe, expect, it } from 'vitest';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  claimOn,
  fakePorts,
  fine,
  givenClaim,
  idOf,
  runOf,
  unanswered,
  verdicts,
  type Behaviour,
} from './engine.fixture.ts';
import type { Ports } from './ports.ts';

const same = aRequest({ shared: true });

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
      usage: async () => {},
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
