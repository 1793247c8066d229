import type {
  Case,
  Claim,
  DocumentedAs,
  Expectation,
  Given,
  Json,
  Request,
  Trials,
} from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Answered, Exchange, Fetched, Outcome } from '../domain/exchange.ts';
import { makeRedactor } from '../domain/redact.ts';
import type { Target } from '../domain/target.ts';
import type { Run } from '../domain/run.ts';
import type { Settlement } from '../domain/usage.ts';
import type { MakeHash } from '../image/payload.ts';
import { writeImage } from '../image/write.ts';
import type { RunEvent } from './events.ts';
import type { Earlier } from './past.ts';
import { plan } from './plan.ts';
import type { Clock, Outgoing, Ports, Sha256, Transport } from './ports.ts';
import { run } from './run.ts';

const PLACE = { file: 'suites/s.yaml', line: 1, column: 1 };

/** Stands in for SHA-256, which is not pure: it looks like one and tells texts apart (FNV-1a). */
export const sha256: Sha256 = (data) => {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0').repeat(4);
};

/** The same of bytes that arrive in pieces. */
export const makeHash: MakeHash = () => {
  const pieces: Uint8Array[] = [];
  return {
    add: (piece) => void pieces.push(Uint8Array.from(piece)),
    hex: () => sha256(Buffer.concat(pieces)),
  };
};

/** A live target with nothing special about it. */
export function aTarget(over: Partial<Target> = {}): Target {
  return {
    name: 'local',
    grade: 'live',
    baseUrl: 'http://gateway.example:4000',
    keyName: 'LOCAL_KEY',
    concurrency: 4,
    timeoutMs: 300_000,
    budget: {},
    let: {},
    references: [],
    ...over,
  };
}

/** A request for a path; two with the same JSON are equal. */
export function aRequest(json: Json, over: Partial<Request> = {}): Request {
  return { method: 'POST', path: '/v1/x', query: {}, headers: {}, auth: 'bearer', json, ...over };
}

/** An expectation of a kind. */
export function anExpectation(kind: string, value: Json): Expectation {
  return { kind, value, place: PLACE };
}

/** A precondition that another claim passes. */
export function givenClaim(claim: string, cases: readonly string[] = ['']): Given {
  return { kind: 'claim', need: { claim, cases }, place: PLACE };
}

/** What a claim of a test says beyond its id. */
export interface ClaimParts {
  readonly as?: DocumentedAs;
  readonly usd?: number;
  readonly request?: Request;
  readonly given?: readonly Given[];
  readonly expect?: readonly Expectation[];
  /** Decided by an interval over so many trials. */
  readonly trials?: Trials;
  /** Case name → its JSON; a single case "" if absent. */
  readonly vary?: Readonly<Record<string, Json>>;
}

/** A claim of suite `s` that sends `{ id }` and expects 2xx, unless it says otherwise. */
export function aClaim(id: string, parts: ClaimParts = {}): Claim {
  const one = (name: string, request: Request): Case => ({
    claim: `s/${id}`,
    name,
    request,
    given: parts.given ?? [],
    expect: parts.expect ?? [anExpectation('status', ['2xx'])],
    ...(parts.trials && { trials: { ...parts.trials, place: PLACE } }),
  });
  const cases =
    parts.vary === undefined
      ? [one('', parts.request ?? aRequest({ id }))]
      : Object.entries(parts.vary).map(([name, json]) => one(name, aRequest(json)));
  return claimOn(id, { kind: 'sent', cases }, parts);
}

/** A claim of suite `s` with this basis. */
export function claimOn(id: string, basis: Claim['basis'], parts: ClaimParts = {}): Claim {
  return {
    suite: 's',
    id,
    says: `${id} works`,
    covers: [],
    documented: { as: parts.as ?? 'holds' },
    basis,
    freshMs: 1,
    usd: parts.usd ?? 0,
    place: PLACE,
  };
}

/** Looks these claims up. */
export function lookup(claims: readonly Claim[]) {
  return (id: string) => claims.find((claim) => `s/${claim.id}` === id);
}

/** An answer with a JSON body. */
export function answered(
  status: number,
  json: Json = {},
  headers: Record<string, string> = {},
): Answered {
  const text = JSON.stringify(json);
  return {
    kind: 'answered',
    status,
    headers,
    body: { text, bytes: text.length, payloads: [], cut: false },
  };
}

