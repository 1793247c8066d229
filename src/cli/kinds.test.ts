import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../domain/expect/index.ts';
import { type Desk, type RunDocument, aDesk } from './desk.fixture.ts';

/** For each kind of expectation: one that the honest gateway meets, a fault that breaks it, and what is then found. */
interface Teeth {
  readonly expect: string;
  /** Merged over the suite's request. */
  readonly request?: string;
  readonly fault: string;
  readonly expected: string;
  readonly actual: string | RegExp;
}

const TEETH: Readonly<Record<string, Teeth>> = {
  status: { expect: '{ status: 200 }', fault: 'native=fail', expected: '200', actual: '500' },
  rejected: {
    expect: '{ rejected: { message: contents is required } }',
    request: '{ json: { contents: [] } }',
    fault: 'message.contents=other words',
    expected: 'a message with "contents is required"',
    actual: '"other words"',
  },
  header: {
    expect: '{ header: { name: Content-Type, matches: "^application/json" } }',
    fault: 'header.content-type=text/plain',
    expected: 'a match of ^application/json',
    actual: '"text/plain"',
  },
  json: {
    expect: '{ json: { at: "$.candidates[0].content.role", equals: model } }',
    fault: 'role=user',
    expected: '"model"',
    actual: '"user"',
  },
  schema: {
    expect: '{ schema: counted.json }',
    fault: 'usageMetadata=absent',
    expected: "must have required property 'usageMetadata'",
    actual: '{"missingProperty":"usageMetadata"}',
  },
  image: {
    expect: '{ image: { at: inline-data, format: png } }',
    fault: 'mime=jpeg',
    expected: 'image/png',
    actual: 'image/jpeg',
  },
  text: {
    expect: '{ text: any }',
    request: '{ json: { generationConfig: { responseModalities: [TEXT, IMAGE] } } }',
    fault: 'text=absent',
    expected: 'a text',
    actual: 'no text',
  },
  events: {
    expect: '{ events: { ends: { json: { at: "$..finishReason", equals: STOP } } } }',
    request: '{ path: "/v1beta/models/nano-banana-2:streamGenerateContent", query: { alt: sse } }',
    fault: 'stream=error',
    expected: 'no event that is an error',
    actual: 'event 2 of 3: "upstream request for nano-banana-2 failed" (do_request_failed)',
  },
  alias: {
    expect: '{ alias: gemini-3.1-flash-image-preview }',
    fault: 'modelVersion=other-model',
    expected: '"gemini-3.1-flash-image-preview"',
    actual: '"other-model" in the answer, "gemini-3.1-flash-image-preview" in the log',
  },
  charged: {
    expect: '{ charged: aligned }',
    fault: 'billing.off=1',
    expected: 'aligned',
    actual: 'mismatch: counter and log differ; counter +20001 ($0.040002), log 20000 ($0.04)',
  },
  observed: {
    expect: '{ observed: { image.at: [inline-data, hosted-url], image.count: 1 } }',
    fault: 'shape=data-uri',
    expected: 'inline-data or hosted-url',
    actual: '"data-uri"',
  },
  latency: {
    expect: '{ latency: { atMost: 2s } }',
    fault: 'delay=2500',
    expected: 'at most 2s',
    actual: /^\d{4}ms$/,
  },
};

const SUITE = `
suite: kinds
requests:
  native:
    path: /v1beta/models/nano-banana-2:generateContent
    json: { contents: [ { parts: [ { text: a red square } ] } ], generationConfig: { responseModalities: [IMAGE] } }
claims:
${Object.entries(TEETH)
  .map(
    ([kind, { expect: written, request = '{}' }]) =>
      `  - { id: ${kind}, says: ${kind}, documented: { as: holds }, request: ${request}, expect: [ ${written} ] }`,
  )
  .join('\n')}
`;

let desk: Desk;

beforeAll(async () => {
  const shape = '{ "type": "object", "required": ["usageMetadata"] }';
  desk = await aDesk({
    suites: { 'kinds.yaml': SUITE, 'shapes/counted.json': shape },
    target: { baseUrl: 'http://127.0.0.1:9' },
  });
});

afterAll(() => desk.close());

describe('each kind of expectation', () => {
  test('is shown to fail', () => {
    expect(Object.keys(TEETH).toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  test('holds on the honest gateway', async () => {
    const { code, cases } = await rehearse();
    expect(cases.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect([code, cases.length]).toEqual([0, Object.keys(TEETH).length]);
  });

  test.each(Object.entries(TEETH))(
    '%s notices its fault, and says so at its line',
    async (kind, teeth) => {
      const { code, cases } = await rehearse('--with', teeth.fault);
      const broken = cases.find(({ claim }) => claim === `kinds/${kind}`);
      expect([code, broken?.verdict]).toEqual([1, 'fail']);
      const [finding] = broken?.findings ?? [];
      expect(finding?.expectation.split(/[ .]/)[0]).toBe(kind);
      expect(finding?.expected).toBe(teeth.expected);
      expect(finding?.actual).toMatch(teeth.actual);
      const line = SUITE.split('\n').findIndex((text) => text.includes(`id: ${kind},`)) + 1;
      expect(finding?.at).toMatch(new RegExp(String.raw`kinds\.yaml:${line}:\d+$`));
    },
  );
});

async function rehearse(
  ...args: readonly string[]
): Promise<{ code: number | null; cases: RunDocument['cases'] }> {
  const { code, stdout, stderr } = await desk.assay([
    'run',
    '--world',
    '2026-04-14',
    '--format',
    'json',
    ...args,
  ]);
  if (stdout === '') throw new Error(stderr);
  return { code, cases: (JSON.parse(stdout) as RunDocument).cases };
}
