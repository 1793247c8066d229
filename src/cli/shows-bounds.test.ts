import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLedgerFiles } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { readLedger } from '../ledger/read.ts';
import { printable } from '../report/printable.ts';
import { KEY, textOf } from './desk.fixture.ts';
import { HOSTILE_BODIES } from './hostile-body.fixture.ts';
import { HOSTILE_IMAGES } from './hostile-image.fixture.ts';
import { HOSTILE_WIRES } from './hostile-wire.fixture.ts';
import { type Hostile, type Met, meet, startHostile } from './hostile.fixture.ts';

const ALL = { ...HOSTILE_WIRES, ...HOSTILE_BODIES, ...HOSTILE_IMAGES };
const HONEST = 'answers as it should';
/**
 * What any answer may take beyond an honest small one, where its table says nothing else: the room for young objects,
 * which Node fills before it first looks for garbage, and half as much again.
 */
const MOST_MIB = 72;
const TIME_LIMIT_MS = 150_000;
let server: Awaited<ReturnType<typeof startHostile>>;
let idleMiB = 0;
const table: string[] = [];

beforeAll(async () => {
  server = await startHostile(ALL);
  await met(HONEST, HOSTILE_WIRES[HONEST] as Hostile); // what is compiled once stays cached
  idleMiB = (await met(HONEST, HOSTILE_WIRES[HONEST] as Hostile)).peakMiB;
});
afterAll(async () => {
  await server.close();
  // `ASSAY_HOSTILE_TABLE=1 npx vitest run src/cli/shows-bounds.test.ts` prints what each behaviour took.
  if (process.env['ASSAY_HOSTILE_TABLE'] !== undefined) {
    const head = ['| a server that | exit | verdict | ms | MiB |', '|---|---|---|--:|--:|'];
    process.stdout.write(`${[...head, ...table].join('\n')}\n`);
  }
});

describe('a server that', () => {
  test.concurrent.each(Object.entries(ALL))(
    '%s is told from its verdict, in bounded memory, and never gets the key twice',
    async (name, hostile) => {
      const { exit, said, mostMiB } = hostile;
      const one = await met(name, hostile);
      const aboveMiB = one.peakMiB - idleMiB;
      const verdict = printable(one.told)
        .replaceAll(/http:\S+/g, 'URL')
        .slice(0, 60)
        .replaceAll('|', '\\|');
      table.push(
        `| ${name} | ${one.code} | ${verdict} | ${Math.round(one.ms)} | ${Math.round(aboveMiB)} |`,
      );

      expect(one.told).toMatch(said);
      expect(one.code).toBe(exit);
      expect(aboveMiB).toBeLessThan(mostMiB ?? MOST_MIB);
    },
    TIME_LIMIT_MS,
  );
});

/** Meets a behaviour, and holds what is true of each of them. */
async function met(name: string, hostile: Hostile): Promise<Met> {
  const { desk, ...one } = await meet(server.origin, name, hostile);
  try {
    const files = await readLedgerFiles(desk.ledger);
    const { problems, evidence, exchanges } = readLedger(files, sha256);
    expect(problems).toEqual([]);
    expect(evidence.length).toBeGreaterThan(0);
    expect(evidence.length).toBe(Array.from(exchanges).length);
    expect(one.document.end.kind).toMatch(/^(?:complete|outage)$/);
    expect(printable(one.stdout + one.stderr)).toBe(one.stdout + one.stderr);
    expect(`${one.stdout}${one.stderr}${await textOf(desk.ledger)}`).not.toContain(KEY);
    expect(server.requests(name).filter(({ isHosted, bearsKey }) => isHosted && bearsKey)).toEqual(
      [],
    );
  } finally {
    await desk.close();
  }
  return one;
}

describe('what a terminal would obey', () => {
  test.each(['sends terminal escapes', 'sends terminal escapes in an error'])(
    'reaches no terminal, by whatever verb: a server that %s',
    async (name) => {
      const { desk } = await meet(server.origin, name, HOSTILE_BODIES[name] as Hostile);
      const said: string[] = [];
      for (const args of [
        ['run', '--target', 'production'],
        ['explain', 'hostile/meets'],
        ['status'],
        ['status', '--format', 'markdown'],
        ['judge', '--format', 'json'],
      ]) {
        const { stdout, stderr } = await desk.assay(args);
        expect(stdout).not.toBe('');
        said.push(stdout, stderr);
      }
      await desk.close();
      const all = said.join('');
      expect(printable(all)).toBe(all);
      expect(all).toContain('\\u009b');
    },
    TIME_LIMIT_MS,
  );
});
