import { join } from 'node:path';
import { openLedgerFile, recorder } from '../adapters/ledger.ts';
import { makeHash, sha256 } from '../adapters/sha256.ts';
import type { Claim } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import { makeRedactor } from '../domain/redact.ts';
import { summary } from '../domain/run.ts';
import type { Target } from '../domain/target.ts';
import { sentCases } from '../engine/due.ts';
import { seenTarget } from '../engine/evidence.ts';
import { plan } from '../engine/plan.ts';
import type { Clock, Transport } from '../engine/ports.ts';
import { run } from '../engine/run.ts';
import { limitsOf, onShard } from '../engine/shards.ts';
import { writeImage } from '../image/write.ts';
import type { RunStart } from '../ledger/lines.ts';
import { type Mock, startMock } from '../mock/server.ts';
import { caseNames } from '../suite/selector.ts';
import { dueOf } from './due.ts';
import { gatewayNow } from './gateway.ts';
import { openTransport } from './network.ts';
import { BUDGET_USD, centsOf, yearClaim, yearRemembers, yearSuite } from './year-suite.fixture.ts';

const DAY_MS = 86_400_000;
const FIRST_NIGHT_MS = Date.UTC(2026, 0, 1, 2);
/** How many machines share a night. */
export const SHARDS = 3;
/** The nights on which the gateway is another version, from then on. */
const VERSIONS = new Map([
  [0, 'v0.11.4'],
  [120, 'v0.11.5'],
  [240, 'v0.12.0'],
]);
/** The nights on which nobody answers. */
const OUTAGES = new Set([5, 60, 61, 62, 121, 200, 201, 300]);

/** A year has this many nights. */
export const NIGHTS = 365;

/** When a night begins: never quite at the same time. */
export function nightMs(night: number): number {
  return FIRST_NIGHT_MS + night * DAY_MS + chance(`night ${night}`) * 20 * 60_000;
}

/** One night, as it went on all machines together. */
export interface Night {
  readonly night: number;
  /** What the runs say that they spent, at most. */
  readonly usd: number;
  /** What was sent, at its declared price, as the gateway has seen it. */
  readonly sentUsd: number;
  readonly requests: number;
  /** All that is known after it. */
  readonly evidence: readonly Evidence[];
}

/**
 * Lives some nights of a year below a folder: every night, each machine runs what is due of its shard by what all of them knew the
 * morning before, and keeps its own ledger `shard-1`, …. The gateway is a mock on loopback; its faults come by what is asked on
 * which night, and not by when, so that a year is the same whatever is first.
 */
export async function liveYear(
  folder: string,
  nights: number,
  orderOf: (night: number) => readonly number[],
  after: (night: Night) => void,
): Promise<void> {
  const broken = await startMock({ world: '2026-03-30', faults: ['fail=503'] });
  let mock: Mock | undefined;
  let transport: ReturnType<typeof openTransport> | undefined;
  let evidence: readonly Evidence[] = [];
  const starts: RunStart[] = [];
  try {
    for (let night = 0; night < nights; night += 1) {
      const version = VERSIONS.get(night);
      if (version !== undefined) {
        await Promise.all([mock?.close(), transport?.close()]);
        const faults = ['answer=bare', `gateway.version=${version}`];
        mock = await startMock({ world: '2026-03-30', faults });
        transport = openTransport(targetAt(mock.url), [targetAt(mock.url)]);
      }
      if (mock === undefined || transport === undefined) throw new Error('no gateway');
      const url = OUTAGES.has(night) ? 'http://127.0.0.1:9' : mock.url;
      const sent: number[] = [];
      const faulty = withFaults(transport, { night, url, broken: broken.url, sent });
      const found: Evidence[] = [];
      let usd = 0;
      for (const index of orderOf(night)) {
        const ran = await runNight(join(folder, `shard-${index}`), {
          night,
          index,
          evidence,
          starts: [...starts],
          transport: faulty,
          target: targetAt(url),
        });
        usd += ran.usd;
        found.push(...ran.evidence);
        starts.push(ran.start);
      }
      evidence = [...evidence, ...found];
      const sentUsd = sent.reduce((sum, cents) => sum + cents, 0) / 100;
      after({ night, usd, sentUsd, requests: sent.length, evidence });
    }
  } finally {
    await Promise.all([mock?.close(), broken.close(), transport?.close()]);
  }
}

function targetAt(baseUrl: string): Target {
  return {
    name: 'production',
    grade: 'live',
    baseUrl,
    keyName: 'KEY',
    concurrency: 4,
    timeoutMs: 30_000,
    budget: { usd: BUDGET_USD },
    let: {},
    references: [],
    mock: 'allowed',
  };
}

