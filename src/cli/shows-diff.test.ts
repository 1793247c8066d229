import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMock } from '../mock/server.ts';
import { type WorkFolder, aWorkFolder, behind, liveTarget, remembered } from './desk.fixture.ts';

interface Changes {
  readonly words: readonly { readonly row: string; readonly from: string; readonly to: string }[];
  readonly standings: readonly {
    readonly claim: string;
    readonly target: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly cases: readonly {
    readonly claim: string;
    readonly first: { readonly run: string; readonly at: string };
    readonly suspects: readonly {
      readonly what: string;
      readonly from: string;
      readonly to: string;
    }[];
  }[];
}

const SUITE = 'nano-banana-2-native';

/** In English and Chinese. */
const WORDS = [
  ['works', 'not recommended'],
  ['可用', '不推荐'],
];

describe('a live gateway that was changed from one world to the other', () => {
  let work: WorkFolder;

  const targetsAt = (mock: object) => ({ production: liveTarget(mock), local: liveTarget(mock) });

  /** A day's runs against the gateway of a world, which stands in for both targets that the suite's table is about. */
  async function retest(world: string): Promise<void> {
    const mock = await startMock({ world });
    try {
      for (const target of ['production', 'local']) {
        const args = ['--target', target, '--now', world, SUITE];
        const { code, stderr } = await work.assay(targetsAt(behind(mock)), 'run', ...args);
        if (code !== 0 && code !== 1) throw new Error(`${code}: ${stderr}`);
      }
    } finally {
      await mock.close();
    }
  }

  async function diff(...args: readonly string[]) {
    return await work.assay(targetsAt({ baseUrl: 'http://127.0.0.1:1' }), 'diff', ...args);
  }

  beforeAll(async () => {
    work = await aWorkFolder();
    await retest('2026-03-30');
    await retest('2026-04-14');
  });

  afterAll(async () => {
    await work.close();
  });

  test('says which words changed between the days, by which evidence, and what is suspected', async () => {
    const { code, stdout, stderr } = await diff(
      '2026-03-30',
      '2026-04-14',
      SUITE,
      '--format',
      'json',
    );
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { words, standings, cases } = JSON.parse(stdout) as Changes;
    expect(words.map(({ from, to }) => [from, to])).toEqual(WORDS);
    expect(standings.map(({ claim, target, from, to }) => [claim, target, from, to])).toEqual([
      [`${SUITE}/images`, 'production', 'holds', 'broken'],
      [`${SUITE}/images`, 'local', 'holds', 'broken'],
      [`${SUITE}/images.charged`, 'production', 'unproven', 'holds'],
      [`${SUITE}/images.charged`, 'local', 'unproven', 'holds'],
      [`${SUITE}/images.failure`, 'production', 'broken', 'holds'],
      [`${SUITE}/images.failure`, 'local', 'broken', 'holds'],
    ]);
    for (const { first, suspects } of cases) {
      expect(first.at.slice(0, 10)).toBe('2026-04-14');
      expect(suspects.map(({ what }) => what)).toEqual(['mock world', 'host']);
      expect(suspects[0]).toMatchObject({ from: '2026-03-30', to: '2026-04-14' });
    }
  });

  test('says the same of two of the runs, whatever the clock says', async () => {
    const { evidence } = await remembered(work.ledger);
    const runs = [...new Set(evidence.map(({ run }) => run))].toSorted();
    const args = [runs[1], runs[3]].flatMap((run) => run ?? []);
    const { code, stdout, stderr } = await diff(...args, '--now', '2030-01-01', '--format', 'json');
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { words, standings, cases } = JSON.parse(stdout) as Changes;
    expect(words.map(({ from, to }) => [from, to])).toEqual(WORDS);
    expect(standings.map(({ claim, target }) => [claim, target])).toEqual([
      [`${SUITE}/images`, 'local'],
      [`${SUITE}/images.failure`, 'local'],
    ]);
    expect(cases.map(({ first }) => first.run)).toEqual([runs[3], runs[3]]);
  });

  test('finds no difference between two days without a run', async () => {
    const { code, stdout } = await diff('2026-04-15', '2026-04-20', SUITE);
    expect(stdout).toContain('0 words changed');
    expect(code).toBe(0);
  });

  test('could not tell of days before the first run', async () => {
    const { code, stderr } = await diff('2026-01-01', '2026-01-02');
    expect(code).toBe(3);
    expect(stderr).toContain('no evidence of these claims is known on both sides');
    expect(stderr).toContain('--rehearsal tells what the rehearsals say');
  });

  test.each([
    [['2026-01-01', '2026-13-01'], '"2026-13-01" is no day of the calendar'],
    [
      ['2026-01-01', '2026-01-02', `${SUITE}/images`],
      `suites are asked for as a whole here: ${SUITE}`,
    ],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await diff(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
