import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, aDesk, remembered } from './desk.fixture.ts';

const SUITE = `
suite: paid
requests:
  native:
    path: /v1beta/models/nano-banana-2:generateContent
    json: { contents: [ { parts: [ { text: a red square } ] } ], generationConfig: { responseModalities: [IMAGE] } }
claims:
  - { id: charged, says: An image is charged once, documented: { as: open }, given: [ { image: any } ], expect: [ { charged: aligned } ] }
`;

let desk: Desk;

beforeAll(async () => {
  desk = await aDesk({ suites: { 'paid.yaml': SUITE }, target: { baseUrl: 'http://127.0.0.1:9' } });
  for (const faults of [['--with', 'billing.off=1'], []]) {
    await desk.assay(['run', '--world', '2026-04-14', ...faults]);
  }
});

afterAll(() => desk.close());

test('explain shows the measurement behind each piece of evidence, where two of them disagree as well', async () => {
  const { code, stdout } = await desk.assay(['explain', 'paid/charged']);
  expect(code).toBe(0);
  const [now, ...before] = stdout.split(/^(?=r\S+\.\d+ )/m).slice(1);
  const plain = (text: string | undefined) => text?.replaceAll(/\s+/g, ' ') ?? '';
  const measured = String.raw`measured by management, rows joined by request id, settled [\d.]+ m?s after the answer`;
  const row = String.raw`row ours: consume 20000 \(\$0\.04\), nano-banana-2 as gemini-3\.1-flash-image-preview, group ratio 1, request id \w+`;
  expect(plain(now)).toMatch(
    new RegExp(
      String.raw`: pass .* charged aligned: counter \+20000, log 20000 \(\$0\.04\); it cost \$0\.04 ${measured} counter \d+ before, \d+ after, \d+ at most ${row}`,
    ),
  );
  // It failed twice: what surprises is tried once more.
  expect(before).toHaveLength(2);
  for (const one of before) {
    expect(plain(one)).toMatch(
      new RegExp(
        String.raw`: fail .* actual mismatch: counter and log differ; .* charged mismatch: counter \+20001 \(\$0\.040002\), log 20000 \(\$0\.04\); it cost \$0\.040002 ${measured} .* ${row}`,
      ),
    );
  }
});

test('judge says of a stored measurement what was said of it at first', async () => {
  const { stdout } = await desk.assay(['judge', '--format', 'json']);
  const { cases } = JSON.parse(stdout) as {
    readonly cases: readonly {
      readonly was: { readonly kind: string };
      readonly verdict: object;
    }[];
  };
  expect(cases.map(({ was }) => was.kind)).toEqual(['fail', 'fail', 'pass']);
  expect(cases.map(({ verdict }) => verdict)).toEqual(cases.map(({ was }) => was));
});

test('the ledger keeps what was measured, what it cost, and what came of it', async () => {
  const { evidence, exchanges } = await remembered(desk.ledger);
  expect(exchanges.map(({ usage }) => usage?.kind)).toEqual(['measured', 'measured', 'measured']);
  expect(
    evidence.map(({ usd, measured, observed }) => [usd, measured, observed['charged']]),
  ).toEqual([
    [0.040002, true, 'mismatch'],
    [0.040002, true, 'mismatch'],
    [0.04, true, 'aligned'],
  ]);
});
