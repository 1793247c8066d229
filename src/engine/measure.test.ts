import { describe, expect, test } from 'vitest';
import type { Json } from '../domain/claim.ts';
import type { Target } from '../domain/target.ts';
import { aGateway, aligned, asks, evidenceOf, exchangesOf, TEN_CENTS } from './charging.fixture.ts';
import {
  aClaim,
  aTarget,
  anExpectation,
  answered,
  fakePorts,
  givenClaim,
  idOf,
  runOf,
  verdicts,
} from './engine.fixture.ts';
import { makeMeasure } from './measure.ts';
import { NOTHING } from './past.ts';
import type { PlannedExchange } from './sharing.ts';

describe('a claim about a charge', () => {
  test('is judged on what the source showed of the exchange, which is kept with it', async () => {
    const { key, behave, ports } = aGateway();
    const claims = [
      aClaim('works', { request: asks('a'), usd: 0.3 }),
      aClaim('charged', { request: asks('a'), usd: 0.3, expect: aligned }),
    ];
    const made = await runOf(claims, behave, { ports });
    expect(verdicts(made.run)).toEqual({ works: 'pass', charged: 'pass' });
    expect(exchangesOf(made)).toMatchObject([
      { usage: { kind: 'measured', counter: { before: 1000, after: 51_000 } } },
    ]);
    expect(made.run).toMatchObject({ requests: 1, reads: key.source.asked() });
  });

  test('has the key to itself, after all that share it and what those are charged', async () => {
    const { behave, ports } = aGateway({}, () => [
      { quota: TEN_CENTS, counterMs: 9_000, rowMs: 9_000 },
    ]);
    const claims = [
      aClaim('a', { request: asks('a'), expect: aligned }),
      aClaim('b', { request: asks('b') }),
      aClaim('c', { request: asks('c') }),
      aClaim('d', { request: asks('d'), expect: aligned }),
    ];
    const { run, seen, events } = await runOf(claims, behave, { ports });
    expect(verdicts(run)).toEqual({ a: 'pass', b: 'pass', c: 'pass', d: 'pass' });
    expect(seen.sent.map(({ body }) => idOf(JSON.parse(String(body)) as Json))).toEqual([
      'b',
      'c',
      'a',
      'd',
    ]);
    const waits = events.flatMap((one) =>
      one.kind === 'measuring' ? [[one.wait, one.withinMs]] : [],
    );
    expect(waits).toEqual([
      ['earlier charges', 15_000],
      ['its charge', 15_000],
      ['its charge', 15_000],
    ]);
  });

  test('waits for what the run had sent when it was killed, though nothing of it is stored', async () => {
    const late = { quota: TEN_CENTS, counterMs: 6_000, rowMs: 6_000 };
    const { key, behave, ports } = aGateway({}, () => [late]);
    key.charge({ ...late, row: { requestId: 'of the killed part' } });
    const claims = [aClaim('charged', { request: asks('a'), expect: aligned })];
    const earlier = { ...NOTHING, startedAt: '2026-03-29T00:00:00.000Z' };
    const { run } = await runOf(claims, behave, { ports, earlier });
    expect(verdicts(run)).toEqual({ charged: 'pass' });
  });

  test('that is to be nothing is no charge where it is given back, though it was logged', async () => {
    const { behave, ports } = aGateway({}, () => [
      { quota: TEN_CENTS },
      { quota: -TEN_CENTS, counterMs: 9_000, rowMs: null },
      { quota: TEN_CENTS, counterMs: null, rowMs: 9_000, row: { kind: 'refund' } },
    ]);
    const free = [anExpectation('charged', 'nothing')];
    const made = await runOf([aClaim('free', { request: asks('1'), expect: free })], behave, {
      ports,
    });
    expect(verdicts(made.run)).toEqual({ free: 'pass' });
  });

  test('waits until an ordinary request without an answer may have ended', async () => {
    const { key, behave, ports } = aGateway();
    const lost = { quota: TEN_CENTS, counterMs: 17_300, rowMs: 17_300, row: { requestId: 'lost' } };
    const made = await runOf(
      [
        aClaim('lost', { request: asks('lost') }),
        aClaim('charged', { request: asks('a'), usd: 0.3, expect: aligned }),
      ],
      (json, round, signal) => {
        if (idOf(json) !== 'lost') return behave(json, round, signal);
        if (round === 0) key.charge(lost);
        return { kind: 'unanswered', cause: 'timeout', detail: '300 s' };
      },
      { ports },
    );
    expect(verdicts(made.run)).toEqual({ lost: 'timeout', charged: 'pass' });
  });

  test('that fails is tried once more, from where the first trial has left the counter', async () => {
    const { key, behave, ports } = aGateway({}, () => [
      { quota: TEN_CENTS },
      { quota: 3, rowMs: null },
    ]);
    const claims = [aClaim('a', { request: asks('a'), expect: aligned })];
    const made = await runOf(claims, behave, { ports });
    expect(made.run.cases).toMatchObject([{ verdict: { kind: 'fail' }, trials: 2 }]);
    const [first, second] = exchangesOf(made);
    expect(first?.usage).toMatchObject({ counter: { before: 1000, after: 51_003 } });
    expect(second?.usage).toMatchObject({ counter: { before: 51_003, after: 101_006 } });
    expect(key.questions.filter(({ what }) => what === 'counter').length).toBeLessThan(20);
  });

  test('waits for its control, and a control for it', async () => {
    const { behave, ports } = aGateway();
    const claims = [
      aClaim('first', { request: asks('a') }),
      aClaim('charged', { request: asks('b'), given: [givenClaim('s/first')], expect: aligned }),
      aClaim('last', { request: asks('c'), given: [givenClaim('s/charged')] }),
    ];
    expect(verdicts((await runOf(claims, behave, { ports })).run)).toEqual({
      first: 'pass',
      charged: 'pass',
      last: 'pass',
    });
  });

  test('asks the price list only where it speaks of it', async () => {
    const { key, behave, ports } = aGateway({ listed: TEN_CENTS });
    const listed = [anExpectation('charged', { perImage: 'listed' })];
    const claims = [
      aClaim('a', { request: asks('a'), expect: aligned }),
      aClaim('b', { request: asks('b'), expect: listed }),
    ];
    const made = await runOf(claims, behave, { ports });
    expect(key.questions.filter(({ what }) => what === 'listed')).toHaveLength(1);
    const [a, b] = exchangesOf(made);
    expect(a?.usage).not.toHaveProperty('listedPerImage');
    expect(b?.usage).toHaveProperty('listedPerImage', TEN_CENTS);
  });
});

