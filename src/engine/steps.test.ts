import { describe, expect, it } from 'vitest';
import type { Capture, Case, Claim, Step } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exchange, Outcome } from '../domain/exchange.ts';
import { judgeAll } from '../domain/steps.ts';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  claimOn,
  type ClaimParts,
  givenClaim,
  runOf,
  unanswered,
  verdicts,
} from './engine.fixture.ts';
import { NOTHING } from './past.ts';
import type { Outgoing, Transport } from './ports.ts';

const place = { file: 'suites/s.yaml', line: 1, column: 1 };
const capture = (name: string, from: string): Capture => ({ name, from, place });

const CREATE: Step = {
  request: aRequest({ prompt: 'sea' }, { path: '/v1/video/create' }),
  expect: [],
  captures: [capture('id', '$.id')],
  place,
};
const POLL: Step = {
  request: { method: 'GET', path: '/v1/video/${id}', query: {}, headers: {}, auth: 'bearer' },
  expect: [anExpectation('json', { at: '$.status', equals: 'succeeded' })],
  captures: [capture('video', '$.url')],
  polling: {
    until: [anExpectation('json', { at: '$.status', in: ['succeeded', 'failed'] })],
    everyMs: 5_000,
    withinMs: 60_000,
  },
  place,
};
const FETCH: Step = {
  request: { method: 'GET', url: '${video}', query: {}, headers: {}, auth: 'none' },
  expect: [anExpectation('header', { name: 'content-type', matches: '^video/' })],
  captures: [],
  place,
};

function video(parts: ClaimParts & { readonly steps?: readonly Step[] } = {}): Claim {
  const steps = parts.steps ?? [CREATE, POLL, FETCH];
  const { request } = CREATE;
  const one: Case = {
    claim: 's/v',
    name: '',
    request,
    given: parts.given ?? [],
    expect: [],
    steps,
  };
  return claimOn('v', { kind: 'sent', cases: [one] }, { usd: 0.4, ...parts });
}

const URL_OF_VIDEO = 'https://media.example/1.mp4';
const pending = answered(200, { status: 'processing' });
const ready = answered(200, { status: 'succeeded', url: URL_OF_VIDEO });
const film = answered(200, {}, { 'content-type': 'video/mp4' });

/** A gateway that makes videos: what each request of a kind is answered with, in turn, the last one for ever. */
function gateway(script: {
  readonly create?: readonly Outcome[];
  readonly poll?: readonly Outcome[];
  readonly fetch?: readonly Outcome[];
}) {
  const sent: Outgoing[] = [];
  const turns = { create: 0, poll: 0, fetch: 0 };
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      const kind = request.method === 'POST' ? 'create' : request.guarded ? 'fetch' : 'poll';
      const honest = {
        create: [answered(200, { id: 'v/1' })],
        poll: [pending, ready],
        fetch: [film],
      };
      const answers = script[kind] ?? honest[kind];
      const outcome = answers[Math.min(turns[kind]++, answers.length - 1)];
      if (outcome === undefined) throw new Error(`no answer to a ${kind}`);
      return { outcome, ms: 2 };
    },
    fetch: async () => ({ kind: 'answered', status: 404, type: '' }),
  };
  return { transport, sent };
}

async function run(
  script: Parameters<typeof gateway>[0],
  claims: readonly Claim[] = [video()],
  over: Parameters<typeof runOf>[2] = {},
) {
  const { transport, sent } = gateway(script);
  const made = await runOf(claims, () => ready, { ...over, ports: { transport, ...over.ports } });
  const lines = made.seen.lines;
  return {
    ...made,
    sent,
    exchanges: lines.flatMap((line): Exchange[] => ('exchange' in line ? [line.exchange] : [])),
    evidence: lines.flatMap((line): Evidence[] => ('evidence' in line ? [line.evidence] : [])),
  };
}

