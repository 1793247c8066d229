import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { Verdict } from '../domain/verdict.ts';
import { GENESIS, writeLine } from '../ledger/chain.ts';
import type { Line } from '../ledger/lines.ts';
import { readLedger } from '../ledger/read.ts';
import { type Cache, openCache } from './cache.ts';
import { type Heads, readHeads } from './heads.ts';
import { readLedgerFiles } from './ledger.ts';
import { sha256 } from './sha256.ts';

const NOW = Date.parse('2026-04-14T12:00:00Z');
const target = { name: 'local', grade: 'live', host: 'h' } as const;
const FAIL: Verdict = { kind: 'fail', findings: [] };

const above = await mkdtemp(join(tmpdir(), 'assay-heads-'));
afterAll(() => rm(above, { recursive: true }));

let reports: string;
let ledger: string;
beforeEach(async () => {
  reports = await mkdtemp(join(above, 'reports-'));
  ledger = join(reports, 'ledger');
});

const runId = (n: number) => `r20260414-${String(n).padStart(4, '0')}-00ff`;
const pathOf = (n: number) => join(ledger, '2026-04', `${runId(n)}.jsonl`);

function begun(n: number): Line {
  return {
    kind: 'run',
    run: {
      id: runId(n),
      startedAt: '2026-04-14T10:00:00.000Z',
      tool: '0.1.0',
      target,
      selected: [],
    },
  };
}

const ENDED: Line = {
  kind: 'end',
  end: { endedAt: '2026-04-14T11:00:00.000Z', reason: { kind: 'complete' } },
};

/** Evidence of case `c` in run `n`, a minute later in each; of digest `d`. */
function found(n: number, c: string, more: Partial<Evidence> = {}): Line {
  const evidence: Evidence = {
    id: `${runId(n)}.${c}`,
    run: runId(n),
    at: `2026-04-14T10:${String(n).padStart(2, '0')}:00.000Z`,
    claim: 's/claim',
    case: c,
    digest: 'd',
    trial: 1,
    target,
    attempts: 1,
    verdict: { kind: 'pass' },
    observed: { status: 200 },
    usd: 0,
    tool: '0.1.0',
    ...more,
  };
  return { kind: 'evidence', evidence };
}

function chained(lines: readonly Line[]): string {
  let prev = GENESIS;
  const texts = lines.map((line) => {
    const { text, hash } = writeLine(line, prev, sha256);
    prev = hash;
    return `${text}\n`;
  });
  return texts.join('');
}

async function write(n: number, lines: readonly Line[], path = pathOf(n)): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, chained(lines));
}

const whole = (n: number, ...cases: readonly string[]) => [
  begun(n),
  ...cases.map((one) => found(n, one)),
  ENDED,
];

const NO_CACHE: Cache = { read: () => undefined, write: () => undefined };

/** The heads by the index, and whether all of them were in it. */
async function asked(
  now = NOW,
  except?: string,
): Promise<{ readonly heads: Heads; readonly isAllKnown: boolean }> {
  const cache = openCache(reports);
  let isAllKnown = true;
  const watched: Cache = {
    read: cache.read,
    write(name, text) {
      isAllKnown = false;
      cache.write(name, text);
    },
  };
  const heads = await readHeads(ledger, now, { cache: watched, name: () => 'heads' }, except);
  const anew = await readHeads(ledger, now, { cache: NO_CACHE, name: () => 'heads' }, except);
  // Whatever the index has, the answer is as if there were none.
  expect(inOrder(heads)).toEqual(inOrder(anew));
  return { heads, isAllKnown };
}

function inOrder({ runs, evidence, problems }: Heads): Heads {
  return { runs, evidence: evidence.toSorted((a, b) => (a.id < b.id ? -1 : 1)), problems };
}

const idsOf = ({ evidence }: Heads) => evidence.map(({ id }) => id.slice(10)).toSorted();

test('a folder that is not there has nothing, and nothing is kept of it', async () => {
  expect((await asked()).heads).toEqual({ runs: [], evidence: [], problems: [] });
  expect(await readdir(reports)).toEqual([]);
});

test('of a ledger are told its runs, its problems and the heads of its evidence', async () => {
  await write(1, whole(1, 'a', 'b').slice(0, -1));
  await write(2, whole(2, 'a'));
  await appendFile(pathOf(1), '{"kind":');
  const { heads } = await asked();
  const all = readLedger(await readLedgerFiles(ledger), sha256);
  expect(heads.runs).toEqual(all.runs);
  expect(heads.problems).toEqual(all.problems);
  expect(heads.problems).toHaveLength(1);
  expect(idsOf(heads)).toEqual(['0001-00ff.a', '0001-00ff.b', '0002-00ff.a']);
});

test('what has not changed is not read again, with its problems', async () => {
  await write(1, whole(1, 'a'));
  await appendFile(pathOf(1), 'no line\n{}');
  expect((await asked()).isAllKnown).toBe(false);
  const { isAllKnown, heads } = await asked();
  expect(isAllKnown).toBe(true);
  expect(heads.problems).toHaveLength(2);
});