describe('where the charge cannot be measured', () => {
  const claims = [
    aClaim('both', { request: asks('a'), usd: 0.3 }),
    aClaim('both.charged', { request: asks('a'), usd: 0.3, expect: aligned }),
    aClaim('only.charged', { request: asks('b'), usd: 0.3, expect: aligned }),
  ];

  test('for want of a source, nothing is sent that is sent for nothing else', async () => {
    const { behave } = aGateway();
    const made = await runOf(claims, behave);
    expect(verdicts(made.run)).toEqual({
      both: 'pass',
      'both.charged': 'unmeasured',
      'only.charged': 'unmeasured',
    });
    expect(made.run).toMatchObject({ requests: 1, reads: 0, usd: 0.3, measuredUsd: 0 });
    expect(exchangesOf(made)).toMatchObject([{ usage: { kind: 'unmeasured', source: 'none' } }]);
  });

  test('because the source refuses, it says so, and nothing is sent for that alone either', async () => {
    const { key, behave, ports } = aGateway();
    key.answer('counting', () => ({ kind: 'unread', cause: 'throttled', detail: 'empty 429' }));
    const made = await runOf(claims, behave, { ports });
    expect(verdicts(made.run)).toEqual({
      both: 'pass',
      'both.charged': 'throttled',
      'only.charged': 'throttled',
    });
    expect(made.run).toMatchObject({ requests: 1, measuredUsd: 0 });
  });

  test('because somebody else used the key, it is nobody’s fault', async () => {
    const { behave, ports } = aGateway({}, () => [
      { quota: TEN_CENTS },
      { quota: 700, row: { requestId: 'theirs' } },
    ]);
    const made = await runOf(claims, behave, { ports });
    expect(verdicts(made.run)).toEqual({
      both: 'pass',
      'both.charged': 'disturbed',
      'only.charged': 'disturbed',
    });
    expect(made.run).toMatchObject({ usd: 0.6, measuredUsd: 0 });
  });

  test('because the run ends, the exchange is kept and judged by all that can be told', async () => {
    const { key, behave, ports } = aGateway();
    const ended = new AbortController();
    let reads = 0;
    key.answer('rows', () => void (++reads > 2 && ended.abort()));
    const made = await runOf(claims, behave, { ports, signal: ended.signal });
    expect(verdicts(made.run)).toEqual({
      both: 'pass',
      'both.charged': 'interrupted',
      'only.charged': 'interrupted',
    });
    expect(made.run).toMatchObject({ requests: 1, end: { kind: 'interrupted' } });
    expect(exchangesOf(made)).toMatchObject([
      { usage: { kind: 'unmeasured', cause: 'interrupted' } },
    ]);
  });

  test('because the run ends before it is sent, nothing is sent', async () => {
    const { key, behave, ports } = aGateway();
    const ended = new AbortController();
    key.answer('counter', () => {
      ended.abort();
      return undefined;
    });
    const made = await runOf(claims, behave, { ports, signal: ended.signal });
    expect(made.run).toMatchObject({ requests: 0, end: { kind: 'interrupted' } });
    expect(evidenceOf(made)).toEqual([]);
  });
});

