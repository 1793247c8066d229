import * as z from 'zod';
import { CAUSES } from '../domain/cause.ts';
import type { Json } from '../domain/claim.ts';
import type { Evidence, SeenTarget } from '../domain/evidence.ts';
import type { Answers, Exchange, Outcome, Payload, Unanswered } from '../domain/exchange.ts';
import type { Summary } from '../domain/run.ts';
import {
  type LogRow,
  type Measured,
  type Settlement,
  type Unmeasured,
  type Usage,
  USAGE_SOURCES,
} from '../domain/usage.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Line, RunClose, RunResumed, RunStart } from './lines.ts';

// Fields are only ever added, so one that is not known here is no fault: an older Assay reads a newer ledger.
const seenTarget: z.ZodType<SeenTarget> = z.object({
  name: z.string(),
  grade: z.enum(['live', 'rehearsal']),
  host: z.string(),
  channel: z.number().exactOptional(),
  world: z.string().exactOptional(),
  mock: z.string().exactOptional(),
  mockAllowed: z.boolean().exactOptional(),
  let: z.record(z.string(), z.custom<Json>()).exactOptional(),
});

const runStart: z.ZodType<RunStart> = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  tool: z.string(),
  target: seenTarget,
  selected: z.array(z.string()),
  world: z.string().exactOptional(),
  faults: z.array(z.string()).exactOptional(),
  shard: z.string().exactOptional(),
  suites: z.string().exactOptional(),
  gateway: z
    .object({
      version: z.string().exactOptional(),
      prices: z.record(z.string(), z.string()).exactOptional(),
    })
    .exactOptional(),
  discover: z.string().exactOptional(),
});

const runResumed: z.ZodType<RunResumed> = z.object({
  at: z.iso.datetime(),
  tool: z.string(),
  anew: z.array(z.string()),
  lost: z.object({ requests: z.number(), usd: z.number() }),
});

const payload: z.ZodType<Payload> = z.object({
  type: z.string(),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  flaw: z.string().exactOptional(),
});

const texts = z.record(z.string(), z.string());

const unanswered: z.ZodType<Unanswered> = z.object({
  kind: z.literal('unanswered'),
  cause: z.enum(CAUSES),
  detail: z.string(),
});

const outcome: z.ZodType<Outcome> = z.union([
  z.object({
    kind: z.literal('answered'),
    status: z.number(),
    headers: texts,
    body: z.object({
      text: z.string(),
      bytes: z.number(),
      payloads: z.array(payload),
      cut: z.boolean(),
    }),
  }),
  unanswered,
]);

const answers: z.ZodType<Answers> = z.object({
  planned: z.string(),
  trial: z.number(),
  step: z.number().exactOptional(),
  usd: z.number(),
  host: z.string(),
  let: z.record(z.string(), z.custom<Json>()).exactOptional(),
});

const rows: z.ZodType<readonly LogRow[]> = z.array(
  z.object({
    kind: z.enum(['consume', 'refund', 'error', 'other']),
    quota: z.number(),
    at: z.string(),
    model: z.string(),
    requestId: z.string().exactOptional(),
    upstreamModel: z.string().exactOptional(),
    groupRatio: z.number().exactOptional(),
  }),
);

const measured: z.ZodType<Measured> = z.object({
  kind: z.literal('measured'),
  source: z.enum(USAGE_SOURCES),
  quotaPerUsd: z.number().positive(),
  counter: z.object({ before: z.number(), after: z.number(), peak: z.number() }).exactOptional(),
  rows: rows.exactOptional(),
  settledMs: z.number(),
  boundMs: z.number(),
  isSettled: z.boolean(),
  listedPerImage: z.number().exactOptional(),
  isUnlimited: z.boolean().exactOptional(),
});

const unmeasured: z.ZodType<Unmeasured> = z.object({
  kind: z.literal('unmeasured'),
  source: z.enum([...USAGE_SOURCES, 'none']),
  cause: z.enum(CAUSES),
  detail: z.string(),
  rows: rows.exactOptional(),
});

const usage: z.ZodType<Usage> = z.union([measured, unmeasured]);

