import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { assay, startAssay } from './cli.fixture.ts';
import {
  DESK_ENV,
  type Desk,
  type WorkFolder,
  aDesk,
  aWorkFolder,
  behind,
  liveTarget,
  remembered,
} from './desk.fixture.ts';
import { aServer } from './pages.fixture.ts';

interface Case {
  readonly claim: string;
  readonly case: string;
  readonly comparison: string;
  readonly differences: readonly object[];
  readonly right: { readonly because?: string };
}

interface Compared {
  readonly left: { readonly run: string };
  readonly right: { readonly run: string };
  readonly cases: readonly Case[];
  readonly limits: readonly { readonly says: string }[];
}

interface Changes {
  readonly cases: readonly (Case & { readonly suspects: readonly { readonly what: string }[] })[];
}

const WORLDS = ['mock@2026-03-30', 'mock@2026-04-14'];
const SUITES = [
  'gemini-image-edit',
  'gemini-image-gen',
  'nano-banana',
  'nano-banana-2',
  'nano-banana-2-native',
];
const LIMIT = ['nano-banana-2/refs.within-limit', 'nano-banana-2/refs.over-limit'];

describe('the two worlds', () => {
  let work: WorkFolder;
  let compared: Compared;

  beforeAll(async () => {
    work = await aWorkFolder();
    const args = ['--compare', '--format', 'json', ...WORLDS, ...SUITES];
    const { stdout } = await work.assay(LIVE, 'run', ...args);
    compared = JSON.parse(stdout) as Compared;
  });

  afterAll(() => work.close());

  test('differ in exactly what their days and pages tell', async () => {
    const { code, stdout } = await work.assay(LIVE, 'run', '--compare', ...WORLDS, ...SUITES);
    expect(stdout).toBe(
      await readFile(join(import.meta.dirname, '../../fixtures/worlds/expected.txt'), 'utf8'),
    );
    expect(code).toBe(1);
  });

  test('differ in the same by the evidence alone, and the world is what is suspected', async () => {
    const { left, right } = compared;
    const { code, stdout } = await work.assay(
      LIVE,
      'diff',
      left.run,
      right.run,
      ...SUITES,
      '--format',
      'json',
    );
    expect(code).toBe(1);
    const changes = (JSON.parse(stdout) as Changes).cases;
    const different = compared.cases.filter(({ comparison }) => comparison === 'different');
    const told = ({ claim, case: name, differences }: Case) => ({ claim, name, differences });
    expect(changes.map(told)).toEqual(different.map(told));
    for (const { suspects } of changes) expect(suspects.map(({ what }) => what)).toEqual(['world']);
  });

  test('are each in evidence as the target of one of two runs', async () => {
    const { evidence } = await remembered(work.ledger);
    const worldsOf = (run: string) =>
      new Set(evidence.filter((one) => one.run === run).map(({ target }) => target.world));
    expect(worldsOf(compared.left.run)).toEqual(new Set(['2026-03-30']));
    expect(worldsOf(compared.right.run)).toEqual(new Set(['2026-04-14']));
  });

  test('are the same where nothing has changed, and then the exit code is 0', async () => {
    const { code, stdout } = await work.assay(
      LIVE,
      'run',
      '--compare',
      ...WORLDS,
      'gemini-image-gen/part.hosted-url',
    );
    expect(stdout).not.toContain('Differs');
    expect(code).toBe(0);
  });
});

/** The tables of the committed suites name both. */
const LIVE = {
  production: liveTarget({ baseUrl: 'http://127.0.0.1:1' }),
  local: liveTarget({ baseUrl: 'http://127.0.0.1:1' }),
};

