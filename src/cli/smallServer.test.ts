import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const fixture = join(root, 'fixtures/small-server');

/** The members of `assay.run.v1` that this test reads. */
interface RunDocument {
  readonly cases: readonly {
    readonly claim: string;
    readonly case: string;
    readonly verdict: string;
    readonly agrees: boolean | null;
  }[];
  readonly leftOut: readonly unknown[];
}

let server: ChildProcess;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-small-server-'));
  server = spawn(process.execPath, [join(fixture, 'server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const targets = await readFile(join(fixture, 'suites/targets.yaml'), 'utf8');
  await writeFile(
    join(folder, 'targets.yaml'),
    targets.replace('http://127.0.0.1:8620', await firstLine(server)),
  );
});

afterAll(async () => {
  server.kill();
  await once(server, 'exit');
  await rm(folder, { recursive: true });
});

test('a suite written for a small server finds the three contradictions planted in it, and nothing else', async () => {
  const files = {
    suites: join(fixture, 'suites'),
    targets: join(folder, 'targets.yaml'),
    ledger: join(folder, 'ledger'),
  };
  const { code, stdout } = await assay(
    `run --target lingo --format json --suites ${files.suites} --targets ${files.targets} --ledger ${files.ledger}`.split(
      ' ',
    ),
  );
  const { cases, leftOut } = JSON.parse(stdout) as RunDocument;

  expect(leftOut).toEqual([]);
  expect(cases.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
  const contradicting = cases.filter(({ agrees }) => agrees === false).map(({ claim }) => claim);
  expect(contradicting.toSorted()).toEqual(await planted());
  expect(code).toBe(1);
});

/** The first word of each line of expected.txt. */
async function planted(): Promise<readonly string[]> {
  const lines = (await readFile(join(fixture, 'expected.txt'), 'utf8')).trim().split('\n');
  return lines.map((line) => line.split(/\s/)[0] ?? '').toSorted();
}

async function assay(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/assay.js'), ...args], {
    env: { ...process.env, LINGO_KEY: 'sk-lingo-test', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout: Buffer.concat(chunks).toString('utf8') };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server has no output');
  for await (const line of createInterface(stdout)) return line;
  throw new Error('the server ended without its address');
}
