import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../adapters/clock.ts';
import { makeGuard } from '../adapters/guard.ts';
import { makeTransport } from '../adapters/http.ts';
import { makeHash, sha256 } from '../adapters/sha256.ts';
import { makeRedactor } from '../domain/redact.ts';
import type { Run } from '../domain/run.ts';
import type { Verdict } from '../domain/verdict.ts';
import { plan } from '../engine/plan.ts';
import { run } from '../engine/run.ts';
import { writeImage } from '../image/write.ts';
import { type Mock, startMock } from '../mock/server.ts';
import { behind, type Desk, aDesk, KEY, KEY_NAME, remembered, textOf } from './desk.fixture.ts';
import { readProject } from './project.ts';
import { openStage } from './stage.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/steps');
const SUITE = readFileSync(join(FOLDER, 'video.yaml'), 'utf8');

/** The line on which a piece of the suite stands. */
function lineOf(text: string): number {
  return SUITE.split('\n').findIndex((line) => line.includes(text)) + 1;
}

interface Broken {
  readonly fault: string;
  readonly expectation: string;
  readonly expected: string;
  readonly actual: string;
  /** What stands on the line of the finding. */
  readonly at: string;
}

const CREATE = 'request: create';
const POLL = '- request: { path: "/v1/video/${id}" }';
const FETCH = '- request: { url: "${video}"';

const BROKEN: readonly Broken[] = [
  {
    fault: 'video=fail',
    expectation: 'status',
    expected: '2xx',
    actual: '500 "upstream request for veo3.1-fast failed"',
    at: CREATE,
  },
  {
    fault: 'video.id=absent',
    expectation: 'capture.id',
    expected: 'one value at $.id',
    actual: 'nothing there',
    at: 'capture: { id',
  },
  {
    fault: 'video.id=null',
    expectation: 'capture.id',
    expected: 'one value at $.id',
    actual: 'null',
    at: 'capture: { id',
  },
  {
    fault: 'video.id=..',
    expectation: 'request.path',
    expected: 'one segment in /v1/video/${id}',
    actual: '"/v1/video/.."',
    at: POLL,
  },
  {
    fault: 'video.id=../../admin?x=1',
    expectation: 'status',
    expected: '2xx',
    actual: '400 "task ../../admin?x=1 does not exist"',
    at: POLL,
  },
  {
    fault: 'video.end=failed',
    expectation: 'json $.status',
    expected: '"succeeded"',
    actual: '"failed"',
    at: 'equals: succeeded',
  },
  {
    fault: 'video.query=400',
    expectation: 'status',
    expected: '2xx',
    actual: '400 "status 400"',
    at: POLL,
  },
  {
    fault: 'video.url=absent',
    expectation: 'capture.video',
    expected: 'one value at $.url',
    actual: 'nothing there',
    at: 'capture: { video',
  },
  {
    fault: 'video.url=null',
    expectation: 'capture.video',
    expected: 'one value at $.url',
    actual: 'null',
    at: 'capture: { video',
  },
  {
    fault: 'video.url=/files/1.mp4',
    expectation: 'request.url',
    expected: 'an http or https URL',
    actual: '"/files/1.mp4"',
    at: FETCH,
  },
  { fault: 'archive.status=404', expectation: 'status', expected: '2xx', actual: '404', at: FETCH },
  {
    fault: 'archive.body=html',
    expectation: 'header content-type',
    expected: 'a match of ^video/',
    actual: '"text/html"',
    at: 'matches: "^video/"',
  },
];

const UNTOLD: readonly (readonly [fault: string, cause: string, detail: RegExp])[] = [
  [
    'video.end=never',
    'unsettled',
    /^step 2: after \d+ polls expected one of \["succeeded","failed"\], got "processing"$/,
  ],
  ['video.query=401', 'unauthorized', /^step 2: 401/],
  ['video.query=503', 'unavailable', /^step 2: 503/],
  ['archive.status=503', 'unavailable', /^step 3: 503/],
  ['video.url=http://127.0.0.2:9/a.mp4', 'guarded', /^step 3: http:\/\/127\.0\.0\.2/],
];

const { project } = await readProject({ words: [], given: { suites: FOLDER } });
const guard = makeGuard({ exemptHosts: ['127.0.0.1'], lookup: async () => [] });
const transport = makeTransport({ connections: 4, guard, makeHash });
afterAll(() => transport.close());