describe('the steps of a claim', () => {
  it('are taken in order, each filled with what the ones before it captured', async () => {
    const { run: ended, sent, clock } = await run({});
    expect(verdicts(ended)).toEqual({ v: 'pass' });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST http://gateway.example:4000/v1/video/create',
      'GET http://gateway.example:4000/v1/video/v%2F1',
      'GET http://gateway.example:4000/v1/video/v%2F1',
      `GET ${URL_OF_VIDEO}`,
    ]);
    expect(clock.slept).toEqual([5_000]);
    expect(ended).toMatchObject({ exchanges: 3, requests: 4, usd: 0.4 });
  });

  it('show the key to the gateway, and never to a host that an answer names', async () => {
    const { sent } = await run({});
    const shown = sent.map(({ headers, guarded }) => [headers['authorization'], guarded]);
    const key = 'Bearer sk-secret-key';
    expect(shown).toEqual([
      [key, false],
      [key, false],
      [key, false],
      [undefined, true],
    ]);
    expect(JSON.stringify(sent.at(-1))).not.toContain('sk-secret-key');
  });

  it('take what a gateway echoes of the key without it', async () => {
    const leak = answered(200, {
      status: 'succeeded',
      url: 'https://evil.example/?k=sk-secret-key',
    });
    const { sent, exchanges } = await run({ poll: [leak] });
    expect(sent.at(-1)?.url).toMatch(/^https:\/\/evil\.example\//);
    expect(sent.at(-1)?.url).not.toContain('sk-secret-key');
    expect(JSON.stringify(exchanges)).not.toContain('sk-secret-key');
  });

  it('leave each an exchange, kept before the next step is sent, and one piece of evidence that names them all', async () => {
    const kept: string[] = [];
    const { transport } = gateway({});
    const { seen } = await runOf([video()], () => ready, {
      ports: {
        transport: {
          ...transport,
          send: (out, signal) => {
            kept.push(`send ${out.method} ${new URL(out.url).pathname}`);
            return transport.send(out, signal);
          },
        },
        recorder: {
          exchange: async ({ id }) => void kept.push(`keep ${id}`),
          usage: async () => {},
          evidence: async ({ exchange, exchanges, attempts, usd }) =>
            void kept.push(`evidence ${exchange} of ${exchanges?.join()}: ${attempts}, $${usd}`),
        },
      },
    });
    expect(seen.lines).toEqual([]);
    expect(kept).toEqual([
      'send POST /v1/video/create',
      'keep r1.x1',
      'send GET /v1/video/v%2F1',
      'send GET /v1/video/v%2F1',
      'keep r1.x2',
      'send GET /1.mp4',
      'keep r1.x3',
      'evidence r1.x3 of r1.x1,r1.x2,r1.x3: 4, $0.4',
    ]);
  });

  it('can be judged again from what is stored', async () => {
    for (const poll of [[ready], [answered(200, { status: 'failed' })], [pending]]) {
      const { exchanges, evidence } = await run({ poll });
      const [claim] = [video()];
      const one = claim?.basis.kind === 'sent' ? claim.basis.cases[0] : undefined;
      const first = exchanges.filter(({ id }) => evidence[0]?.exchanges?.includes(id));
      const [head, ...rest] = first;
      if (one === undefined || head === undefined) throw new Error('nothing was stored');
      const again = judgeAll(one, [head, ...rest], () => undefined);
      expect(again.verdict).toEqual(evidence[0]?.verdict);
    }
  });

  it('are all taken again in a second trial, and paid again', async () => {
    const failed = answered(200, { status: 'failed' });
    const { run: ended, sent } = await run({ poll: [failed, ready] });
    expect(ended.cases[0]).toMatchObject({
      trials: 2,
      verdict: { kind: 'pass' },
      contradicts: true,
    });
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(ended.usd).toBe(0.8);
  });

  it('share nothing, though they begin with the same request', async () => {
    const twin = { ...video(), id: 'w', basis: rename(video().basis, 's/w') };
    const alone = aClaim('a', { request: CREATE.request });
    const { sent, run: ended } = await run({}, [video(), twin, alone]);
    expect(verdicts(ended)).toMatchObject({ v: 'pass', w: 'pass', a: 'pass' });
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(3);
  });

  it('are not begun where their control failed', async () => {
    const control = aClaim('c', { expect: [anExpectation('status', [418])], as: 'broken' });
    const { sent, run: ended } = await run({}, [control, video({ given: [givenClaim('s/c')] })]);
    expect(verdicts(ended)).toMatchObject({ v: 'given' });
    expect(sent).toHaveLength(1);
  });
});

function rename(basis: Claim['basis'], claim: string): Claim['basis'] {
  if (basis.kind !== 'sent') return basis;
  return { ...basis, cases: basis.cases.map((one) => ({ ...one, claim })) };
}

