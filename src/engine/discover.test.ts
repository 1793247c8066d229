import { describe, expect, test } from 'vitest';
import type { Claim, Json } from '../domain/claim.ts';
import type { Discover, Side } from '../domain/discover.ts';
import { writeImage } from '../image/write.ts';
import { type Discovery, type Search, searchLimit } from './discover.ts';
import {
  aClaim,
  anExpectation,
  answered,
  aRequest,
  aTarget,
  type Behaviour,
  fakePorts,
  givenClaim,
  lookup,
  type Seen,
  sha256,
  unanswered,
} from './engine.fixture.ts';

const MESSAGE = 'at most 14 images';

function side(claim: Claim, values: readonly number[]): Side {
  const [one] = claim.basis.kind === 'sent' ? claim.basis.cases : [];
  if (one === undefined) throw new Error('no case');
  const open = { ...one, name: '', request: aRequest({ n: '${n}' }) };
  return { open, values: values.map((value) => ({ value, case: `n=${value}` })) };
}

/** Two claims about a limit of 14, and a control that the second one asks for. */
function aSearch(over: Partial<Search> = {}): Search & { readonly claims: readonly Claim[] } {
  const control = aClaim('control', { usd: 0.01 });
  const within = aClaim('within', { usd: 0.05, vary: { 'n=1': { n: 1 }, 'n=14': { n: 14 } } });
  const beyond = aClaim('beyond', {
    usd: 0.02,
    vary: { 'n=15': { n: 15 } },
    given: [givenClaim('s/control')],
    expect: [anExpectation('rejected', { message: MESSAGE })],
  });
  const discover: Discover = {
    vary: 'n',
    between: [1, 64],
    over: 's/beyond',
    accepts: side(within, [1, 14]),
    rejects: side(beyond, [15]),
  };
  return {
    claim: within,
    over: beyond,
    discover,
    target: aTarget(),
    mostProbes: 20,
    claims: [control, within, beyond],
    ...over,
  };
}

const numberIn = (json: Json): number => Number((json as { readonly n?: number }).n);

/** A gateway that takes so many, and names its limit. */
function limitedTo(limit: number): Behaviour {
  return (json) =>
    numberIn(json) > limit
      ? answered(400, { error: { message: `at most ${limit} images`, type: '', code: '' } })
      : answered(200);
}

async function search(
  behave: Behaviour,
  over: Partial<Search> = {},
  signal = new AbortController().signal,
): Promise<Discovery & { readonly seen: Seen }> {
  const { claims, ...what } = aSearch(over);
  const { ports, seen } = fakePorts(behave);
  const order = { id: 'r1', tool: '1', claims: lookup(claims), signal, tell: () => {} };
  const found = await searchLimit(what, { sha256, writeImage }, ports, order, () => {});
  return { ...found, seen };
}

describe('a search', () => {
  test('makes one exchange of each probe, judged by both claims, behind the control that one of them asks for', async () => {
    const { probes, conclusion, run, seen } = await search(limitedTo(17));
    expect(conclusion).toEqual({ kind: 'sharp', lastAccepted: 17, firstRejected: 18, times: 3 });
    expect(probes.map(({ value, trial, reading }) => [value, trial, reading])).toEqual([
      [14, 1, 'accepted'],
      [15, 1, 'accepted'],
      [19, 1, 'rejected'],
      [17, 1, 'accepted'],
      [18, 1, 'rejected'],
      [18, 2, 'rejected'],
      [17, 2, 'accepted'],
      [17, 3, 'accepted'],
      [18, 3, 'rejected'],
    ]);
    expect(seen.sent).toHaveLength(10);
    expect([run.requests, run.usd, run.end.kind]).toEqual([10, 0.46, 'complete']);
    const kept = seen.lines.flatMap((line) => ('evidence' in line ? [line.evidence] : []));
    expect(kept.filter(({ probe }) => probe !== true).map(({ claim }) => claim)).toEqual([
      's/control',
    ]);
    const atNineteen = kept.filter((one) => one.case === 'n=19');
    expect(atNineteen.map(({ claim, verdict }) => [claim, verdict.kind])).toEqual([
      ['s/beyond', 'fail'],
      ['s/within', 'fail'],
    ]);
    expect(new Set(atNineteen.map(({ exchange }) => exchange)).size).toBe(1);
  });

  test('takes a refusal that names another number for the same reason, and says what it said', async () => {
    const { probes } = await search(limitedTo(17));
    expect(probes[2]?.said).toContain('at most 17 images');
    const { probes: documented } = await search(limitedTo(14));
    expect(documented[1]).toMatchObject({ value: 15, reading: 'rejected' });
    expect(documented[1]).not.toHaveProperty('said');
  });

  test('takes a refusal for another reason for none, tries once more, and then gives up', async () => {
    const { probes, conclusion } = await search((json) =>
      numberIn(json) > 14
        ? answered(400, { error: { message: 'no such model', type: '', code: '' } })
        : answered(200),
    );
    expect(probes.map(({ value, reading }) => [value, reading])).toEqual([
      [14, 'accepted'],
      [15, 'neither'],
      [15, 'neither'],
    ]);
    expect(probes[1]?.said).toContain('no such model');
    expect(conclusion).toEqual({ kind: 'untold', value: 15 });
  });

  test('decides nothing by what is throttled', async () => {
    const { conclusion, probes } = await search((json) =>
      numberIn(json) === 15 ? answered(429) : limitedTo(14)(json, 0, new AbortController().signal),
    );
    expect(conclusion).toEqual({ kind: 'untold', value: 15 });
    expect(probes.at(-1)?.said).toMatch(/^throttled/);
  });

  test('never spends more than its budget, and says what it knows by then', async () => {
    const target = aTarget({ budget: { usd: 0.17 } });
    const { conclusion, run, probes } = await search(limitedTo(17), { target });
    expect(conclusion).toMatchObject({ kind: 'cut-off', why: 'budget' });
    expect(run.usd).toBeCloseTo(0.16, 9);
    expect(probes).toHaveLength(3);
  });

  test('makes no more probes than it may', async () => {
    const { conclusion, probes } = await search(limitedTo(17), { mostProbes: 4 });
    expect(conclusion).toMatchObject({ kind: 'cut-off', why: 'probes' });
    expect(probes).toHaveLength(4);
  });

  test('ends where the target is gone', async () => {
    const { conclusion, run } = await search(() => unanswered('unreachable'));
    expect(conclusion.kind).toBe('cut-off');
    expect(run.end.kind).toBe('outage');
  });

  test('keeps what it has found when it is interrupted', async () => {
    const controller = new AbortController();
    const { conclusion, run, probes, seen } = await search(
      (json, round, signal) => {
        if (numberIn(json) === 19) controller.abort();
        return limitedTo(17)(json, round, signal);
      },
      {},
      controller.signal,
    );
    expect(conclusion).toMatchObject({ kind: 'cut-off', why: 'ended' });
    expect(run.end.kind).toBe('interrupted');
    expect(probes.map(({ value }) => value)).toEqual([14, 15, 19]);
    expect(seen.lines.filter((line) => 'evidence' in line)).toHaveLength(7);
  });
});
