import { afterEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { COMMITTED, type Desk, aDesk, behind, remembered } from './desk.fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function limited(
  limits: object,
  ...faults: readonly string[]
): Promise<{ readonly desk: Desk; readonly mock: Mock }> {
  const mock = await startMock({ world: '2026-03-30', faults });
  const desk = await aDesk({ suites: COMMITTED, target: { ...behind(mock), ...limits } });
  closing.push(mock.close, desk.close);
  return { desk, mock };
}

const TWO_ASPECTS = 'nano-banana-2/aspect.validated';
const OVER = 'nano-banana-2/refs.over-limit';

/** What this test reads of `plan --format json`. */
interface Planned {
  readonly exchanges: readonly {
    readonly usd: number;
    readonly cases: readonly { readonly claim: string; readonly case: string }[];
  }[];
}

async function planOf(desk: Desk): Promise<Planned> {
  const args = ['plan', 'nano-banana-2', '--target', 'production', '--format', 'json'];
  return JSON.parse((await desk.assay(args)).stdout) as Planned;
}

describe('a budget', () => {
  test('of requests is never exceeded, and what it cuts is listed as left out', async () => {
    const { desk, mock } = await limited({ budget: { requests: 7 } });
    const { document } = await desk.run('nano-banana-2');

    expect(mock.counts().generations).toBe(7);
    expect(document.summary['requests']).toBe(7);
    expect(document.leftOut.length).toBeGreaterThan(20);
    expect(new Set(document.leftOut.map(({ reason }) => reason))).toEqual(new Set(['budget']));
    const both = document.leftOut.filter(({ claim, case: name }) =>
      document.cases.some((one) => one.claim === claim && one.case === name),
    );
    expect(both).toEqual([]);
  });

  test('of requests holds retries as well', async () => {
    const { desk, mock } = await limited({ budget: { requests: 4 }, concurrency: 1 }, 'fail=429');
    const { code } = await desk.run('nano-banana-2');

    expect(mock.counts().generations).toBe(4);
    expect(code).toBe(3);
  });

  test('in dollars cuts the dearest', async () => {
    const free = await limited({});
    const tight = await limited({ budget: { usd: 2.1 } });
    const prices = new Map(
      (await planOf(free.desk)).exchanges.flatMap(({ usd, cases }) =>
        cases.map((one) => [`${one.claim} ${one.case}`, usd] as const),
      ),
    );
    const { document } = await tight.desk.run('nano-banana-2');
    const kept = (await planOf(tight.desk)).exchanges.map(({ usd }) => usd);
    const cut = document.leftOut.map((one) => prices.get(`${one.claim} ${one.case}`) ?? 0);

    expect(tight.mock.counts().generations).toBe(kept.length);
    expect(document.summary['usd']).toBeLessThanOrEqual(2.1);
    expect(cut).toContain(0.24);
    expect(Math.max(...kept)).toBeLessThanOrEqual(Math.min(...cut));
  });

  test('in dollars is not exceeded by second trials', async () => {
    const { desk, mock } = await limited({ budget: { usd: 2.1 } }, 'archive.body=html');
    const { document } = await desk.run('nano-banana-2');
    const { evidence } = await remembered(desk.ledger);
    const paid = evidence.reduce((sum, { usd }) => sum + Math.round(usd * 100), 0);

    expect(document.cases.some(({ trials }) => trials === 2)).toBe(true);
    expect(paid).toBeLessThanOrEqual(210);
    expect(document.summary['usd']).toBeCloseTo(paid / 100);
    // No request of this suite is declared to cost less.
    expect(mock.counts().generations * 5).toBeLessThanOrEqual(210);
  });

  test('of nothing leaves everything out, and zero cases are never 0', async () => {
    const { desk, mock } = await limited({ budget: { usd: 0 } });
    const { code, document } = await desk.run(OVER);

    expect(document.summary).toMatchObject({ cases: 0, leftOut: 3, requests: 0 });
    expect(mock.counts().generations).toBe(0);
    expect(code).toBe(3);
  });
});

