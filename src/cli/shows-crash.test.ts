import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { startAssay } from './cli.fixture.ts';
import {
  COMMITTED,
  DESK_ENV,
  type Desk,
  type RunDocument,
  aDesk,
  behind,
  remembered,
} from './desk.fixture.ts';

const LANES = 3;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A desk before a gateway that takes its time. */
async function slowly(
  lanes: number,
  ...faults: readonly string[]
): Promise<{ desk: Desk; mock: Mock }> {
  const mock = await startMock({ world: '2026-03-30', faults: ['delay=100', ...faults] });
  const target = { ...behind(mock), concurrency: lanes };
  const desk = await aDesk({ suites: COMMITTED, target });
  closing.push(mock.close, desk.close);
  return { desk, mock };
}

/** Starts a run that a test is going to end. */
function started(desk: Desk) {
  const args = ['run', 'nano-banana-2', '--target', 'production', '--format', 'json'];
  return startAssay([...args, ...desk.optionsOf('run')], {
    cwd: desk.folder,
    env: DESK_ENV,
  });
}

/** Resolves once something is so; the test's own time limit ends a vain wait. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5);
}

/** The pieces of evidence that the last progress line said there are. */
function acknowledged(stderr: string): number {
  const counts = [...stderr.matchAll(/(\d+) pass · (\d+) fail · (\d+) inconclusive/g)].at(-1);
  return (counts ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0);
}

describe('a run that is killed', () => {
  test('loses nothing that it had acknowledged, and leaves a ledger whose chain holds', async () => {
    const { desk, mock } = await slowly(LANES);
    const { child, said } = started(desk);
    let heard = '';
    child.stderr.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    await until(() => acknowledged(heard) >= 10);
    child.kill('SIGKILL');
    const { code, stderr } = await said;
    const { evidence, exchanges, ends } = await remembered(desk.ledger);

    expect(code).toBeNull();
    expect(ends).toEqual([]);
    expect(evidence.length).toBeGreaterThanOrEqual(acknowledged(stderr));
    expect(new Set(evidence.map(({ exchange }) => exchange)).size).toBeGreaterThan(1);
    // Only what was under way may be missing: one request in each lane.
    expect(exchanges.length).toBeGreaterThanOrEqual(mock.counts().generations - LANES);
    const verified = await desk.assay(['ledger', 'verify']);
    expect([verified.code, verified.stdout.includes('no end')]).toEqual([0, true]);
  });
});

describe('a run that is interrupted', () => {
  test('writes what is known, closes its ledger with that reason, and exits with 130', async () => {
    const { desk, mock } = await slowly(LANES);
    const { child, said } = started(desk);
    await until(() => mock.counts().generations >= 8);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await said;
    const document = JSON.parse(stdout) as RunDocument;
    const { evidence, ends } = await remembered(desk.ledger);

    expect(code).toBe(130);
    expect(stderr).toMatch(/to go on with it: assay run --resume r\d{8}-0001-/);
    expect(document.end).toEqual({ kind: 'interrupted' });
    expect(ends.map(({ reason }) => reason)).toEqual([{ kind: 'interrupted' }]);
    expect(evidence.length).toBeGreaterThan(0);
    const undecided = document.cases.filter(({ cause }) => cause === 'interrupted');
    const decided = document.cases.filter(({ verdict }) => verdict !== 'inconclusive');
    expect(undecided.length).toBeGreaterThan(10);
    const known = new Set(evidence.map((one) => `${one.claim} ${one.case}`));
    const derived = ['nano-banana-2/refs.png.some'];
    const shown = decided.filter(({ claim }) => !derived.includes(claim));
    expect(shown.filter((one) => !known.has(`${one.claim} ${one.case}`))).toEqual([]);
    expect((await desk.assay(['ledger', 'verify'])).code).toBe(0);
  });

  test('goes on where it was: nothing that is stored is asked again, and what was cut off is paid for', async () => {
    const { desk, mock } = await slowly(LANES);
    const { child, said } = started(desk);
    await until(() => mock.counts().generations >= 8);
    child.kill('SIGINT');
    const cut = JSON.parse((await said).stdout) as RunDocument;
    const before = await remembered(desk.ledger);
    const { code, document } = await desk.run('--resume');
    const after = await remembered(desk.ledger);

    expect([code, document.end]).toEqual([0, { kind: 'complete' }]);
    expect(after.exchanges.slice(0, before.exchanges.length)).toEqual(before.exchanges);
    const answered = after.exchanges.map(({ answers }) => `${answers?.planned} ${answers?.trial}`);
    expect(new Set(answered).size).toBe(answered.length);
    const tried = after.evidence.map((one) => `${one.claim} ${one.case} ${one.trial}`);
    expect(new Set(tried).size).toBe(tried.length);
    const cutOff = (cut.summary['requests'] ?? 0) - before.exchanges.length;
    expect(document.summary['requests']).toBe(after.exchanges.length + cutOff);
    expect(mock.counts().generations).toBeLessThanOrEqual(document.summary['requests'] ?? 0);
  });

  test('ends at once when it is interrupted again, though a host of images never answers', async () => {
    const { desk, mock } = await slowly(1, 'archive.body=never');
    const { child, said } = started(desk);
    await until(() => mock.counts().artifacts >= 1);
    while (child.exitCode === null) {
      child.kill('SIGINT');
      await pause(200);
    }

    expect((await said).code).toBe(130);
    // The first interruption alone would have waited for the image, and then closed the ledger.
    expect((await remembered(desk.ledger)).ends).toEqual([]);
    expect((await desk.assay(['ledger', 'verify'])).code).toBe(0);
  });
});

