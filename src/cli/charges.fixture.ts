import { makeGuard } from '../adapters/guard.ts';
import { makeTransport } from '../adapters/http.ts';
import { makeHash, sha256 } from '../adapters/sha256.ts';
import type { Evidence } from '../domain/evidence.ts';
import { makeRedactor } from '../domain/redact.ts';
import type { Target, UsageSettings } from '../domain/target.ts';
import { handClock } from '../engine/engine.fixture.ts';
import { plan } from '../engine/plan.ts';
import { run } from '../engine/run.ts';
import { writeImage } from '../image/write.ts';
import { startMock } from '../mock/server.ts';
import { loadSuites } from '../suite/load.ts';
import { select } from '../suite/selector.ts';
import { usageSources } from './usage.ts';

const KEY = 'sk-TheKeyOfTheCharges01234';

/** Fine answers of one model, failures of another, an answer without an image of a third; each under what it may cost. */
const SUITE = `
suite: charges
cost: { usd: 0.1 }
requests:
  fine: { path: "/v1beta/models/gemini-3.1-flash-image-preview:generateContent", json: { contents: [ { parts: [ { text: a red square } ] } ], generationConfig: { responseModalities: [IMAGE] } } }
  failing: { path: "/v1beta/models/gemini-3-pro-image-preview:generateContent", json: { contents: [ { parts: [ { text: a red square } ] } ] } }
  imageless: { path: "/v1beta/models/gemini-2.5-flash-image:generateContent", json: { contents: [ { parts: [ { text: Say why without an image } ] } ] } }
claims:
  - { id: aligned, says: x, given: [ { image: any } ], expect: [ { charged: aligned } ] }
  - { id: listed, says: x, given: [ { image: any } ], expect: [ { charged: { perImage: listed } } ] }
  - { id: failure, says: x, request: failing, given: [ { status: 500 } ], expect: [ { charged: nothing } ] }
  - id: no-image
    says: x
    request: imageless
    given: [ { json: { at: "$.candidates[0].finishReason", equals: NO_IMAGE } } ]
    expect: [ { charged: nothing } ]
`;

/** For tests only: what the claims of the suite come to on a mock with these faults, whose clock is moved by those who wait. */
export async function chargesOf(
  faults: readonly string[],
  usage: UsageSettings = { source: 'management' },
): Promise<ReadonlyMap<string, Evidence>> {
  const clock = handClock();
  const mock = await startMock({
    world: '2026-03-30',
    faults: ['native.gemini-3-pro-image-preview=fail', ...faults],
    keys: [KEY],
    clock: clock.monotonic,
  });
  const guard = makeGuard({ exemptHosts: ['127.0.0.1'], lookup: async () => [] });
  const transport = makeTransport({ connections: 4, guard, makeHash });
  const evidence: Evidence[] = [];
  try {
    const target: Target = {
      name: 'mock',
      grade: 'rehearsal',
      baseUrl: mock.url,
      concurrency: 4,
      timeoutMs: 10_000,
      budget: {},
      let: {},
      references: [],
      usage: { ...usage, user: mock.usage.user },
    };
    const { suites, problems } = loadSuites(
      [{ name: 'charges.yaml', bytes: new TextEncoder().encode(SUITE) }],
      () => undefined,
    );
    if (problems.length > 0) throw new Error(problems[0]?.message);
    const claims = suites.flatMap((suite) => suite.claims);
    const lookup = (id: string) => claims.find((one) => `charges/${one.id}` === id);
    const { chosen } = select(suites, ['charges']);
    const planned = plan({
      target,
      targetFor: () => target,
      chosen,
      claims: lookup,
      sha256,
      writeImage,
    });
    const { accessToken } = mock.usage;
    const ports = {
      transport,
      clock,
      recorder: {
        exchange: async () => {},
        usage: async () => {},
        evidence: async (one: Evidence) => void evidence.push(one),
      },
      usageOf: usageSources(transport, clock, { key: KEY, accessToken }),
      redactor: makeRedactor([KEY, accessToken]),
      makeHash,
      writeImage,
    };
    await run(planned, ports, {
      id: 'r1',
      tool: 'test',
      key: KEY,
      claims: lookup,
      signal: new AbortController().signal,
      tell: () => {},
    });
  } finally {
    await transport.close();
    await mock.close();
  }
  return new Map(evidence.map((one) => [one.claim.replace('charges/', ''), one]));
}

/** For tests only: `pass`, the cause for which it could not be told, or the outcomes that its findings name. */
export function toldOf({ verdict }: Evidence): string {
  if (verdict.kind === 'pass') return 'pass';
  if (verdict.kind === 'inconclusive') return verdict.cause;
  return verdict.findings
    .map(({ actual }) => actual.slice(0, Math.max(0, actual.indexOf(':'))))
    .join(' and ');
}