/** The suite against a mock that behaves so, in this process: what came of each claim. */
async function rehearse(...faults: readonly string[]): Promise<Run> {
  const target = project.targets.find(({ grade }) => grade === 'rehearsal');
  if (target === undefined) throw new Error('no target is a rehearsal');
  const stage = await openStage(target, project.suites, { faults });
  try {
    const chosen = project.suites.flatMap(({ claims }) =>
      claims.map((claim) => ({ claim, cases: [''] })),
    );
    const planned = plan({ ...stage, chosen, claims: project.claim, sha256, writeImage });
    const clock = systemClock(Date.now());
    const ignore = async () => {};
    const recorder = { exchange: ignore, usage: ignore, evidence: ignore };
    const redactor = makeRedactor([stage.key ?? '']);
    const ports = {
      transport,
      clock,
      recorder,
      usageOf: () => undefined,
      redactor,
      sha256,
      makeHash,
      writeImage,
    };
    return await run(planned, ports, {
      id: 'r1',
      tool: 'test',
      key: stage.key ?? '',
      claims: project.claim,
      signal: new AbortController().signal,
      tell: () => {},
    });
  } finally {
    await stage.close();
  }
}

async function made(...faults: readonly string[]): Promise<Verdict | undefined> {
  return (await rehearse(...faults)).cases.find(({ claim }) => claim === 'video/made')?.verdict;
}

describe('a claim of several steps', () => {
  test('holds on the honest gateway', async () => {
    const done = await rehearse();
    expect(done.cases.map(({ claim, verdict }) => `${claim} ${verdict.kind}`).toSorted()).toEqual([
      'video/made pass',
      'video/queried pass',
      'video/unknown pass',
    ]);
    // Three steps, one of them polled three times; two steps; one request.
    expect(done).toMatchObject({ exchanges: 6, requests: 8, usd: 1.2 });
  });

  test('waits out what passes', async () => {
    expect(await made('video.query=503|429|ok', 'video.polls=1')).toEqual({ kind: 'pass' });
  });

  test.each(BROKEN)('notices $fault, at the line of its step', async (broken) => {
    const { fault, at, ...said } = broken;
    const verdict = await made(fault);
    const [finding] = verdict?.kind === 'fail' ? verdict.findings : [];
    expect(finding).toMatchObject(said);
    expect(finding?.at.line).toBe(lineOf(at));
  });

  test.each(UNTOLD)('cannot tell with %s: %s', async (fault, cause, detail) => {
    expect(await made(fault)).toEqual({
      kind: 'inconclusive',
      cause,
      detail: expect.stringMatching(detail),
    });
  });
});

describe('what is said of steps', () => {
  let mock: Mock;
  let live: Desk;
  beforeAll(async () => {
    mock = await startMock({ world: '2026-04-14', keys: [KEY] });
    live = await aDesk({ suites: { 'video.yaml': SUITE }, target: behind(mock) });
    await live.run();
  });
  afterAll(async () => {
    await live.close();
    await mock.close();
  });

  test('is their order, how often they are polled, and the most that they can take', async () => {
    const { stdout } = await live.assay(['plan', '--target', 'production', 'video/made']);
    expect(stdout).toContain(
      'POST /v1/video/create, GET /v1/video/${id} (at most 151 times), GET ${video}  production  $0.40',
    );
    // Two trials of three sendings, 151 polls and three sendings; only the first one costs.
    expect(stdout).toContain('1 case in 1 exchange, $0.40; at worst 314 requests, $2.40');
  });

  test('is one piece of evidence, and a command for each step', async () => {
    const { evidence, exchanges } = await remembered(live.ledger);
    const whole = evidence.find(({ claim }) => claim === 'video/made');
    expect(whole?.exchanges).toHaveLength(3);
    expect(whole?.exchange).toBe(whole?.exchanges?.at(-1));
    expect(whole?.attempts).toBe(5);
    const { stdout } = await live.assay(['explain', 'video/made']);
    const [create, poll, fetch] = stdout.split('curl -X ').slice(1);
    expect(create).toMatch(/^POST 'http:\/\/127\.0\.0\.1:\d+\/v1\/video\/create'/);
    expect(poll).toMatch(/^GET 'http:\/\/127\.0\.0\.1:\d+\/v1\/video\/task_2026/);
    expect(fetch).toMatch(/^GET 'http:\/\/127\.0\.0\.1:\d+\/task-artifacts\/.*\.mp4'/);
    expect(create).toContain(`"$${KEY_NAME}"`);
    expect(fetch).not.toContain(KEY_NAME);
    expect(exchanges).toHaveLength(6);
  });

  test('is said again by stored exchanges, without the network', async () => {
    const { code, stdout } = await live.assay(['judge']);
    expect(stdout.match(/^pass /gm)).toHaveLength(3);
    expect(stdout).not.toContain('(was ');
    expect(code).toBe(0);
  });

  test('never shows the key to the host of a video, nor keeps it', async () => {
    expect(mock.counts()).toMatchObject({ artifacts: 1, keysSeenByHosting: 0 });
    expect(await textOf(live.ledger)).not.toContain(KEY);
  });
});