describe('a ledger that cannot be used', () => {
  test.each([
    ['is a file', 'occupied'],
    ['would be below a file', 'occupied/below/it'],
  ])('because it %s stops a run before anything is sent, with one clear line', async (_, path) => {
    const { desk, mock } = await slowly(1);
    await writeFile(join(desk.folder, 'occupied'), 'mine');
    const options = desk
      .optionsOf('run')
      .map((one, at, all) => (all[at - 1] === '--ledger' ? join(desk.folder, path) : one));
    const args = ['run', 'nano-banana-2/t2i', '--target', 'production', ...options];
    const { said } = startAssay(args, { env: DESK_ENV });
    const { code, stdout, stderr } = await said;

    expect(code).toBe(3);
    expect(stdout).toBe('');
    // What it would cost at most is said by then.
    expect(stderr).toMatch(
      /^production: .*\nerror: the ledger cannot be used: .*occupied.*\n\n1 error\n$/,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(mock.counts().generations).toBe(0);
  });

  test('because its folder is removed stops a run before the next request is paid', async () => {
    const { desk, mock } = await slowly(1);
    const { said } = started(desk);
    await until(() => mock.counts().generations >= 3);
    await rm(desk.ledger, { recursive: true });
    const paid = mock.counts().generations;
    const { code, stdout } = await said;
    const document = JSON.parse(stdout) as RunDocument;

    expect(code).toBe(3);
    expect(document.end.kind).toBe('ledger-failed');
    expect(document.end.detail).toContain('was removed');
    // The one that was under way, or the one that was about to be.
    expect(mock.counts().generations).toBeLessThanOrEqual(paid + 1);
    expect(
      document.cases.filter(({ verdict }) => verdict === 'inconclusive').length,
    ).toBeGreaterThan(30);
  });

  test('because its folder has the name of a run is said, and not overwritten', async () => {
    const { desk } = await slowly(1);
    await mkdir(join(desk.ledger, '2026-03', 'r20260330-0001-0000.jsonl'), { recursive: true });
    const { code, stderr } = await desk.assay(['ledger', 'verify']);

    expect(code).toBe(3);
    expect(stderr).toContain('the ledger cannot be used');
  });
});

test('a ledger that was changed by hand is named by every verb that reads it, and exits 3', async () => {
  const { desk } = await slowly(1);
  await desk.run('nano-banana-2/edit.at-1k');
  const [file = ''] = (await readdir(desk.ledger, { recursive: true })).filter((name) =>
    name.endsWith('.jsonl'),
  );
  const path = join(desk.ledger, file);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(
    '"verdict":{"kind":"pass"}',
    '"verdict":{"kind":"fail","findings":[]}',
  );
  expect(changed).not.toBe(text);
  await writeFile(path, changed);

  const asked = [
    ['ledger', 'verify'],
    ['status'],
    ['judge'],
    ['explain', 'nano-banana-2/edit.at-1k'],
  ];
  const said = await Promise.all(asked.map((args) => desk.assay(args)));
  expect(said.map(({ code }) => code)).toEqual([3, 3, 3, 3]);
  for (const { stderr } of said) expect(stderr).toContain(file);
});
