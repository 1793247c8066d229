import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../adapters/clock.ts';
import { makeHash, sha256 } from '../adapters/sha256.ts';
import { makeGuard } from '../adapters/guard.ts';
import { makeTransport } from '../adapters/http.ts';
import { type Claim, claimId, type Standing } from '../domain/claim.ts';
import { claimStand } from '../domain/derived.ts';
import type { Evidence } from '../domain/evidence.ts';
import { makeRedactor } from '../domain/redact.ts';
import { type Target, targetId } from '../domain/target.ts';
import { plan } from '../engine/plan.ts';
import type { Clock } from '../engine/ports.ts';
import { run } from '../engine/run.ts';
import { writeImage } from '../image/write.ts';
import { caseNames } from '../suite/selector.ts';
import { remember } from './memory.ts';
import { readProject } from './project.ts';
import { openStage } from './stage.ts';
import { usageSources } from './usage.ts';

/** Faults that make a sentence false, or turn a claim, over those that make it true. */
interface Falsified {
  /** In a line of fixtures/sentences/faults.yaml. */
  readonly sentence?: number;
  /** In a line of fixtures/sentences/claims.yaml. */
  readonly claim?: string;
  readonly world: string;
  readonly honest?: readonly string[];
  readonly with: readonly string[];
  readonly why: string;
}

const root = join(import.meta.dirname, '../..');
const fixture = (name: string): unknown =>
  parse(readFileSync(join(root, 'fixtures/sentences', name), 'utf8'));
const list = [fixture('faults.yaml'), fixture('claims.yaml')].flat() as readonly Falsified[];
const means = fixture('means.yaml') as {
  readonly last: number;
  readonly untestable: readonly number[];
};
const { project, problems } = await readProject({
  words: [],
  given: { suites: join(root, 'suites') },
});
const claims = project.suites.flatMap((suite) => suite.claims);
const guard = makeGuard({ exemptHosts: ['127.0.0.1'], lookup: async () => [] });
const transport = makeTransport({ connections: 4, guard, makeHash });
const system = systemClock();
/** Waits for no retry; a charge shows at once. */
const clock: Clock = { ...system, sleep: (ms) => system.sleep(Math.min(ms, 10)) };
afterAll(() => transport.close());

describe('a gateway that breaks one sentence', () => {
  test('meets suites without a problem', () => {
    expect(problems).toEqual([]);
  });

  test('is there for each sentence that a request can settle', () => {
    const settled = Array.from({ length: means.last }, (_, index) => index + 1).filter(
      (one) => !means.untestable.includes(one),
    );
    const named = claims.filter((claim) => list.some((one) => one.claim === claimId(claim)));
    const falsified = [
      ...list.flatMap(({ sentence }) => sentence ?? []),
      ...named.flatMap(({ covers }) => covers),
    ];
    expect([...new Set(falsified)].toSorted((a, b) => Number(a) - Number(b))).toEqual(settled);
  });

  test('is there for each claim that covers none of them', () => {
    const others = claims.filter(
      ({ covers, basis }) => covers.length === 0 && basis.kind !== 'untestable',
    );
    const known = new Set(list.flatMap(({ claim }) => claim ?? []));
    expect(others.map(claimId).filter((id) => !known.has(id))).toEqual([]);
  });

  test.each(
    list.map((one) => [one.claim ?? `sentence ${one.sentence}`, one.why, one.with, one] as const),
  )('does not get past %s: %s (%s)', async (_, __, ___, falsified) => {
    const honest = await standings(falsified, falsified.honest ?? []);
    const faulty = await standings(falsified, [...(falsified.honest ?? []), ...falsified.with]);
    const noticed = [...honest].filter(([claim, standing]) =>
      isTurned(standing, faulty.get(claim)),
    );
    expect(noticed, `${show(honest)} became ${show(faulty)}`).not.toEqual([]);
  });
});

/** Decided one way, then the other: an undecided claim has noticed nothing. */
function isTurned(before: Standing, after: Standing | undefined): boolean {
  return (before === 'holds' && after === 'broken') || (before === 'broken' && after === 'holds');
}

/** How the claims that cover a sentence stand after a rehearsal against a mock with these faults. */
async function standings(
  { sentence, claim: id, world }: Falsified,
  faults: readonly string[],
): Promise<Map<string, Standing>> {
  const covering = claims.filter((claim) =>
    sentence === undefined ? claimId(claim) === id : claim.covers.includes(sentence),
  );
  const target = project.targets.find(({ grade }) => grade === 'rehearsal');
  if (target === undefined) throw new Error('no target is a rehearsal');
  const stage = await openStage(target, project.suites, { world, faults });
  try {
    const evidence = await rehearse(covering.flatMap(withParts), stage);
    const remembered = remember(project, evidence, Date.now());
    return new Map(
      covering.map((claim) => {
        const name = targetId(stage.targetFor(claim));
        return [claimId(claim), claimStand(claim, name, remembered).standing];
      }),
    );
  } finally {
    await stage.close();
  }
}

/** A derived claim follows from its parts, and selecting it alone sends nothing. */
function withParts(claim: Claim): readonly Claim[] {
  if (claim.basis.kind !== 'derived') return [claim];
  return claim.basis.of.flatMap(({ need }) => {
    const part = project.claim(need.claim);
    return part === undefined ? [] : withParts(part);
  });
}

async function rehearse(
  chosen: readonly Claim[],
  stage: {
    readonly target: Target;
    readonly targetFor: (claim: Claim) => Target;
    readonly key?: string;
    readonly accessToken?: string;
  },
): Promise<readonly Evidence[]> {
  const planned = plan({
    ...stage,
    chosen: chosen.map((claim) => ({ claim, cases: caseNames(claim) })),
    claims: project.claim,
    sha256,
    writeImage,
  });
  const evidence: Evidence[] = [];
  const ports = {
    transport,
    clock,
    recorder: {
      exchange: async () => {},
      usage: async () => {},
      evidence: async (one: Evidence) => void evidence.push(one),
    },
    usageOf: usageSources(transport, clock, { key: stage.key, accessToken: stage.accessToken }),
    redactor: makeRedactor([stage.key, stage.accessToken].filter((one) => one !== undefined)),
    sha256,
    makeHash,
    writeImage,
  };
  await run(planned, ports, {
    id: 'r1',
    tool: 'test',
    ...(stage.key === undefined ? {} : { key: stage.key }),
    claims: project.claim,
    signal: new AbortController().signal,
    tell: () => {},
  });
  return evidence;
}

function show(found: ReadonlyMap<string, Standing>): string {
  return [...found].map(([claim, standing]) => `${claim} ${standing}`).join(', ');
}