/** What one machine is told of a night. */
interface Machine {
  readonly night: number;
  readonly index: number;
  readonly evidence: readonly Evidence[];
  readonly starts: readonly RunStart[];
  readonly transport: Transport;
  readonly target: Target;
}

/** `assay run --due --shard INDEX/3`, by a clock that stands still but for those who sleep. */
async function runNight(folder: string, { night, index, target, ...known }: Machine) {
  const clock = standingClock(nightMs(night));
  const { transport } = known;
  const startedAt = new Date(clock.wall()).toISOString();
  const all = yearSuite.claims;
  const targetFor = () => target;
  const signal = new AbortController().signal;
  const shard = { index, of: SHARDS };
  const choice = all.map((claim) => ({ claim, cases: caseNames(claim) }));
  const planning = { claims: yearClaim, targetFor, sha256 };
  const chosen = onShard({ ...planning, chosen: choice }, all, shard).flatMap(whole);
  const cases = Array.from(sentCases(chosen, targetFor), (one) => one.case);
  const { gateway } = await gatewayNow(target, cases, transport, signal);
  const stage = { target: limitsOf(target, shard), targetFor };
  const due = dueOf({
    chosen,
    stage,
    gateway,
    withinMs: DAY_MS,
    runs: known.starts,
    project: { suites: [yearSuite], targets: [target], claim: planning.claims },
    remembered: yearRemembers(known.evidence, clock.wall()),
  });
  const planned = plan({
    ...planning,
    target: stage.target,
    chosen: due.chosen,
    within: due.within,
    writeImage,
  });
  const day = startedAt.slice(0, 10).replaceAll('-', '');
  const id = `r${day}-${String(night + 1).padStart(4, '0')}-000${index}`;
  const start = { id, startedAt, tool: '0.1.0', target: seenTarget(target), selected: [], gateway };
  const file = await openLedgerFile(folder, id);
  const kept = recorder(file, sha256);
  await kept.start(start);
  const evidence: Evidence[] = [];
  const redactor = makeRedactor(['sk-year']);
  const done = await run(
    planned,
    { transport, clock, recorder: kept, usageOf: () => undefined, redactor, makeHash, writeImage },
    {
      id,
      tool: '0.1.0',
      key: 'sk-year',
      claims: planning.claims,
      signal,
      tell: (event) => {
        if (event.kind === 'judged') evidence.push(event.evidence);
      },
    },
  );
  await kept.end({ endedAt: done.endedAt, reason: done.end, summary: summary(done) });
  await file.close();
  return { usd: done.usd, evidence, start };
}

function whole(choice: { readonly claim: Claim; readonly cases: readonly string[] }) {
  return choice.cases.length === 0 ? [] : [choice];
}

function standingClock(wallMs: number): Clock {
  let monotonic = 0;
  return {
    wall: () => wallMs,
    monotonic: () => monotonic,
    sleep: async (ms) => void (monotonic += ms),
  };
}

/** What meddles with the requests of a night. */
interface Faults {
  readonly night: number;
  readonly url: string;
  /** Where everything answers 503. */
  readonly broken: string;
  /** Takes in the price of each request that arrives, in cents. */
  readonly sent: number[];
}

/** The end of the first 150 nights, and that of the year: by then all that went wrong before has to be made good. */
function isCalm(night: number): boolean {
  return (night >= 135 && night < 150) || night >= 350;
}

/** One request in ten is answered only when it is sent again, and one in fifty not even then. */
function withFaults(real: Transport, { night, url, broken, sent }: Faults): Transport {
  const rounds = new Map<string, number>();
  return {
    ...real,
    async send(request, signal) {
      const body = typeof request.body === 'string' ? request.body : undefined;
      if (body === undefined) return await real.send(request, signal);
      const asked = (JSON.parse(body) as { readonly prompt: string }).prompt;
      const round = rounds.get(asked) ?? 0;
      rounds.set(asked, round + 1);
      const luck = chance(`${night} ${asked}`);
      const isFaulty = !isCalm(night) && (luck < 0.02 || (luck < 0.1 && round === 0));
      const to = isFaulty ? request.url.replace(url, broken) : request.url;
      const sending = await real.send({ ...request, url: to }, signal);
      if (sending.outcome.kind === 'answered') sent.push(centsOf(asked));
      // How long it takes on this machine must not decide what comes first.
      return { ...sending, firstMs: 1, ms: 1000 };
    },
  };
}

/** A number from 0 to below 1 that follows from a text. */
function chance(text: string): number {
  return Number.parseInt(sha256(text).slice(0, 8), 16) / 2 ** 32;
}