describe('the model behind an alias', () => {
  const alias = [anExpectation('alias', 'gemini-2.5-flash-image')];
  const claims = [aClaim('alias', { request: asks('a'), expect: alias })];
  const row = { upstreamModel: 'gemini-2.5-flash-image' };
  const target: Partial<Target> = { usage: { source: 'token', withinMs: 6_000 } };

  test('is read in the log, as soon as the row is there', async () => {
    const { key, behave, ports } = aGateway({ name: 'token' }, () => [
      { quota: TEN_CENTS, rowMs: 1_000, row },
    ]);
    key.charge({ quota: 1, row: { requestId: 'theirs', upstreamModel: 'another' } });
    const made = await runOf(claims, behave, { ports, target });
    expect(verdicts(made.run)).toEqual({ alias: 'pass' });
    expect(exchangesOf(made)).toMatchObject([
      { usage: { kind: 'unmeasured', rows: [{ requestId: 'r1', ...row }] } },
    ]);
    expect(key.questions.map(({ what }) => what)).toEqual(['rows', 'rows']);
  });

  test('is not looked for in a source of few reads where the answer names it', async () => {
    const { key, ports } = aGateway({ name: 'token' });
    const named = () => answered(200, { modelVersion: 'gemini-2.5-flash-image' });
    const made = await runOf(claims, named, { ports, target });
    expect(verdicts(made.run)).toEqual({ alias: 'pass' });
    expect(key.source.asked()).toBe(0);
  });

  test('stays unseen where no row comes in the time', async () => {
    const { key, behave, ports } = aGateway({}, () => []);
    const made = await runOf(claims, behave, { ports, target });
    expect(verdicts(made.run)).toEqual({ alias: 'unseen' });
    expect(key.source.asked()).toBeLessThan(10);
  });
});

test('worlds of a rehearsal have one meter for each address at which their key is used', () => {
  const openedAt = (addresses: readonly string[]) => {
    const opened: string[] = [];
    const exchanges = addresses.map((baseUrl, at): PlannedExchange => {
      const target = aTarget({ grade: 'rehearsal', world: `w${at}`, baseUrl });
      const price = { requests: 1, usd: 0 };
      const how = { target, request: asks('a'), cases: [], after: [], measures: 'charge' as const };
      return { id: String(at), ...how, ...price, worst: price };
    });
    const { behave, key } = aGateway();
    const usageOf = ({ world = '' }: Target) => {
      opened.push(world);
      return key.source;
    };
    const { ports } = fakePorts(behave, { usageOf });
    const { signal } = new AbortController();
    makeMeasure(exchanges, { ports, signal, goesOn: false, tell: () => {} });
    return opened;
  };
  expect(openedAt(['http://a.example', 'http://a.example'])).toEqual(['w0']);
  expect(openedAt(['http://a.example', 'http://b.example'])).toEqual(['w0', 'w1']);
});