describe('a polled step', () => {
  it('is one exchange of all polls, of which only the last is kept whole', async () => {
    const long = answered(
      200,
      { status: 'processing', log: 'x'.repeat(5_000) },
      { 'x-padding': 'y' },
    );
    const { exchanges } = await run({ poll: [long, long, ready] });
    const bodies = exchanges[1]?.attempts.map(({ outcome }) =>
      outcome.kind === 'answered' ? [outcome.body.text.length, outcome.body.cut] : [],
    );
    expect(bodies).toEqual([
      [256, true],
      [256, true],
      [ready.kind === 'answered' ? ready.body.text.length : 0, false],
    ]);
    expect(JSON.stringify(exchanges[1])).not.toContain('x-padding');
  });

  it('is unsettled where nothing came of it in its time, which the clock measures', async () => {
    const { run: ended, sent, clock } = await run({ poll: [pending] });
    expect(verdicts(ended)).toEqual({ v: 'unsettled' });
    expect(sent.filter(({ guarded, method }) => method === 'GET' && !guarded)).toHaveLength(13);
    expect(clock.monotonic()).toBe(60_000);
    expect(ended.cases[0]?.trials).toBe(1);
  });

  it.each<[string, Outcome]>([
    ['a transient status', answered(503, {})],
    ['a time-out', unanswered('timeout')],
    ['a broken connection', unanswered('disconnected')],
  ])('is sent again after %s', async (_, trouble) => {
    const { run: ended } = await run({ poll: [trouble, trouble, trouble, trouble, ready] });
    expect(verdicts(ended)).toEqual({ v: 'pass' });
  });

  it.each<[string, Outcome, string]>([
    ['a refusal', answered(400, { code: 'task_not_exist', message: 'no', data: null }), 'fail'],
    ['a wrong key', answered(401, {}), 'unauthorized'],
  ])('ends at once with %s', async (_, answer, said) => {
    const { run: ended, clock } = await run({ poll: [answer] }, [video({ as: 'open' })]);
    expect(verdicts(ended)).toEqual({ v: said });
    expect(clock.slept).toEqual([]);
  });

  it('is patient with a refusal that it waits out by name', async () => {
    const until = [anExpectation('status', [200])];
    const steps = [CREATE, { ...POLL, polling: { ...POLL.polling!, until } }, FETCH];
    const { run: ended } = await run({ poll: [answered(404, {}), answered(404, {}), ready] }, [
      video({ steps }),
    ]);
    expect(verdicts(ended)).toEqual({ v: 'pass' });
  });

  it('waits as long as it is asked to, but not longer than it has time', async () => {
    const slow = answered(200, { status: 'processing' }, { 'retry-after': '20' });
    expect((await run({ poll: [slow, ready] })).clock.slept).toEqual([20_000]);
    const never = answered(200, { status: 'processing' }, { 'retry-after': '600' });
    expect((await run({ poll: [never] })).clock.slept).toEqual([]);
  });

  it('ends with the run, and leaves what came before it to whoever goes on', async () => {
    const stop = new AbortController();
    const { transport } = gateway({ poll: [pending] });
    let polls = 0;
    const { run: ended, seen } = await runOf([video()], () => ready, {
      signal: stop.signal,
      ports: {
        transport: {
          ...transport,
          send: (out, signal) => {
            if (out.method === 'GET' && ++polls === 3) stop.abort();
            return transport.send(out, signal);
          },
        },
      },
    });
    expect(ended.end).toEqual({ kind: 'interrupted' });
    expect(verdicts(ended)).toEqual({ v: 'interrupted' });
    expect(seen.lines.map((line) => Object.keys(line)[0])).toEqual(['exchange']);
  });
});

describe('the budget of steps', () => {
  it('pays for what makes something, and counts what only asks', async () => {
    const { run: ended } = await run({}, [video()], { target: { budget: { usd: 0.4 } } });
    expect(verdicts(ended)).toEqual({ v: 'pass' });
    expect(ended).toMatchObject({ requests: 4, usd: 0.4 });
  });

  it('leaves out a claim that it could not finish', async () => {
    const { run: ended, sent } = await run({}, [video()], { target: { budget: { requests: 2 } } });
    expect(ended.leftOut).toEqual([{ claim: 's/v', case: '', reason: 'budget' }]);
    expect(sent).toEqual([]);
  });

  it.each([
    [3, [pending]],
    [4, [pending, pending, ready]],
  ])('of %i requests that ends under way is the cause', async (requests, poll) => {
    const {
      run: ended,
      sent,
      evidence,
    } = await run({ poll }, [video()], { target: { budget: { requests } } });
    expect(verdicts(ended)).toEqual({ v: 'budget' });
    expect(sent).toHaveLength(requests);
    expect(evidence[0]).toMatchObject({ verdict: { cause: 'budget' }, usd: 0.4 });
  });
});

