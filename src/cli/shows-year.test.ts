import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLedgerFiles } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { type Claim, claimId } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import { isDecided } from '../domain/standing.ts';
import { suiteStatus } from '../domain/status.ts';
import { readLedger } from '../ledger/read.ts';
import { jsonStatus } from '../report/status.ts';
import { NIGHTS, type Night, SHARDS, liveYear, nightMs } from './year.fixture.ts';
import { BUDGET_USD, yearRemembers, yearSuite } from './year-suite.fixture.ts';

/** As many as it takes to see that a new version of the gateway, and an outage behind it, leave no trace. */
const SOME_NIGHTS = 150;
const LONGEST_TEST_MS = 600_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-year-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the status says on the morning after so many nights, and the words of its table alone. */
function morningAfter(
  nights: number,
  evidence: readonly Evidence[] = [],
): { readonly status: string; readonly words: string } {
  const remembered = yearRemembers(evidence, nightMs(nights - 1) + 3_600_000);
  const status = suiteStatus(yearSuite, ['production'], remembered);
  const rows = status.tables.flatMap((table) => table.rows);
  return {
    status: JSON.stringify(jsonStatus([status], 'then', false)),
    words: rows.map(({ key, word }) => `${key.join('')}: ${word}`).join('\n'),
  };
}

async function read(ledger: string): Promise<readonly Evidence[]> {
  const { evidence, problems } = readLedger(await readLedgerFiles(ledger), sha256);
  expect(problems).toEqual([]);
  return evidence;
}

/** Copies the ledgers of all shards into one folder, one after the other. */
async function merged(year: string, name: string, order: readonly number[]): Promise<string> {
  const into = join(folder, name);
  for (const index of order)
    await cp(join(folder, year, `shard-${index}`), into, { recursive: true });
  return into;
}

/** How old the last decision of each claim is after a night, in times of its freshness; what was never decided is infinitely old. */
function ages({ night, evidence }: Night): readonly (readonly [Claim, number])[] {
  const last = new Map<string, number>();
  for (const one of evidence) if (isDecided(one)) last.set(one.claim, Date.parse(one.at));
  return yearSuite.claims.map((claim) => {
    const at = last.get(claimId(claim));
    return [claim, at === undefined ? Infinity : (nightMs(night) - at) / claim.freshMs];
  });
}

test(
  'over a year of nights nothing gets older than twice its freshness, no night costs more than its budget, and shards merge in any order',
  async () => {
    const nights: Night[] = [];
    const inTurn = Array.from({ length: SHARDS }, (_, at) => at + 1);
    await liveYear(
      join(folder, 'a'),
      NIGHTS,
      () => inTurn,
      (night) => void nights.push(night),
    );

    const most = Math.max(...nights.map(({ usd }) => usd));
    expect(most).toBeGreaterThan(BUDGET_USD / 2);
    const dearer = nights.filter(({ usd, sentUsd }) => {
      const micros = Math.round(Math.max(usd, sentUsd) * 1e6);
      return micros > Math.round(BUDGET_USD * 1e6);
    });
    expect(dearer).toEqual([]);

    // The first time around takes as long as it takes to pay for everything once.
    const [settled, old]: [Night[], string[]] = [nights.slice(30), []];
    for (const night of settled)
      for (const [{ id, freshMs }, age] of ages(night))
        if (age > 2) old.push(`${id} (${freshMs / 86_400_000}d) night ${night.night}: ${age}`);
    expect(old).toEqual([]);

    const end = morningAfter(NIGHTS, await read(await merged('a', 'a-merged', [1, 2, 3])));
    const again = morningAfter(NIGHTS, await read(await merged('a', 'a-again', [3, 1, 2])));
    expect(again.status).toBe(end.status);
    expect(end.words).toMatch(/: Verified\n[^]*: Failing\n/);
    expect(end.words).not.toContain('Beta');

    // The same nights, with the machines in other orders.
    const turned = (night: number) => inTurn.map((_, at) => ((night + 2 * at) % SHARDS) + 1);
    await liveYear(join(folder, 'b'), SOME_NIGHTS, turned, () => {});
    const other = await read(await merged('b', 'b-merged', [2, 3, 1]));
    const { words } = morningAfter(SOME_NIGHTS, nights[SOME_NIGHTS - 1]?.evidence);
    expect(morningAfter(SOME_NIGHTS, other).words).toBe(words);
    expect(words).not.toContain('Beta');
  },
  LONGEST_TEST_MS,
);
