import { afterEach, describe, expect, it } from 'vitest';
import { USAGE_SOURCES, type UsageSourceName } from '../../domain/usage.ts';
import { handClock } from '../../engine/engine.fixture.ts';
import { limited } from '../../engine/limits.ts';
import type { Read, UsageSource } from '../../engine/ports.ts';
import { images, KEY } from '../../mock/asking.ts';
import { type Mock, startMock } from '../../mock/server.ts';
import { cleanup, closeAll, never, transport } from '../loopback.fixture.ts';
import { makeUsageSource, PUBLIC_PACE, SOURCES } from './sources.ts';

afterEach(closeAll);

/** One image of any model, in the mock's units. */
const PRICE = 20_000;

/** A mock with a clock that is moved by hand, and its sources, each held to its pace. */
async function opened(...faults: readonly string[]) {
  const clock = handClock();
  const mock = await startMock({
    world: '2026-03-30',
    faults,
    keys: [KEY],
    clock: clock.monotonic,
  });
  cleanup.push(() => mock.close());
  const { send } = transport();
  const askPublic = limited(PUBLIC_PACE, clock, send);
  const source = (name: UsageSourceName): UsageSource =>
    makeUsageSource(name, {
      baseUrl: mock.url,
      key: KEY,
      accessToken: mock.usage.accessToken,
      user: mock.usage.user,
      timeoutMs: 5_000,
      // Most endpoints share one limit.
      ask: name === 'token' ? limited(SOURCES.token.pace, clock, send) : askPublic,
      askPublic,
    });
  return { clock, mock, source };
}

/** What is read, or the cause for which it is not. */
function valueOf<Value>(read: Read<Value>): Value {
  if (read.kind === 'unread') throw new Error(`unread: ${read.cause}: ${read.detail}`);
  return read.value;
}

/** By how much a source's counter moves while something happens. */
async function moved(source: UsageSource, happen: () => Promise<unknown>): Promise<number> {
  const { spent } = valueOf(await source.counter(never));
  await happen();
  return valueOf(await source.counter(never)).spent - spent;
}

const twoImages = (mock: Mock) => () => images(mock, { n: 2 });

describe('a source of the mock', () => {
  it.each(
    USAGE_SOURCES.flatMap((name) =>
      [
        [],
        ['token=unlimited'],
        ['quota.display=CNY'],
        ['quota.display=TOKENS'],
        ['log.other=object'],
      ].map((faults) => [name, faults.join(' ') || 'no fault', faults] as const),
    ),
  )('%s sees what was charged, with %s', async (name, _, faults) => {
    const { mock, source: open } = await opened(...faults);
    const source = open(name);
    expect(await moved(source, twoImages(mock))).toBe(2 * PRICE);
    expect(valueOf(await source.counting(never))).toEqual({
      quotaPerUsd: 500_000,
      isBatching: false,
    });
    expect(valueOf(await source.listedPerImage('nano-banana-2', never))).toBe(PRICE);
    const { isUnlimited = false } = valueOf(await source.counter(never));
    expect(isUnlimited).toBe(faults.includes('token=unlimited'));
    if (!source.sees.log) return;
    expect(valueOf(await source.rows(never))).toMatchObject([
      {
        kind: 'consume',
        quota: 2 * PRICE,
        model: 'nano-banana-2',
        upstreamModel: 'gemini-3.1-flash-image-preview',
        groupRatio: 1,
        requestId: expect.stringMatching(/^20260330/) as string,
      },
    ]);
  });

  it.each(USAGE_SOURCES)('%s is told of batches, which the counter waits for', async (name) => {
    const { mock, source: open, clock } = await opened('billing.batch=5');
    const source = open(name);
    expect(valueOf(await source.counting(never)).isBatching).toBe(true);
    expect(await moved(source, twoImages(mock))).toBe(0);
    const later = await moved(source, () => clock.sleep(5_000));
    expect(later).toBe(2 * PRICE);
  });

  it('is not misled by what Redis keeps of a limited key', async () => {
    const { mock, source: open } = await opened('redis=stale');
    const source = open('token');
    expect(await moved(source, twoImages(mock))).toBe(2 * PRICE);
    expect(source.staleMs).toBe(0);
  });

  it('says for how long Redis may hide what a key without limit has used', async () => {
    const { mock, source: open, clock } = await opened('redis=stale', 'token=unlimited');
    const source = open('token');
    expect(await moved(source, twoImages(mock))).toBe(0);
    expect(await moved(source, () => clock.sleep(source.staleMs))).toBe(2 * PRICE);
  });

  it('gives the key of an older build in the query', async () => {
    const { mock, source: open } = await opened('log.key=query', 'log.request-id=absent');
    await images(mock);
    const rows = valueOf(await open('token').rows(never));
    expect(rows).toMatchObject([{ quota: PRICE }]);
    expect(rows[0]).not.toHaveProperty('requestId');
  });

  it.each([
    ['throttled', ['throttled', 'throttled', 'throttled', 'throttled', 'throttled']],
    ['refused', ['forbidden', 'forbidden', 'unauthorized', 'forbidden', 'unauthorized']],
    ['absent', ['unmeasured', 'unmeasured', 'unmeasured', 'unmeasured', 'unmeasured']],
  ])('is not read where it is %s', async (state, causes) => {
    const { source } = await opened(`usage=${state}`);
    const [management, dashboard, token] = [
      source('management'),
      source('dashboard'),
      source('token'),
    ];
    const reads = [
      await management.counter(never),
      await management.rows(never),
      await dashboard.counter(never),
      await token.counter(never),
      await token.rows(never),
    ];
    expect(reads.map((read) => (read.kind === 'unread' ? read.cause : 'read'))).toEqual(causes);
  });
});

describe('a settlement that never ends', () => {
  it.each(USAGE_SOURCES)('makes nobody ask %s oftener than it allows', async (name) => {
    const { source: open, clock } = await opened();
    const source = open(name);
    const { count, perMs } = SOURCES[name].pace;
    const details = new Set<string>();
    // Far more than is allowed, in three windows at most; the mock limits as new-api does, by the same clock.
    for (let poll = 0; poll < count * 2 && clock.monotonic() < perMs * 2.5; poll++) {
      const read = await source.counter(never);
      if (read.kind === 'unread') details.add(read.detail.replace(/^.*: /, ''));
      await clock.sleep(500);
    }
    // Three minutes are waited for, twenty are not; an empty 429 of the mock would be told here as well.
    const isScarce = name === 'token';
    expect([...details]).toEqual(isScarce ? ['the source allows 20 reads in 20 min'] : []);
    expect(source.asked()).toBeGreaterThanOrEqual(count);
    expect(source.asked()).toBeLessThanOrEqual(count * 3);
  });
});
