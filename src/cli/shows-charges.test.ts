import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim, Request } from '../domain/claim.ts';
import type { UsageSourceName } from '../domain/usage.ts';
import { exchangesOf } from '../engine/charging.fixture.ts';
import {
  aClaim,
  anExpectation,
  aRequest,
  aTarget,
  fine,
  handClock,
  type Made,
  runOf,
  verdicts,
} from '../engine/engine.fixture.ts';
import { startMock } from '../mock/server.ts';
import { startAssay } from './cli.fixture.ts';
import { ACCESS_TOKEN_NAME, KEY, KEY_NAME, aDesk, behind, remembered } from './desk.fixture.ts';
import { openTransport } from './network.ts';
import { usageSources } from './usage.ts';

const aligned = [anExpectation('charged', 'aligned')];
const nothing = [anExpectation('charged', 'nothing')];
const SECRET = 'sk-secret-key';

/** A request for one image, which differs from others by its id. */
function asks(id: string, model = 'nano-banana-2'): Request {
  const json = { model, prompt: `A lamp, ${id}` };
  return aRequest(json, { path: '/v1/images/generations' });
}

const ORDINARY = aClaim('ordinary', { request: asks('a') });
const FINE = aClaim('fine', { request: asks('b'), expect: aligned });
const FINE_TOO = aClaim('fine-too', { request: asks('c'), expect: aligned });
const REFUSED = aClaim('refused', {
  request: asks('d', 'no-such-model'),
  given: [anExpectation('status', [503])],
  expect: nothing,
});

/** Runs claims through HTTP against a mock with these behaviours, both by one clock that nobody waits for. */
async function runOn(
  faults: readonly string[],
  source: UsageSourceName,
  claims: readonly Claim[],
): Promise<Made> {
  const clock = handClock();
  const mock = await startMock({ world: '2026-03-30', faults, keys: [SECRET], clock: clock.wall });
  const { accessToken, user } = mock.usage;
  const target = aTarget({ baseUrl: mock.url, mock: 'allowed', usage: { source, user } });
  const transport = openTransport(target, [target]);
  try {
    const usageOf = usageSources(transport, clock, { key: SECRET, accessToken });
    return await runOf(claims, fine, { target, ports: { transport, clock, usageOf } });
  } finally {
    await transport.close();
    await mock.close();
  }
}

/** What passes if all of these claims do. */
function held(claims: readonly Claim[]): Readonly<Record<string, string>> {
  return Object.fromEntries(claims.map(({ id }) => [id, 'pass']));
}

describe('an honest gateway', () => {
  // Some twenty readings are all that a token's own endpoints allow in this time.
  test.each([
    ['management', [ORDINARY, FINE, FINE_TOO, REFUSED]],
    ['token', [ORDINARY, FINE, FINE_TOO]],
    ['token', [ORDINARY, REFUSED]],
  ] as const)('charges as it says, read by %s', async (source, claims) => {
    expect(verdicts((await runOn([], source, claims)).run)).toEqual(held(claims));
  });

  const schedules = fc.record({
    settle: fc.nat({ max: 8_000 }),
    rowDelay: fc.nat({ max: 4_000 }),
    batch: fc.constantFrom(0, 5),
    redis: fc.constantFrom('fresh', 'stale'),
    token: fc.constantFrom('limited', 'unlimited'),
    trust: fc.constantFrom(0, 5_000_000_000),
    reading: fc.constantFrom(
      ['management', [ORDINARY, FINE, FINE_TOO, REFUSED]] as const,
      ['token', [ORDINARY, FINE]] as const,
      ['token', [ORDINARY, REFUSED]] as const,
    ),
  });

  test('is never called out of line, however late it settles, batches and caches: 200 schedules', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async ({ reading: [source, claims], ...how }) => {
        const faults = [
          `billing.settle=${how.settle}`,
          `billing.row-delay=${how.rowDelay}`,
          `billing.batch=${how.batch}`,
          `redis=${how.redis}`,
          `token=${how.token}`,
          `trust=${how.trust}`,
        ];
        const made = await runOn(faults, source, claims);
        const shown = exchangesOf(made).flatMap(({ usage }) => usage ?? []);
        expect({ verdicts: verdicts(made.run), shown }).toEqual({ verdicts: held(claims), shown });
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});

describe('a gateway with one fault', () => {
  test.each([
    ['billing.row=missing', 'counter only'],
    ['billing.row=empty', 'counter only'],
    ['billing.off=7', 'mismatch'],
    ['billing.times=2', 'charged twice'],
    ['billing.images=plus-one', 'aligned'],
    ['token=unlimited,billing.unlimited=uncounted', 'log only'],
  ])('%s: %s', async (faults, outcome) => {
    const { run, seen } = await runOn(faults.split(','), 'management', [FINE]);
    expect(verdicts(run)).toEqual({ fine: outcome === 'aligned' ? 'pass' : 'fail' });
    const observed = seen.lines.flatMap((line) =>
      'evidence' in line ? [line.evidence.observed.charged] : [],
    );
    expect(new Set(observed)).toEqual(new Set([outcome]));
  });

  test.each([
    ['billing.others=700', 'disturbed'],
    ['usage.management=throttled', 'throttled'],
    ['usage.management=refused', 'forbidden'],
    ['usage.management=absent', 'unmeasured'],
  ])('%s: could not tell, %s', async (fault, cause) => {
    const { run } = await runOn([fault], 'management', [FINE]);
    expect(verdicts(run)).toEqual({ fine: cause });
  });
});

test('a run that is interrupted while a charge settles keeps what it has, and asks anew when it goes on', async () => {
  const faults = ['billing.row-delay=1200'];
  const mock = await startMock({ world: '2026-03-30', faults, keys: [KEY] });
  const text = `
suite: s
requests: { lamp: { path: /v1/images/generations, json: { model: nano-banana-2, prompt: A lamp } } }
claims:
  - { id: drawn, says: It is drawn, request: lamp, expect: [ { image: any } ] }
  - { id: drawn.charged, says: It is charged, request: lamp, given: [ { image: any } ], expect: [ { charged: aligned } ] }
`;
  const desk = await aDesk({ suites: { 's.yaml': text }, target: behind(mock) });
  const { child, said } = startAssay(['run', '--target', 'production', ...desk.optionsOf('run')], {
    cwd: desk.folder,
    env: { [KEY_NAME]: KEY, [ACCESS_TOKEN_NAME]: mock.usage.accessToken },
  });
  while (mock.counts().generations === 0) await pause(5);
  await pause(500); // the image has come; its row has not
  child.kill('SIGINT');
  expect((await said).code).toBe(130);
  const cut = await remembered(desk.ledger);
  expect(cut.exchanges).toMatchObject([{ usage: { kind: 'unmeasured', cause: 'interrupted' } }]);
  expect(cut.evidence.map(({ verdict }) => verdict)).toMatchObject([
    { kind: 'pass' },
    { kind: 'inconclusive', cause: 'interrupted' },
  ]);
  const resumed = await desk.run('--resume');

  expect(resumed.document.cases.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  expect(resumed.code).toBe(0);
  expect(mock.counts().generations).toBe(2);
  await desk.close();
  await mock.close();
});
