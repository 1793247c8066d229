import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../adapters/sha256.ts';
import { claimId } from '../domain/claim.ts';
import { digest } from '../domain/digest.ts';
import type { Evidence, SeenTarget } from '../domain/evidence.ts';
import { GENESIS, writeLine } from '../ledger/chain.ts';
import type { Line } from '../ledger/lines.ts';
import { loadSuites } from '../suite/load.ts';

const FIRST_NIGHT_MS = Date.parse('2026-03-30T03:00:00Z');
const DAY_MS = 86_400_000;
const TARGET: SeenTarget = { name: 'bench', grade: 'live', host: '127.0.0.1:9', mockAllowed: true };

/** What is known of a case before any night. */
type Asked = Pick<Evidence, 'claim' | 'case' | 'digest'>;

/** When a night begins, in milliseconds since 1970; the first is number 0. */
export function nightMs(night: number): number {
  return FIRST_NIGHT_MS + night * DAY_MS;
}

/** Writes a ledger as a nightly job leaves it: so many nights, each a run of every case of some suites. */
export async function writeNights(folder: string, suites: string, nights: number): Promise<void> {
  const cases = await casesIn(suites);
  for (let night = 0; night < nights; night++) {
    const startedAt = new Date(nightMs(night)).toISOString();
    const day = startedAt.slice(0, 10);
    const run = `r${day.replaceAll('-', '')}-${String(night + 1).padStart(4, '0')}-00ff`;
    const path = join(folder, day.slice(0, 7), `${run}.jsonl`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, nightText(run, startedAt, night, cases));
  }
}

async function casesIn(suites: string): Promise<readonly Asked[]> {
  const names = (await readdir(suites)).filter((name) => name.startsWith('family-'));
  const shape = await readFile(join(suites, 'shapes', 'widget.json'));
  const files = names.map(async (name) => ({ name, bytes: await readFile(join(suites, name)) }));
  const loaded = loadSuites(await Promise.all(files), () => shape);
  const claims = loaded.suites.flatMap((suite) => suite.claims);
  return claims.flatMap((claim) =>
    claim.basis.kind === 'sent'
      ? claim.basis.cases.map((one) => ({
          claim: claimId(claim),
          case: one.name,
          digest: digest(one, sha256),
        }))
      : [],
  );
}

function nightText(run: string, startedAt: string, night: number, cases: readonly Asked[]): string {
  const texts: string[] = [];
  let prev = GENESIS;
  const put = (line: Line): void => {
    const { text, hash } = writeLine(line, prev, sha256);
    texts.push(`${text}\n`);
    prev = hash;
  };
  const tool = '0.1.0';
  put({ kind: 'run', run: { id: run, startedAt, tool, target: TARGET, selected: [] } });
  for (const [at, asked] of cases.entries())
    put({ kind: 'evidence', evidence: pieceOf(run, Date.parse(startedAt), night, at, asked) });
  put({ kind: 'end', end: { endedAt: startedAt, reason: { kind: 'complete' } } });
  return texts.join('');
}

/** One in fifty fails, another one each night. */
function pieceOf(run: string, startMs: number, night: number, at: number, asked: Asked): Evidence {
  const isBad = (at * 7 + night) % 50 === 0;
  const finding = {
    expectation: 'status',
    at: { file: 'suites/family-1.yaml', line: 5, column: 17 },
    expected: '200',
    actual: '500',
  };
  return {
    id: `${run}.${at + 1}`,
    run,
    at: new Date(startMs + at * 100).toISOString(),
    ...asked,
    trial: 1,
    target: TARGET,
    exchange: `${run}.x${at + 1}`,
    attempts: 1,
    verdict: isBad ? { kind: 'fail', findings: [finding] } : { kind: 'pass' },
    observed: { status: isBad ? 500 : 200, ms: 100 + (at % 50) },
    usd: 0,
    ms: 100 + (at % 50),
    requestId: `req-${night}-${at}`,
    gatewayVersion: `v0.9.${night % 7}`,
    tool: '0.1.0',
  };
}