/** No answer. */
export function unanswered(cause: Extract<Outcome, { kind: 'unanswered' }>['cause']): Outcome {
  return { kind: 'unanswered', cause, detail: `it was ${cause}` };
}

/** A clock that stands still until somebody sleeps, and remembers for how long. */
export interface HandClock extends Clock {
  readonly slept: readonly number[];
}

/** A clock on which sleeping takes no real time. */
export function handClock(): HandClock {
  let now = 0;
  const slept: number[] = [];
  return {
    wall: () => Date.UTC(2026, 2, 30) + now,
    monotonic: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    slept,
  };
}

/** How a gateway in memory answers: by the request's JSON and how often just this was asked before. */
export type Behaviour = (
  json: Json,
  round: number,
  signal: AbortSignal,
) => Outcome | Promise<Outcome>;

/** Everything that went through the ports of a test. */
export interface Seen {
  readonly sent: Outgoing[];
  readonly fetched: string[];
  /** What the recorder was given, in order. */
  readonly lines: ({ exchange: Exchange } | { usage: Settlement } | { evidence: Evidence })[];
  peak: number;
}

/** Ports in memory, and what went through them. */
export function fakePorts(
  behave: Behaviour,
  over: Partial<Ports> = {},
): { ports: Ports; seen: Seen; clock: HandClock } {
  const seen: Seen = { sent: [], fetched: [], lines: [], peak: 0 };
  const clock = handClock();
  let flying = 0;
  const transport: Transport = {
    send: async (request, signal) => {
      const round = seen.sent.filter(({ body }) => body === request.body).length;
      seen.sent.push(request);
      seen.peak = Math.max(seen.peak, ++flying);
      await Promise.resolve();
      const outcome = await behave(
        JSON.parse(String(request.body ?? 'null')) as Json,
        round,
        signal,
      );
      flying -= 1;
      return { outcome, firstMs: 1, ms: 2 };
    },
    fetch: async (url): Promise<Fetched> => {
      seen.fetched.push(url);
      return { kind: 'answered', status: 404, type: 'text/plain' };
    },
  };
  const ports: Ports = {
    transport,
    clock,
    recorder: {
      exchange: async (exchange) => void seen.lines.push({ exchange }),
      usage: async (usage) => void seen.lines.push({ usage }),
      evidence: async (evidence) => void seen.lines.push({ evidence }),
    },
    usageOf: () => undefined,
    redactor: makeRedactor(['sk-secret-key']),
    makeHash,
    writeImage,
    ...over,
  };
  return { ports, seen, clock };
}

/** A gateway that is fine with everything. */
export const fine: Behaviour = () => answered(200);

/** A run in memory, and what was seen of it. */
export interface Made {
  readonly run: Run;
  readonly seen: Seen;
  readonly events: readonly RunEvent[];
  readonly clock: HandClock;
}

/** Runs all cases of some claims, or of those named, against a gateway in memory. */
export async function runOf(
  claims: readonly Claim[],
  behave: Behaviour,
  over: {
    readonly target?: Partial<Target>;
    readonly ports?: Partial<Ports>;
    readonly signal?: AbortSignal;
    readonly only?: readonly string[];
    readonly earlier?: Earlier;
  } = {},
): Promise<Made> {
  const target = aTarget(over.target);
  const { ports, seen, clock } = fakePorts(behave, over.ports);
  const events: RunEvent[] = [];
  const chosen = claims
    .filter(({ id }) => over.only === undefined || over.only.includes(id))
    .map((claim) => ({
      claim,
      cases: claim.basis.kind === 'sent' ? claim.basis.cases.map(({ name }) => name) : [],
    }));
  const made = plan({
    target,
    targetFor: () => target,
    chosen,
    claims: lookup(claims),
    sha256,
    writeImage,
  });
  const done = await run(made, ports, {
    id: 'r1',
    tool: '0.1.0',
    key: 'sk-secret-key',
    claims: lookup(claims),
    signal: over.signal ?? new AbortController().signal,
    tell: (event) => events.push(event),
    ...(over.earlier !== undefined && { earlier: over.earlier }),
  });
  return { run: done, seen, events, clock };
}

/** Verdict and cause of each case, by name. */
export function verdicts({ cases }: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cases.map(({ claim, case: name, verdict }) => [
      claim.slice(2) + (name && `/${name}`),
      verdict.kind === 'inconclusive' ? verdict.cause : verdict.kind,
    ]),
  );
}

/** The `id` that `aClaim` sends. */
export function idOf(json: Json): string {
  return (json as { readonly id: string }).id;
}
