import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conclusion } from '../domain/discover.ts';
import { type Mock, startMock } from '../mock/server.ts';
import { type Said, startAssay } from './cli.fixture.ts';
import { aDesk, behind, COMMITTED, type Desk, remembered } from './desk.fixture.ts';

/** What these tests read of `assay.discover.v1`. */
interface Document {
  readonly schema: string;
  readonly run: string;
  readonly real: Conclusion;
  readonly isSharp: boolean | null;
  readonly stands: boolean | null;
  readonly because: string;
  readonly probes: readonly {
    readonly case: string;
    readonly value: number;
    readonly reading: string;
    readonly evidence: readonly string[];
    readonly usd: number;
  }[];
  readonly summary: { readonly requests: number; readonly usd: number };
}

const WITHIN = 'nano-banana-2/refs.within-limit';

/** Limits that the docs give wrongly, of bytes, or for which no page speaks: of characters and of pixels. */
const SUITE = `suite: own
rehearse: 2026-03-30
cost: { usd: 0.05 }
let: { bytes: null, characters: 10, side: 16 }
requests:
  edit:
    path: /v1/images/generations
    json:
      model: nano-banana-2
      prompt: { $text: { characters: "\${characters}", of: "né 🎈" } }
      image_input: [ { $reference: { format: png, bytes: "\${bytes}" } }, { $image: { width: "\${side}", as: data-uri } } ]
claims:
  - id: bytes
    says: Up to 20 MiB
    vary: { bytes: [20971520] }
    discover: { vary: bytes, between: [1, 67108864], over: over-bytes }
    expect: [ { image: { at: hosted-url } } ]
  - id: over-bytes
    says: One more is too much
    vary: { bytes: [20971521] }
    expect: [ { rejected: { message: "larger than 20971520 bytes" } } ]
  - id: prompt
    says: Up to 900 characters
    vary: { characters: [900] }
    discover: { vary: characters, between: [1, 100000], over: over-prompt }
    expect: [ { image: { at: hosted-url } } ]
  - id: over-prompt
    says: One more is too much
    vary: { characters: [901] }
    expect: [ { rejected: { message: "at most 900 characters" } } ]
  - id: side
    says: Up to 1024 pixels
    vary: { side: [1024] }
    discover: { vary: side, between: [16, 4096], over: over-side }
    expect: [ { image: { at: hosted-url } } ]
  - id: over-side
    says: One more is too much
    vary: { side: [1025] }
    expect: [ { rejected: { message: "longer or wider than 1024 pixels" } } ]
`;

let committed: Desk;
let own: Desk;
let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ world: '2026-03-30', faults: ['refs.limit=17'] });
  committed = await aDesk({ suites: COMMITTED, target: behind(mock) });
  own = await aDesk({ suites: { 'own.yaml': SUITE }, target: behind(mock) });
});

afterAll(async () => {
  await Promise.all([committed.close(), own.close()]);
  await mock.close();
});

async function discover(
  desk: Desk,
  ...args: readonly string[]
): Promise<Said & { readonly document: Document }> {
  const said = await desk.assay(['discover', ...args, '--format', 'json']);
  if (said.stdout === '') throw new Error(`nothing on stdout: ${said.stderr}`);
  return { ...said, document: JSON.parse(said.stdout) as Document };
}