describe('the index notices', () => {
  beforeEach(async () => {
    for (const n of [1, 2, 3]) await write(n, whole(n, 'a', 'b'));
    await asked();
  });

  test('a new run, which takes the place of those before it', async () => {
    await write(4, whole(4, 'a'));
    const { heads, isAllKnown } = await asked();
    expect(isAllKnown).toBe(false);
    expect(idsOf(heads)).toContain('0004-00ff.a');
    expect(idsOf(heads)).not.toContain('0003-00ff.a');
  });

  test('each line of a run that goes on, until it has ended', async () => {
    const lines = whole(4, 'a', 'b');
    for (let count = 1; count <= lines.length; count++) {
      await write(4, lines.slice(0, count));
      expect((await asked()).isAllKnown).toBe(false);
      expect((await asked()).isAllKnown).toBe(true);
    }
  });

  test('two runs that go on at the same time, and overtake each other', async () => {
    const lines = [4, 5].map((n) =>
      [1, 2, 3].map((trial) =>
        found(n, 'a', {
          id: `${runId(n)}.${trial}`,
          trial,
          at: `2026-04-14T11:0${trial}:0${n}.000Z`,
        }),
      ),
    );
    for (const count of [1, 2, 3]) {
      for (const n of [4, 5]) {
        await write(n, [begun(n), ...(lines[n - 4] ?? []).slice(0, count)]);
        await asked();
      }
    }
    const at = '2026-04-14T11:30:00.000Z';
    await write(4, [begun(4), ...(lines[0] ?? []), found(4, 'a', { at, trial: 4 }), ENDED]);
    expect(idsOf((await asked()).heads).filter((id) => id.startsWith('0004'))).toHaveLength(4);
  });

  test('a file that is gone', async () => {
    await rm(pathOf(3));
    expect(idsOf((await asked()).heads)).toContain('0002-00ff.a');
  });

  test('a file that was shortened', async () => {
    await write(3, whole(3, 'a', 'b').slice(0, 2));
    expect(idsOf((await asked()).heads)).toContain('0002-00ff.b');
  });

  test('a change in place, of the same length', async () => {
    const text = await readFile(pathOf(3), 'utf8');
    await writeFile(pathOf(3), text.replace('"status":200', '"status":500'));
    expect((await asked()).heads.problems).toMatchObject([{ severity: 'error' }]);
  });

  test('a file that another one has taken the place of', async () => {
    await write(3, [begun(3), found(3, 'a', { verdict: FAIL }), ENDED], join(reports, 'new'));
    await rename(join(reports, 'new'), pathOf(3));
    expect((await asked()).heads.evidence).toContainEqual(
      expect.objectContaining({ verdict: FAIL }),
    );
  });

  test('a copy of a run, behind it or before it, and that it is gone', async () => {
    const copies = ['zz.jsonl', 'aa.jsonl'].map((name) => join(ledger, name));
    for (const copy of copies) {
      await writeFile(copy, await readFile(pathOf(2)));
      const { heads } = await asked();
      expect(heads.runs).toHaveLength(3);
      expect(heads.problems[0]?.message).toContain('once more, and does not count');
      expect((await asked()).isAllKnown).toBe(true);
    }
    for (const copy of copies) {
      await rm(copy);
      await asked();
    }
    expect((await asked()).heads.problems).toEqual([]);
  });

  test('runs of a shard that were copied in between', async () => {
    const shard = join(ledger, '2026-04', 'r20260414-0002-aaaa.jsonl');
    const lines = whole(2, 'a', 'c').map(
      (line) => JSON.parse(JSON.stringify(line).replaceAll('0002-00ff', '0002-aaaa')) as Line,
    );
    await write(2, lines, shard);
    const { heads } = await asked();
    expect(idsOf(heads)).toContain('0002-aaaa.c');
    expect(heads.runs.map(({ start }) => start.id.slice(-9))).toEqual([
      '0001-00ff',
      '0002-00ff',
      '0002-aaaa',
      '0003-00ff',
    ]);
  });

  test('that it is gone itself, or not as it was written', async () => {
    const folder = join(reports, '.cache');
    const [entry] = await readdir(folder);
    const path = join(folder, entry ?? '');
    const text = await readFile(path, 'utf8');
    for (const other of [text.slice(0, 99), '', text.replace('s/claim', 's/other'), '{}']) {
      await writeFile(path, other);
      expect((await asked()).isAllKnown).toBe(false);
    }
    await rm(folder, { recursive: true });
    expect((await asked()).isAllKnown).toBe(false);
    expect((await asked()).isAllKnown).toBe(true);
  });
});

describe('a clock', () => {
  const DAY_MS = 86_400_000;
  const lateDay = '2026-04-20T10:00:00.000Z';

  test('that is set back shows what was known then, and takes nothing from the index', async () => {
    await write(1, whole(1, 'a'));
    await write(2, [begun(2), found(2, 'a', { at: lateDay }), ENDED]);
    expect(idsOf((await asked(NOW + 30 * DAY_MS)).heads)).toContain('0002-00ff.a');
    expect(idsOf((await asked(NOW)).heads)).toEqual(['0001-00ff.a']);
    expect((await asked(NOW + 30 * DAY_MS)).isAllKnown).toBe(true);
  });

  test('that goes on comes to know what was dated later', async () => {
    await write(1, whole(1, 'a'));
    await write(2, [begun(2), found(2, 'a', { at: lateDay }), ENDED]);
    expect(idsOf((await asked(NOW)).heads)).toEqual(['0001-00ff.a']);
    expect((await asked(NOW + DAY_MS)).isAllKnown).toBe(true);
    expect(idsOf((await asked(NOW + 6 * DAY_MS)).heads)).toContain('0002-00ff.a');
  });
});

test('a run that is known already is left out, whether the index has it or not', async () => {
  await write(1, whole(1, 'a'));
  await write(2, whole(2, 'a'));
  for (const _ of [1, 2]) {
    expect(idsOf((await asked(NOW, runId(2))).heads)).toEqual(['0001-00ff.a']);
    expect(idsOf((await asked()).heads)).toContain('0002-00ff.a');
  }
});

test('a file that cannot be read makes the ledger unusable', async () => {
  await write(1, whole(1, 'a'));
  await mkdir(pathOf(2));
  await expect(asked()).rejects.toThrow('the ledger cannot be used');
});
