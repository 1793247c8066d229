import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CAUSES } from '../../domain/cause.ts';
import type { Json } from '../../domain/claim.ts';
import { USAGE_SOURCES } from '../../domain/usage.ts';
import type { Read, UsageSource } from '../../engine/ports.ts';
import { closeAll, never, transport } from '../loopback.fixture.ts';
import { ACCESS, gateway, honest, KEY, type Reply, sourceAt } from './gateway.fixture.ts';

afterEach(closeAll);

const PATHS = Object.keys(honest());
const RUNS = { numRuns: 150 };

/** What no gateway should say where a number, a text or a list belongs. */
const nonsense: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    '',
    '12345',
    -1,
    0.5,
    1e300,
    2 ** 53,
    [],
    {},
    [[]],
    KEY,
    ACCESS,
  ),
  fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
);

/** A gateway that answers every path as it is told, and a source of each name that is new for every run. */
async function opened() {
  const { url, now } = await gateway({});
  const { send } = transport();
  const sources = () =>
    USAGE_SOURCES.map((name) => sourceAt(url, name, { ask: send, askPublic: send }));
  return { now, sources };
}

/** Everything that a source can be asked. */
async function all(source: UsageSource): Promise<readonly Read<unknown>[]> {
  const counting = await source.counting(never);
  if (counting.kind === 'read') expect(counting.value.quotaPerUsd).toBeGreaterThan(0);
  const counter = await source.counter(never);
  if (counter.kind === 'read') expect(counter.value.spent).toSatisfy(Number.isSafeInteger);
  const rows = await source.rows(never);
  for (const { kind, quota, at, model, groupRatio } of rows.kind === 'read' ? rows.value : []) {
    expect(['consume', 'refund', 'error', 'other']).toContain(kind);
    expect(quota).toSatisfy((value) => Number.isSafeInteger(value) && Number(value) >= 0);
    expect(new Date(at).toISOString()).toBe(at);
    expect(model).toBeTypeOf('string');
    if (groupRatio !== undefined) expect(groupRatio).toBeGreaterThanOrEqual(0);
  }
  const listed = await source.listedPerImage('nano-banana', never);
  if (listed.kind === 'read' && listed.value !== undefined) {
    expect(listed.value).toBeGreaterThanOrEqual(0);
    expect(listed.value).toBeLessThan(Infinity);
  }
  return [counting, counter, rows, listed];
}

/** One short sentence under a known cause, and nothing of key or access token in it. */
function expectDiscreet(read: Read<unknown>): void {
  if (read.kind === 'read') return;
  expect(CAUSES).toContain(read.cause);
  expect(read.detail.length).toBeLessThan(160);
  expect(read.detail).not.toContain(KEY.slice('sk-'.length));
  expect(read.detail).not.toContain(ACCESS);
}

/** All places in a body at which a value stands. */
function placesIn(value: Json, before: readonly string[] = []): readonly (readonly string[])[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => placesIn(item, [...before, name]))
      : [];
  return before.length === 0 ? inner : [before, ...inner];
}

/** The same body with another value at one place. */
function withValue(value: Json, [name, ...inner]: readonly string[], other: Json): Json {
  if (name === undefined) return other;
  if (Array.isArray(value)) {
    return value.map((item: Json, at) =>
      String(at) === name ? withValue(item, inner, other) : item,
    );
  }
  const members = value as Readonly<Record<string, Json>>;
  return { ...members, [name]: withValue(members[name] ?? null, inner, other) };
}

describe('a gateway that talks nonsense', () => {
  it('is never taken for one that was read wrongly, whatever JSON it answers', async () => {
    const { now, sources } = await opened();
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom(200, 200, 200, 201, 302, 404, 429, 500),
        async (body, status) => {
          const reply: Reply = { status, body: JSON.stringify(body) };
          now.replies = Object.fromEntries(PATHS.map((path) => [path, reply]));
          for (const source of sources()) (await all(source)).forEach(expectDiscreet);
        },
      ),
      RUNS,
    );
  });

  it('is never taken for one that was read wrongly, whichever of its values is nonsense', async () => {
    const { now, sources } = await opened();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), fc.nat(), nonsense, async (path, nth, other) => {
        const replies = honest();
        const { body } = replies[path] as Reply;
        const places = placesIn(body);
        const broken = withValue(body, places[nth % places.length] ?? [], other);
        now.replies = { ...replies, [path]: { body: broken } };
        for (const source of sources()) (await all(source)).forEach(expectDiscreet);
      }),
      RUNS,
    );
  });

  const numbers: readonly (readonly [
    string,
    readonly string[],
    'counter' | 'rows' | 'counting',
  ])[] = [
    ['/api/token/409', ['data', 'used_quota'], 'counter'],
    ['/v1/dashboard/billing/usage', ['total_usage'], 'counter'],
    ['/api/usage/token/', ['data', 'total_available'], 'counter'],
    ['/api/log/self', ['data', 'items', '0', 'quota'], 'rows'],
    ['/api/log/token', ['data', '0', 'quota'], 'rows'],
    ['/api/status', ['data', 'quota_per_unit'], 'counting'],
  ];

  it('is not read where a number that counts is none', async () => {
    const { now, sources } = await opened();
    const none = fc.oneof(
      fc.string(),
      fc.constantFrom(null, true, {}, [], [1], '12345', '1e3', -1e300, 1e300, -(2 ** 60), 2 ** 80),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...numbers), none, async ([path, place, what], other) => {
        const replies = honest();
        const { body } = replies[path] as Reply;
        now.replies = { ...replies, [path]: { body: withValue(body, place, other) } };
        const reads = await Promise.all(sources().map((source) => source[what](never)));
        // All three sources ask the public endpoints; only one of them asks each of the others.
        const spared = what === 'counting' ? 0 : what === 'rows' ? 1 : 2;
        expect(reads.filter(({ kind }) => kind === 'read')).toHaveLength(spared);
      }),
      RUNS,
    );
  });

  it('is not read where its answer is cut short', async () => {
    const { now, sources } = await opened();
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (nth) => {
        const cut = ({ body }: Reply): Reply => {
          const text = JSON.stringify(body);
          return { body: text.slice(0, nth % text.length) };
        };
        const replies = Object.entries(honest()).map(([path, reply]) => [path, cut(reply)]);
        now.replies = Object.fromEntries(replies) as Record<string, Reply>;
        for (const source of sources()) {
          for (const read of await all(source)) {
            expect(read.kind).toBe('unread');
            expectDiscreet(read);
          }
        }
      }),
      RUNS,
    );
  });
});