describe('two gateways', () => {
  let work: WorkFolder;
  let mocks: readonly [Mock, Mock];

  beforeAll(async () => {
    work = await aWorkFolder();
    mocks = [
      await startMock({ world: '2026-03-30' }),
      await startMock({ world: '2026-03-30', faults: ['refs.limit=15'] }),
    ];
  });

  afterAll(async () => {
    await Promise.all(mocks.map((mock) => mock.close()));
    await work.close();
  });

  async function compare(right: object, selectors: readonly string[]) {
    const targets = { production: liveTarget(behind(mocks[0])), local: liveTarget(right) };
    const args = ['--compare', 'production', 'local', ...selectors, '--format', 'json'];
    const said = await work.assay(targets, 'run', ...args);
    return { ...said, document: JSON.parse(said.stdout) as Compared };
  }

  test('with another limit are said to have it in one sentence', async () => {
    const { code, document } = await compare(behind(mocks[1]), LIMIT);
    expect(document.limits.map(({ says }) => says)).toEqual([
      'refs: production accepts 14 and refuses 15, local accepts 15 and refuses 16',
    ]);
    expect(code).toBe(1);
  });

  test('are not told apart by a case that one of them left out, and it is named with the reason', async () => {
    const right = { ...behind(mocks[0]), references: [] };
    const { code, document } = await compare(right, ['nano-banana-2/t2i', ...LIMIT]);
    const leftOut = document.cases.filter(({ comparison }) => comparison === 'left out');
    expect(leftOut).toHaveLength(6);
    for (const one of leftOut) expect(one.right.because).toContain('target offers');
    expect(code).toBe(0);
  });

  test('of which one cannot be reached could not be told apart', async () => {
    const { code, document, stderr } = await compare({ baseUrl: 'http://127.0.0.1:1' }, [
      'nano-banana-2/t2i',
    ]);
    expect(document.cases.map(({ comparison }) => comparison)).toEqual(['untold']);
    expect(code).toBe(3);
    expect(stderr).toContain('to go on with it: assay run --resume');
  });

  test('that measure charges on one key are run one after the other', async () => {
    const { stderr, code } = await compare(behind(mocks[0]), [
      'nano-banana-2-native/native.charged',
    ]);
    expect(stderr).toContain('one runs after the other');
    expect(code).toBe(0);
  });

  test('can be interrupted together', async () => {
    const slow = await startMock({ world: '2026-03-30', delayMs: 60_000 });
    try {
      await work.assay(
        { production: liveTarget(behind(slow)), local: liveTarget(behind(slow)) },
        'lint',
      );
      const options = ['--suites', join(import.meta.dirname, '../../suites')];
      const paths = ['--targets', join(work.folder, 'targets.yaml'), '--ledger', work.ledger];
      const args = [
        'run',
        '--compare',
        'production',
        'local',
        'nano-banana-2/t2i',
        ...options,
        ...paths,
      ];
      const { child, said } = startAssay(args, { cwd: work.folder, env: DESK_ENV });
      await expect.poll(() => slow.log().length, { timeout: 20_000 }).toBe(2);
      child.kill('SIGINT');
      expect((await said).code).toBe(130);
    } finally {
      await slow.close();
    }
  });
});

describe('pairs', () => {
  const CLAIMS = Array.from({ length: 24 }, (_, at) => `c${10 + at}`);
  const SUITE = `
suite: pairs
documented: { as: holds }
requests:
  get: { method: GET, path: "/\${path}" }
claims:
${CLAIMS.map((id) => `  - { id: ${id}, says: It works, let: { path: ${id} }, expect: [ { json: { at: $.ok, equals: true } } ] }`).join('\n')}
`;
  let desk: Desk;
  let server: Awaited<ReturnType<typeof aServer>>;

  beforeAll(async () => {
    server = await aServer();
    desk = await aDesk({
      suites: { 'pairs.yaml': SUITE },
      target: server.target,
    });
  });

  afterAll(async () => {
    await server.close();
    await desk.close();
  });

  test('arrive close together, as the gateway sees it', async () => {
    const targets = {
      fast: { ...server.target, concurrency: 12 },
      slow: { ...server.target, concurrency: 1 },
    };
    const file = join(desk.folder, 'fast-and-slow.yaml');
    await writeFile(file, JSON.stringify({ targets }));
    const args = ['run', '--compare', 'fast', 'slow', '--ledger', desk.ledger];
    const project = ['--suites', join(desk.folder, 'suites'), '--targets', file];
    const { code, stderr } = await assay([...args, ...project], { env: DESK_ENV });
    expect(stderr).toContain('fast: 24 exchanges; at worst');
    expect(code).toBe(0);
    const urls = server.met.map(({ url }) => url);
    expect(urls).toHaveLength(2 * CLAIMS.length);
    for (const id of CLAIMS) {
      const between = urls.lastIndexOf(`/${id}`) - urls.indexOf(`/${id}`);
      expect(between, id).toBeLessThanOrEqual(6);
    }
  });

  test.each([
    [['--compare', 'production'], 'takes the names of two targets'],
    [['--compare', 'production', 'production'], 'production is the same twice'],
    [['--compare', 'production', 'offical'], 'no target is called "offical"'],
    [
      ['--compare', 'production', 'local@2026-03-30'],
      '"local" is live: only a rehearsal has a world',
    ],
    [['--compare', 'production', 'local', '--resume'], 'resumed by its own id'],
    [['--compare', 'production', 'local', '--target', 'mock'], '--target none'],
    [['--compare', 'production', 'local', '--format', 'csv'], 'for a terminal or as JSON'],
  ])('are refused: %s', async (args, message) => {
    const { code, stderr } = await desk.assay(['run', ...args]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('at worst');
    expect(code).toBe(2);
  });
});