describe('assay discover', () => {
  test('finds a planted limit of 17 in at most 8 probes after the documented 14, each of them evidence', async () => {
    const { code, document, stderr } = await discover(committed, WITHIN, '--with', 'refs.limit=17');
    expect([code, document.schema]).toEqual([1, 'assay.discover.v1']);
    expect(document.real).toEqual({ kind: 'sharp', lastAccepted: 17, firstRejected: 18, times: 3 });
    expect(document.because).toContain('the limit is 17, not 14');
    const [first, ...others] = document.probes;
    expect(first).toMatchObject({ case: 'refs=14', reading: 'accepted' });
    expect(others.length).toBeLessThanOrEqual(8);
    expect(stderr.split('\n')[0]).toBe(
      'searching refs between 1 and 64: at most 22 probes, $1.10; at worst $3.30, 66 requests',
    );

    const { evidence } = await remembered(committed.ledger);
    const ofRun = evidence.filter(({ run }) => run === document.run);
    expect(ofRun.every(({ probe }) => probe === true)).toBe(true);
    expect(document.probes.flatMap((one) => one.evidence).toSorted()).toEqual(
      ofRun.map(({ id }) => id).toSorted(),
    );
    expect(new Set(ofRun.map((one) => one.case))).toEqual(
      new Set(['refs=14', 'refs=15', 'refs=17', 'refs=18', 'refs=19']),
    );
  });

  test('shows its probes where the claim is explained, and lets no standing rest on what is no case', async () => {
    const { stdout } = await committed.assay(['explain', WITHIN]);
    expect(stdout).toMatch(/refs=19 {2}on mock: fail\n {2}rehearsal in 2026-03-30\n {2}a probe/);
    expect(stdout).not.toContain('of an earlier wording');
    const one = await committed.assay(['explain', `${WITHIN}/refs=14`]);
    expect(one.stdout).toContain('refs=14');
    expect(one.stdout).not.toContain('refs=19');
    const because = /because +(.*)/g;
    expect([...stdout.matchAll(because)].map(([, text]) => text).join()).not.toContain('refs=19');
  });

  test('leaves a documented limit that is the real one', async () => {
    const { code, document } = await discover(committed, WITHIN);
    expect([code, document.stands, document.isSharp]).toEqual([0, true, true]);
    expect(document.real).toEqual({ kind: 'sharp', lastAccepted: 14, firstRejected: 15, times: 3 });
  });

  test('finds a limit of 31,457,280 bytes exactly, where the docs are right', async () => {
    const { code, document } = await discover(committed, 'nano-banana-2/refs.30-mib');
    expect(code).toBe(0);
    expect(document.real).toMatchObject({
      kind: 'sharp',
      lastAccepted: 31_457_280,
      firstRejected: 31_457_281,
    });
  });

  test('finds it as exactly where they are wrong, within the probes that it announced', async () => {
    const { code, document, stderr } = await discover(own, 'own/bytes');
    expect(code).toBe(1);
    expect(document.real).toMatchObject({
      kind: 'sharp',
      lastAccepted: 31_457_280,
      firstRejected: 31_457_281,
    });
    const announced = Number(/at most (\d+) probes/.exec(stderr)?.[1]);
    expect(document.probes.length).toBeLessThanOrEqual(announced);
    expect(announced).toBeLessThan(45);
  }, 60_000);

  test.each([
    ['own/prompt', 'prompt.limit=5000', 5000],
    ['own/side', 'pixels.limit=300', 300],
  ])('finds the limit of %s that %s plants', async (claim, fault, limit) => {
    const { code, document } = await discover(own, claim, '--with', fault);
    expect(code).toBe(1);
    expect(document.real).toMatchObject({
      kind: 'sharp',
      lastAccepted: limit,
      firstRejected: limit + 1,
    });
  });

  test.each(['refs.limit=14,edge=3', 'refs.limit=17,edge=2', 'refs.limit=14|15'])(
    'says that an edge is not sharp (%s)',
    async (faults) => {
      const { code, document } = await discover(committed, WITHIN, '--with', faults);
      expect([code, document.isSharp, document.real.kind]).toEqual([1, false, 'unsharp']);
      expect(document.because).toContain('the edge is not sharp');
    },
  );

  test('never spends more than its budget, and says what it could not tell', async () => {
    const args = [WITHIN, '--with', 'refs.limit=17', '--budget-usd', '0.2'];
    const { code, document } = await discover(committed, ...args);
    expect([code, document.real.kind, document.stands]).toEqual([1, 'cut-off', false]);
    expect(document.summary).toMatchObject({ requests: 4, usd: 0.2 });
    expect(document.because).toBe(
      'could not tell: the budget is spent; so far refs=17 is accepted, refs=19 rejected: the limit is not 14',
    );

    const open = await discover(committed, WITHIN, '--budget-usd', '0.1');
    expect([open.code, open.document.real.kind, open.document.stands]).toEqual([
      3,
      'cut-off',
      null,
    ]);
  });

  test('tells a person what was probed and what came of it', async () => {
    const { code, stdout } = await committed.assay(['discover', WITHIN, '--target', 'production']);
    expect(code).toBe(1);
    expect(stdout).toContain('documented: refs=14 is accepted, refs=15 rejected');
    expect(stdout).toContain('real:       refs=17 is accepted, refs=18 rejected');
    expect(stdout).toMatch(/refs=19 {2}rejected {2}\$0\.05 {2}r\d{8}-/);
    expect(stdout).toContain('sharp as far as 9 probes');
    expect(stdout).toContain('9 probes · 9 requests · at most $0.45');
  });

  test.each([
    [[], 'a search is of one claim that says discover'],
    [['nano-banana-2'], 'a search is of one claim that says discover'],
    [['nano-banana-2/refs.webp'], 'nano-banana-2/refs.webp says no discover'],
    [[`${WITHIN}/refs=2`], 'a search is of a claim, and moves what its cases say'],
    [[WITHIN, '--max-probes', '0'], '--max-probes takes a number from 1 to 1000'],
    [[WITHIN, '--budget-usd', 'much'], '--budget-usd takes an amount of US dollars'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await committed.assay(['discover', ...args]);
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });

  test('keeps what it has found when it is interrupted, and is no run that could be resumed', async () => {
    const project = ['--suites', COMMITTED, '--targets', join(own.folder, 'targets.yaml')];
    const slow = ['--with', 'refs.limit=17,delay=400', '--ledger', own.ledger];
    const { child, said } = startAssay(['discover', WITHIN, ...project, ...slow], {
      cwd: own.folder,
    });
    let heard = '';
    while (!heard.includes('refs=14 accepted')) {
      const [chunk] = (await once(child.stderr, 'data')) as [Buffer];
      heard += chunk.toString();
    }
    child.kill('SIGINT');
    const { code, stdout } = await said;
    expect(code).toBe(130);
    expect(stdout).toContain('so far refs=14 is accepted');

    const { evidence } = await remembered(own.ledger);
    const probe = evidence.find((one) => one.claim === WITHIN);
    expect(probe).toMatchObject({ probe: true, verdict: { kind: 'pass' } });
    const newest = await own.assay(['run', '--resume']);
    expect([newest.code, newest.stderr]).toEqual([2, expect.stringContaining('was cut short')]);
    const named = await own.assay(['run', '--resume', probe?.run ?? '']);
    expect([named.code, named.stderr]).toEqual([
      2,
      expect.stringContaining('was a search of assay discover'),
    ]);
  });
});
