import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, type RunDocument, aDesk, behind, remembered } from './desk.fixture.ts';
import { startMock } from '../mock/server.ts';

const SUITE = `suite: varying
page: varying.md
rehearse: 2026-04-14
cost: { usd: 0.04 }
requests:
  draw:
    path: /v1beta/models/nano-banana-2:generateContent
    json: { contents: [ { parts: [ { text: a red square } ] } ], generationConfig: { responseModalities: [IMAGE] } }
claims:
  - id: rate
    says: Nine of ten answers have an image
    trials: { of: 40, atLeast: 0.9, confidence: 0.9 }
    expect: [ { image: any } ]
  - id: rate.inline
    says: Nine of ten answers have an image, and never as anything but inline data
    trials: { of: 40, atLeast: 0.9, confidence: 0.9 }
    expect: [ { image: any }, { observed: { image.at: inline-data } } ]
  - id: once
    says: An image comes back
    expect: [ { image: any } ]
tables:
  - under: Status
    key: Capability
    owns: State
    from: [production]
    words: { holds: Verified, broken: Failing, else: Beta }
    rows: [ { row: Drawing, needs: [rate] } ]
`;

interface Rates {
  readonly cases: readonly (RunDocument['cases'][number] & {
    readonly rate: { readonly passed: number; readonly decided: number } | null;
  })[];
  readonly news: readonly {
    readonly claim: string;
    readonly observation: string;
    readonly value: string;
  }[];
  readonly summary: Readonly<Record<string, number>>;
}

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk({
    suites: { 'varying.yaml': SUITE },
    target: { baseUrl: 'http://127.0.0.1:9' },
  });
});
afterAll(() => desk.close());

/** What a rehearsal of one claim comes to. */
async function rehearse(claim: string, ...faults: readonly string[]) {
  const withFaults = faults.flatMap((fault) => ['--with', fault]);
  const said = await desk.assay(['run', claim, '--format', 'json', ...withFaults]);
  if (said.stdout === '') throw new Error(said.stderr);
  const document = JSON.parse(said.stdout) as Rates;
  const [one] = document.cases;
  if (one === undefined) throw new Error('no case');
  return { code: said.code, one, document, stderr: said.stderr };
}

describe('a claim with trials', () => {
  test('passes once the rate is shown, with k of n', async () => {
    const { code, one, document } = await rehearse('varying/rate');
    expect(one).toMatchObject({
      verdict: 'pass',
      trials: 28,
      rate: { passed: 28, decided: 28, of: 40 },
    });
    expect(document.summary).toMatchObject({ cases: 1, requests: 28, exchanges: 28 });
    expect(code).toBe(0);
  });

  test('fails once a lower rate is shown, and says how many passed', async () => {
    const { code, one } = await rehearse('varying/rate', 'shape=text@0.5');
    expect([code, one.verdict, one.agrees]).toEqual([1, 'fail', false]);
    expect(one.trials).toBeLessThan(20);
    expect(one.findings[0]).toMatchObject({
      expectation: 'trials',
      actual: `${one.rate?.passed} of ${one.rate?.decided} passed`,
    });
  });

  test('is unsure between the two, which is no contradiction and not decided', async () => {
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((seed) => rehearse('varying/rate', `seed=${seed}`, 'shape=text@0.1')),
    );
    const unsure = outcomes.filter(({ one }) => one.cause === 'unsure');
    expect(unsure.length).toBeGreaterThan(0);
    for (const { code, one } of unsure) {
      expect([code, one.agrees]).toEqual([3, null]);
      expect(one.detail).toMatch(
        /^\d+ of \d+ passed, which shows neither a rate of at least 0\.9 nor a lower one/,
      );
    }
  });

  test('forgives no answer outside of what may be observed, and names it as never observed before', async () => {
    const { code, one, document, stderr } = await rehearse(
      'varying/rate.inline',
      'seed=3',
      'shape=data-uri@0.1',
    );
    expect([code, one.verdict]).toEqual([1, 'fail']);
    expect(one.findings).toMatchObject([
      { expectation: 'observed.image.at', actual: '"data-uri"' },
    ]);
    expect(document.news).toMatchObject([
      {
        claim: 'varying/rate.inline',
        observation: 'image.at',
        value: 'data-uri',
        before: ['inline-data'],
      },
    ]);
    expect(stderr).toContain(
      'never observed before: varying/rate.inline: image.at data-uri, until now inline-data',
    );
    const again = await rehearse('varying/rate.inline', 'seed=3', 'shape=data-uri@0.1');
    expect(again.document.news).toEqual([]);
  });

  test('shares its exchange with a claim without trials, which is judged on the first of them', async () => {
    const said = await desk.assay(['run', '--format', 'json']);
    const { cases, summary } = JSON.parse(said.stdout) as Rates;
    const made = Object.fromEntries(cases.map(({ claim, trials }) => [claim, trials]));
    expect(made).toEqual({ 'varying/once': 1, 'varying/rate': 28, 'varying/rate.inline': 28 });
    expect(summary).toMatchObject({ requests: 28 });
  });

  test('is planned with all its trials', async () => {
    const { stdout } = await desk.assay(['plan', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      exchanges: [{ trials: { least: 28, most: 40 }, usd: 0.04 }],
      worst: { requests: 120, usd: 4.8 },
    });
    expect((await desk.assay(['plan'])).stdout).toContain('$0.04 each, 28 to 40 trials');
  });
});

describe('on a live target', () => {
  test('status and explain say k of n, and the table prints the word', async () => {
    const mock = await startMock({ world: '2026-04-14', faults: ['shape=text@0.02'] });
    const live = await aDesk({ suites: { 'varying.yaml': SUITE }, target: behind(mock) });
    expect((await live.run('varying/rate')).code).toBe(0);
    const { evidence } = await remembered(live.ledger);
    const passed = evidence.filter(({ verdict }) => verdict.kind === 'pass').length;
    const said = `${passed} of ${evidence.length} passed`;
    expect((await live.assay(['status'])).stdout).toContain('Verified');
    expect((await live.assay(['status', '--format', 'json'])).stdout).toContain(said);
    const explained = (await live.assay(['explain', 'varying/rate'])).stdout;
    expect(explained).toContain('at least 0.9, at confidence 0.9, in at most 40 trials');
    expect(explained.replaceAll(/\s+/g, ' ')).toContain(said);
    expect(explained).toContain(`on production: ${evidence.length} trials, ${said}`);
    // They are told as one, with a command that repeats them for each kind of verdict.
    const kinds = new Set(evidence.map(({ verdict }) => verdict.kind)).size;
    expect(explained.split('curl ').length - 1).toBe(kinds);
    expect(explained.split('trial ').length - 1).toBe(kinds);
    await Promise.all([mock.close(), live.close()]);
  });

  test('a budget that ends in the middle leaves it undecided, with all that was found', async () => {
    const mock = await startMock({ world: '2026-04-14', faults: ['shape=text@0.1'] });
    const target = { ...behind(mock), budget: { requests: 28 } };
    const live = await aDesk({ suites: { 'varying.yaml': SUITE }, target });
    const { code, document } = await live.run('varying/rate');
    expect([code, document.summary['requests']]).toEqual([3, 28]);
    expect(document.cases).toMatchObject([
      { verdict: 'inconclusive', cause: 'budget', trials: 28 },
    ]);
    const { evidence } = await remembered(live.ledger);
    expect(evidence).toHaveLength(28);
    expect((await live.assay(['status', '--format', 'json'])).stdout).toMatch(
      /undecided so far \(\d+ of 28 passed/,
    );
    await Promise.all([mock.close(), live.close()]);
  });
});
