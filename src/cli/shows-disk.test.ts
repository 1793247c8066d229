import { existsSync } from 'node:fs';
import { appendFile, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readLedgerFiles } from '../adapters/ledger.ts';
import { sha256 } from '../adapters/sha256.ts';
import { readLedger } from '../ledger/read.ts';
import { type Desk, KEY, KEY_NAME, type RunDocument, aDesk } from './desk.fixture.ts';
import { respond, startHostile } from './hostile.fixture.ts';
import { runLimited } from './limited.fixture.ts';

const CASES = 6;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A desk with one claim of some cases, sent one after the other; something happens before the third is answered. */
async function deskWhere(happens: (desk: Desk) => Promise<void>) {
  let asked = 0;
  const server = await startHostile({
    fine: {
      async answer(wire) {
        if (++asked === 3) await happens(desk);
        respond('{"ok":true}')(wire);
      },
    },
  });
  const claim = {
    id: 'stays',
    says: 'What was found stays',
    vary: { n: Array.from({ length: CASES }, (_, at) => at) },
    request: { path: '/fine', json: { n: '${n}' } },
    expect: [{ json: { at: '$.ok', equals: true } }],
  };
  const desk = await aDesk({
    suites: { 'disk.yaml': JSON.stringify({ suite: 'disk', let: { n: 0 }, claims: [claim] }) },
    target: { baseUrl: server.origin, concurrency: 1 },
  });
  closing.push(server.close, desk.close);
  return { desk, asked: () => asked };
}

async function fileOf({ ledger }: Desk): Promise<string> {
  const files = await readdir(ledger, { recursive: true });
  return join(ledger, files.find((name) => name.endsWith('.jsonl')) ?? '');
}

function decided({ cases }: RunDocument): number {
  return cases.filter(({ verdict }) => verdict === 'pass').length;
}

describe('a ledger that is lost while a run goes on', () => {
  test.each<readonly [string, (desk: Desk) => Promise<void>, RegExp]>([
    ['its file is removed', async (desk) => rm(await fileOf(desk)), /was removed/],
    ['its folder is removed', (desk) => rm(desk.ledger, { recursive: true }), /was removed/],
    [
      'a file takes the place of its folder',
      async (desk) => {
        await rename(desk.ledger, `${desk.ledger}.old`);
        await writeFile(desk.ledger, 'mine');
      },
      /ENOTDIR|was moved away/,
    ],
    ['its folder is moved', (desk) => rename(desk.ledger, `${desk.ledger}.old`), /was moved away/],
    ['its file is cut', async (desk) => truncate(await fileOf(desk), 100), /another process/],
    ['its file is emptied', async (desk) => truncate(await fileOf(desk)), /another process/],
    [
      'somebody writes into its file',
      async (desk) => appendFile(await fileOf(desk), '{"kind":"end"}\n'),
      /another process/,
    ],
  ])('because %s ends the run with 3, and it says all that it found', async (_, happens, why) => {
    const { desk, asked } = await deskWhere(happens);
    const { code, document, stderr } = await desk.run();

    expect(code).toBe(3);
    expect(document.end).toMatchObject({
      kind: 'ledger-failed',
      detail: expect.stringMatching(why) as string,
    });
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(decided(document)).toBe(2);
    expect(document.cases).toHaveLength(CASES);
    expect(asked()).toBe(3);
  });

  test('says on a terminal how much was written before', async () => {
    const { desk } = await deskWhere((one) => rm(one.ledger, { recursive: true }));
    const { code, stdout } = await desk.assay(['run', '--target', 'production']);
    expect(code).toBe(3);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /the ledger cannot be written: .* was removed; written before that: 2 pieces of evidence/,
    );
    expect(stdout).toContain('6 cases in');
  });
});

describe.skipIf(!existsSync('/bin/sh'))('a disk that is full', () => {
  test.each([
    ['from the start', 0, 0],
    ['after a while', 8, 1],
  ])('%s ends the run with 3, and what was said to be found is there', async (_, blocks, least) => {
    const { desk, asked } = await deskWhere(() => Promise.resolve());
    const args = ['run', '--target', 'production', '--format', 'json', ...desk.optionsOf('run')];
    const { code, stdout, stderr } = await runLimited(blocks, args, desk.folder, {
      [KEY_NAME]: KEY,
    });

    expect(code).toBe(3);
    expect(stderr).toMatch(/the ledger cannot be used: .*EFBIG/);
    const { evidence, problems } = readLedger(await readLedgerFiles(desk.ledger), sha256);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(evidence.length).toBeGreaterThanOrEqual(least);
    if (least === 0) {
      expect(asked()).toBe(0);
      return;
    }
    const document = JSON.parse(stdout) as RunDocument;
    expect(document.end.kind).toBe('ledger-failed');
    expect(decided(document)).toBe(evidence.length);
    expect(asked()).toBeLessThan(CASES);
  });
});