describe('a run in which nothing can be sent', () => {
  test('does not exit with 0, however much undecided is tolerated', async () => {
    const { desk } = await limited({});
    const { code, document } = await desk.run(
      'nano-banana-2/words.defined',
      '--tolerate-undecided',
      '100%',
    );
    expect(document.cases).toEqual([]);
    expect(code).toBe(3);
  });
});

describe('undecided cases', () => {
  const selected = ['nano-banana-2/edit.at-1k', `${OVER}/refs=15`];

  test.each([
    [[], 3],
    [['--tolerate-undecided', '49%'], 3],
    [['--tolerate-undecided', '50%'], 0],
  ] as const)('of half a run with %j give the exit code %i', async (options, expected) => {
    const { desk } = await limited({}, 'status.refs=402');
    const { code, document } = await desk.run(...selected, ...options);
    expect(document.summary).toMatchObject({ cases: 2, pass: 1, inconclusive: 1 });
    expect(code).toBe(expected);
  });

  test('that are tolerated hide no contradiction', async () => {
    const { desk } = await limited({}, 'status.refs=402', 'archive.body=html');
    const { code } = await desk.run(...selected, '--tolerate-undecided', '100%');
    expect(code).toBe(1);
  });
});

describe('a target that is throttled', () => {
  test('is asked again after as long as it says, and every attempt is kept', async () => {
    const { desk, mock } = await limited({}, 'throttle=2', 'retry-after=1|0');
    const { code, document } = await desk.run('nano-banana-2/t2i');
    const { exchanges } = await remembered(desk.ledger);
    const attempts = exchanges[0]?.attempts ?? [];

    expect(document.cases).toMatchObject([{ verdict: 'pass', attempts: 3, trials: 1 }]);
    expect(code).toBe(0);
    expect(mock.counts().generations).toBe(3);
    expect(attempts.map(({ outcome }) => outcome.kind === 'answered' && outcome.status)).toEqual([
      429, 429, 200,
    ]);
    const [first = 0, second = 0] = attempts.map(({ at }) => Date.parse(at));
    expect(second - first).toBeGreaterThanOrEqual(1000);
  });

  test('beyond all patience is not waited for', async () => {
    const { desk, mock } = await limited({}, 'fail=429', 'retry-after=86400');
    const { document } = await desk.run('nano-banana-2/t2i');
    expect(document.cases).toMatchObject([{ cause: 'throttled', attempts: 1 }]);
    expect(mock.counts().generations).toBe(1);
  });
});

describe('a first trial', () => {
  test('that surprises is followed by a second, and a claim that then holds is unstable', async () => {
    const { desk, mock } = await limited({}, 'archive.body=html|image');
    const { code, document } = await desk.run('nano-banana-2/edit.at-1k');
    const status = await desk.assay(['status', 'nano-banana-2', '--format', 'json']);
    const { claims } = JSON.parse(status.stdout) as {
      readonly claims: readonly {
        readonly claim: string;
        readonly target: string;
        readonly standing: string;
      }[];
    };

    expect(document.cases).toMatchObject([{ verdict: 'pass', trials: 2, agrees: false }]);
    expect(code).toBe(1);
    expect(mock.counts().generations).toBe(2);
    const found = claims.find(
      (one) => one.claim === 'nano-banana-2/edit.at-1k' && one.target === 'production',
    );
    expect(found?.standing).toBe('unstable');
  });

  test('that does not surprise is the only one', async () => {
    const { desk, mock } = await limited({});
    const { code } = await desk.run('nano-banana-2/edit.at-1k');
    expect(code).toBe(0);
    expect(mock.counts().generations).toBe(1);
  });
});

describe('a pace', () => {
  test('lets no more requests pass in any window than it says, however many lanes there are', async () => {
    const { desk } = await limited({ pace: '2/s', concurrency: 4 });
    const { code } = await desk.run(TWO_ASPECTS, OVER);
    const { exchanges } = await remembered(desk.ledger);
    const sentAt = exchanges
      .flatMap(({ attempts }) => attempts.map(({ at }) => Date.parse(at)))
      .toSorted((a, b) => a - b);

    expect(code).toBe(0);
    expect(sentAt).toHaveLength(5);
    // Dates are whole milliseconds, and are taken a moment after the gate.
    const spans = sentAt.slice(2).map((at, index) => at - (sentAt[index] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(950);
  });
});