const settlement: z.ZodType<Settlement> = z.object({
  exchange: z.string(),
  usage,
  usd: z.number(),
});

const exchange: z.ZodType<Exchange> = z.object({
  id: z.string(),
  sent: z.object({
    method: z.string(),
    url: z.string(),
    headers: texts,
    body: z.string().exactOptional(),
  }),
  attempts: z
    .array(
      z.object({
        at: z.iso.datetime(),
        firstMs: z.number().exactOptional(),
        ms: z.number(),
        outcome,
      }),
    )
    .min(1),
  fetched: z.record(
    z.string(),
    z.union([
      z.object({
        kind: z.literal('answered'),
        status: z.number(),
        type: z.string(),
        payload: payload.exactOptional(),
      }),
      unanswered,
    ]),
  ),
  // Here in what was written before exchanges were kept ahead of their charge.
  usage: usage.exactOptional(),
  answers: answers.exactOptional(),
});

const verdict: z.ZodType<Verdict> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pass') }),
  z.object({
    kind: z.literal('fail'),
    findings: z.array(
      z.object({
        expectation: z.string(),
        at: z.object({ file: z.string(), line: z.number(), column: z.number() }),
        expected: z.string(),
        actual: z.string(),
      }),
    ),
  }),
  z.object({
    kind: z.literal('inconclusive'),
    cause: z.enum(CAUSES),
    detail: z.string(),
  }),
]);

const evidence: z.ZodType<Evidence> = z.object({
  id: z.string(),
  run: z.string(),
  at: z.iso.datetime(),
  claim: z.string(),
  case: z.string(),
  digest: z.string(),
  trial: z.number(),
  trials: z.object({ of: z.number(), atLeast: z.number(), confidence: z.number() }).exactOptional(),
  probe: z.literal(true).exactOptional(),
  target: seenTarget,
  exchange: z.string().exactOptional(),
  exchanges: z.array(z.string()).exactOptional(),
  attempts: z.number(),
  verdict,
  observed: z.record(z.string(), z.union([z.string(), z.number()])),
  usd: z.number(),
  measured: z.literal(true).exactOptional(),
  ms: z.number().exactOptional(),
  requestId: z.string().exactOptional(),
  gatewayVersion: z.string().exactOptional(),
  alias: z.string().exactOptional(),
  sentence: z.string().exactOptional(),
  tool: z.string(),
});

const runEnd: z.ZodType<RunClose['reason']> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('complete') }),
  z.object({ kind: z.literal('interrupted') }),
  z.object({ kind: z.literal('dropped') }),
  z.object({ kind: z.literal('outage'), detail: z.string(), undecided: z.number() }),
  z.object({ kind: z.literal('ledger-failed'), detail: z.string() }),
]);

const summary: z.ZodType<Summary> = z.object({
  cases: z.number(),
  exchanges: z.number(),
  pass: z.number(),
  fail: z.number(),
  inconclusive: z.number(),
  leftOut: z.number(),
  contradictions: z.number(),
  requests: z.number(),
  fetches: z.number(),
  // Absent in what was written before charges were measured.
  reads: z.number().default(0),
  usd: z.number(),
  measuredUsd: z.number().default(0),
});

const runClose: z.ZodType<RunClose> = z.object({
  endedAt: z.iso.datetime(),
  reason: runEnd,
  summary: summary.exactOptional(),
  leftOut: z.array(z.object({ reason: z.string(), cases: z.array(z.string()) })).exactOptional(),
  unjudged: z
    .array(z.object({ cause: z.enum(CAUSES), detail: z.string(), cases: z.array(z.string()) }))
    .exactOptional(),
  hints: z.array(z.string()).exactOptional(),
});

/** The shape of a line, whatever else stands in it. */
export const lineShape: z.ZodType<Line> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: runStart }),
  z.object({ kind: z.literal('resume'), resume: runResumed }),
  z.object({ kind: z.literal('exchange'), exchange }),
  z.object({ kind: z.literal('usage'), usage: settlement }),
  z.object({ kind: z.literal('evidence'), evidence }),
  z.object({ kind: z.literal('end'), end: runClose }),
]);
