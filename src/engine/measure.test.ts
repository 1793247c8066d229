import { describe, expect, test } from 'vitest';
import type { Json } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange } from '../domain/exchange.ts';
import type { Target } from '../domain/target.ts';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  type Behaviour,
  givenClaim,
  handClock,
  idOf,
  type Made,
  runOf,
  verdicts,
} from './engine.fixture.ts';
import type { Earlier } from './past.ts';
import { type Charged, type Counts, fakeKey } from './usage.fixture.ts';

const aligned = [anExpectation('charged', 'aligned')];
const TEN_CENTS = 50_000;

/** A request for one image, which differs from others by its id. */
function asks(id: string) {
  return aRequest({ id, model: 'nano-banana' });
}

/** A gateway that is fine with everything, and charges each request ten cents, by a clock that nobody waits for. */
function gateway(counts: Counts = {}, charges: (id: string) => readonly Charged[] = tenCents) {
  const clock = handClock();
  const key = fakeKey(clock, counts);
  let requests = 0;
  const behave: Behaviour = (json) => {
    const requestId = `r${++requests}`;
    for (const charged of charges(idOf(json))) {
      key.charge({ ...charged, row: { requestId, ...charged.row } });
    }
    return answered(200, {}, { 'x-oneapi-request-id': requestId });
  };
  return { key, behave, ports: { clock, usageOf: () => key.source } };
}

function tenCents(): readonly Charged[] {
  return [{ quota: TEN_CENTS }];
}

function evidenceOf({ seen }: Made): readonly Evidence[] {
  return seen.lines.flatMap((line) => ('evidence' in line ? [line.evidence] : []));
}

function exchangesOf({ seen }: Made): readonly Exchange[] {
  return seen.lines.flatMap((line) => ('exchange' in line ? [line.exchange] : []));
}

describe('a claim about a charge', () => {
  test('is judged on what the source showed of the exchange, which is kept with it', async () => {
    const { key, behave, ports } = gateway();
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
    const { behave, ports } = gateway({}, () => [
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

  test('that fails is tried once more, from where the first trial has left the counter', async () => {
    const { key, behave, ports } = gateway({}, () => [
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
    const { behave, ports } = gateway();
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
    const { key, behave, ports } = gateway({ listed: TEN_CENTS });
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
    const { behave } = gateway();
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
    const { key, behave, ports } = gateway();
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
    const { behave, ports } = gateway({}, () => [
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
    const { key, behave, ports } = gateway();
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
    const { key, behave, ports } = gateway();
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

describe('what a run costs', () => {
  const claims = [
    aClaim('ordinary', { request: asks('a'), usd: 0.3 }),
    aClaim('charged', { request: asks('b'), usd: 0.3, expect: aligned }),
    aClaim('charged-too', { request: asks('b'), usd: 0.25, expect: aligned }),
  ];

  test('is what was measured, and else what was declared', async () => {
    const { behave, ports } = gateway();
    const made = await runOf(claims, behave, { ports });
    expect(made.run).toMatchObject({ usd: 0.4, measuredUsd: 0.1 });
    expect(evidenceOf(made).map(({ usd, measured }) => [usd, measured])).toEqual([
      [0.3, undefined],
      [0.1, true],
      [0, undefined],
    ]);
    expect(exchangesOf(made).map(({ answers }) => answers?.usd)).toEqual([0.3, 0.1]);
  });

  test('is settled with the budget, which then lasts for more', async () => {
    const { behave, ports } = gateway();
    const many = ['a', 'b', 'c', 'd'].map((id) =>
      aClaim(id, { request: asks(id), usd: 0.1, expect: aligned, as: 'broken' }),
    );
    const budget = { usd: 0.45 };
    const { run } = await runOf(many, behave, { ports, target: { budget } });
    // Each is tried twice; what is declared as ten cents costs ten.
    expect(run.requests).toBe(4);
    const free = gateway({}, () => []);
    const cheap = await runOf(many, free.behave, { ports: free.ports, target: { budget } });
    expect(cheap.run).toMatchObject({ usd: 0, leftOut: [] });
  });

  test('is told the same by a run that goes on', async () => {
    const { behave, ports } = gateway();
    const whole = await runOf(claims, behave, { ports });
    const [one, ...others] = evidenceOf(whole);
    const earlier: Earlier = {
      startedAt: '2026-03-30T00:00:00.000Z',
      exchanges: exchangesOf(whole),
      evidence: one === undefined ? [] : [one],
      anew: new Set(),
      lost: { requests: 0, usd: 0 },
    };
    const on = await runOf(claims, behave, { ports: gateway().ports, earlier });
    expect(on.seen.sent).toEqual([]);
    const { usd, measuredUsd } = whole.run;
    expect(on.run).toMatchObject({ usd, measuredUsd });
    expect(evidenceOf(on)).toEqual(others);
    const complete = { ...earlier, evidence: evidenceOf(whole) };
    const again = await runOf(claims, behave, { ports: gateway().ports, earlier: complete });
    expect(again.run).toMatchObject({ usd, measuredUsd });
  });
});

describe('the model behind an alias', () => {
  const alias = [anExpectation('alias', 'gemini-2.5-flash-image')];
  const claims = [aClaim('alias', { request: asks('a'), expect: alias })];
  const row = { upstreamModel: 'gemini-2.5-flash-image' };
  const target: Partial<Target> = { usage: { source: 'token', withinMs: 6_000 } };

  test('is read in the log, as soon as the row is there', async () => {
    const { key, behave, ports } = gateway({ name: 'token' }, () => [
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
    const { key, ports } = gateway({ name: 'token' });
    const named = () => answered(200, { modelVersion: 'gemini-2.5-flash-image' });
    const made = await runOf(claims, named, { ports, target });
    expect(verdicts(made.run)).toEqual({ alias: 'pass' });
    expect(key.source.asked()).toBe(0);
  });

  test('stays unseen where no row comes in the time', async () => {
    const { key, behave, ports } = gateway({}, () => []);
    const made = await runOf(claims, behave, { ports, target });
    expect(verdicts(made.run)).toEqual({ alias: 'unseen' });
    expect(key.source.asked()).toBeLessThan(10);
  });
});