describe('a ledger that fails between two steps', () => {
  it('ends the run before the next one is sent', async () => {
    const { transport, sent } = gateway({});
    const { run: ended } = await runOf([video()], () => ready, {
      ports: {
        transport,
        recorder: {
          exchange: () => Promise.reject(new Error('disk full')),
          usage: async () => {},
          evidence: async () => {},
        },
      },
    });
    expect(ended.end).toEqual({ kind: 'ledger-failed', detail: 'disk full' });
    expect(sent).toHaveLength(1);
  });
});

describe('steps of a run that goes on', () => {
  const failing = { create: [answered(200, { id: 'v/1' })], fetch: [answered(200)] };

  it('are those that are not stored, and come to the same', async () => {
    const whole = await run(failing);
    expect(whole.seen.lines).toHaveLength(8); // it surprises, so there is a second trial
    for (let upTo = 0; upTo <= whole.seen.lines.length; upTo += 1) {
      const earlier = storedBefore(whole, upTo);
      const {
        evidence,
        sent,
        run: resumed,
      } = await run({ ...failing, poll: [ready] }, undefined, {
        earlier,
      });

      const stored = earlier.exchanges.flatMap(({ attempts }) => attempts).length;
      const polls = whole.sent.length - 6;
      expect(sent.length, `${upTo}`).toBeLessThanOrEqual(whole.sent.length - stored);
      expect(sent.length, `${upTo}`).toBeGreaterThanOrEqual(whole.sent.length - stored - polls);
      expect([...earlier.evidence, ...evidence].map(({ trial }) => trial)).toEqual([1, 2]);
      for (const one of [...earlier.evidence, ...evidence]) {
        expect(one).toMatchObject({ verdict: { kind: 'fail' }, usd: 0.4 });
        expect(one.exchanges).toHaveLength(3);
      }
      expect(resumed.usd).toBe(0.8);
      expect(resumed.exchanges).toBe(6);
    }
  });

  it('begin anew before another gateway, which does not know what was begun', async () => {
    const whole = await run({});
    const earlier = storedBefore(whole, 1);
    const elsewhere = { target: { baseUrl: 'http://gateway.example:5000' }, earlier };
    const { sent, evidence } = await run({}, undefined, elsewhere);

    expect(sent[0]?.url).toBe('http://gateway.example:5000/v1/video/create');
    expect(evidence).toMatchObject([{ verdict: { kind: 'pass' }, exchanges: { length: 3 } }]);
    const through = { ...elsewhere, earlier: storedBefore(whole, 3) };
    const judged = await run({}, undefined, through);
    expect(judged.sent).toEqual([]);
    expect(judged.evidence).toMatchObject([
      { verdict: { kind: 'pass' }, target: { host: 'gateway.example:4000' } },
    ]);
  });

  it('never follow from a first one that was begun anew elsewhere since', async () => {
    const same = { ...POLL, expect: [anExpectation('json', { at: '$.id', equals: '${id}' })] };
    const claims = [video({ steps: [CREATE, same, FETCH] })];
    const answersOf = (id: string) => ({
      create: [answered(200, { id })],
      poll: [answered(200, { id, status: 'succeeded', url: URL_OF_VIDEO })],
    });
    const at = (port: number) => ({ target: { baseUrl: `http://gateway.example:${port}` } });
    const first = storedBefore(await run(answersOf('v/1'), claims, at(4000)), 2);
    const again = await run(answersOf('v/2'), claims, { ...at(5000), earlier: first });
    const second = storedBefore(again, 1);
    const exchanges = [...first.exchanges, ...second.exchanges];
    const earlier = { ...second, exchanges };
    const { sent, evidence } = await run(answersOf('v/3'), claims, { ...at(6000), earlier });

    expect(sent).toHaveLength(3);
    expect(evidence).toMatchObject([{ verdict: { kind: 'pass' }, exchanges: { length: 3 } }]);
  });
});

/** What a run has stored up to a line of its ledger. */
function storedBefore({ seen }: Awaited<ReturnType<typeof run>>, upTo: number) {
  const lines = seen.lines.slice(0, upTo);
  return {
    ...NOTHING,
    startedAt: '2026-03-30T00:00:00.000Z',
    exchanges: lines.flatMap((line): Exchange[] => ('exchange' in line ? [line.exchange] : [])),
    evidence: lines.flatMap((line): Evidence[] => ('evidence' in line ? [line.evidence] : [])),
  };
}
