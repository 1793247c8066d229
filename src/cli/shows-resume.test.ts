import { readFile, truncate, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdFile } from '../adapters/hold.ts';
import { listLedger } from '../adapters/ledger.ts';
import { closeAll, serve } from '../adapters/loopback.fixture.ts';
import { startAssay } from './cli.fixture.ts';
import { type Stand, aStand, timeless } from './counted.fixture.ts';
import { COMMITTED, KEY, KEY_NAME, type RunDocument, aDesk, remembered } from './desk.fixture.ts';

const LANE = { concurrency: 1 };

let stand: Stand;
beforeAll(async () => {
  stand = await aStand();
});
afterAll(async () => {
  await stand.close();
  await closeAll();
});

/** A scene whose run was killed after some writes to its ledger, with the run's id and file. */
async function killed(name: string, writes: number, target: object = LANE) {
  const scene = await stand.scene(name, target);
  expect((await scene.run([], `${writes}:1:0`)).code).toBeNull();
  const [file = ''] = await listLedger(scene.ledger);
  return { scene, file, id: file.slice(-25, -'.jsonl'.length) };
}

function documentOf({ stdout }: { readonly stdout: string }): RunDocument {
  return JSON.parse(stdout) as RunDocument;
}

describe('a run that was killed', () => {
  test('is named by status, with what can be done, until it is resumed', async () => {
    const { scene, id } = await killed('named', 4);
    const sentence = `run ${id} of \\S+ \\S+ against local was killed after 3 of its exchanges: assay run --resume ${id} --suites suites --targets targets.yaml --ledger ledger, or assay ledger drop ${id} --ledger ledger`;
    const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
    expect(plain((await scene.assay(['status'])).stdout)).toMatch(new RegExp(`^${sentence} `));
    expect((await scene.assay(['status', '--format', 'markdown'])).stdout).toMatch(
      new RegExp(`^> ${sentence}\n`),
    );
    expect(JSON.parse((await scene.assay(['status', '--format', 'json'])).stdout)).toMatchObject({
      killed: [{ run: id, target: 'local', exchanges: 3 }],
    });

    expect((await scene.run(['--resume', id])).code).toBe(1);
    expect((await scene.assay(['status'])).stdout).not.toContain('was killed');
    expect((await scene.assay(['ledger', 'verify'])).stdout).not.toContain('no end');
  });

  test('is named until it is dropped, which takes nothing of what it found', async () => {
    const { scene, id } = await killed('dropped', 4);
    const before = await remembered(scene.ledger);
    const dropped = await scene.assay(['ledger', 'drop', id]);

    expect(dropped).toMatchObject({ code: 0, stderr: '' });
    expect((await scene.assay(['status'])).stdout).not.toContain('was killed');
    const after = await remembered(scene.ledger);
    expect(after.evidence).toEqual(before.evidence);
    expect(after.ends.map(({ reason }) => reason.kind)).toEqual(['dropped']);
    expect((await scene.assay(['ledger', 'verify'])).code).toBe(0);
    expect((await scene.assay(['ledger', 'drop', id])).stderr).toContain(`${id} was dropped`);
    expect((await scene.run(['--resume'])).stderr).toContain('was cut short');
  });

  test('is left alone while a process holds it, and does not count as killed then', async () => {
    const { scene, file, id } = await killed('held', 4);
    const hold = await holdFile(file);
    const asked = scene.asked();
    for (const args of [['--resume'], ['--resume', id]]) {
      const { code, stderr } = await scene.run(args);
      expect(code).toBe(2);
      expect(stderr).toContain('goes on in another process');
    }
    expect((await scene.assay(['ledger', 'drop', id])).code).toBe(2);
    expect((await scene.assay(['status'])).stdout).not.toContain('was killed');
    expect((await scene.assay(['ledger', 'verify'])).stdout).toContain('no end: it goes on');
    expect(scene.asked()).toEqual(asked);
    await hold?.release();
    expect((await scene.run(['--resume'])).code).toBe(1);
  });

  test('is resumed by one of two who try at once', async () => {
    const { scene } = await killed('two', 4);
    const both = await Promise.all([scene.run(['--resume']), scene.run(['--resume'])]);

    expect(both.map(({ code }) => code).toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2]);
    expect((await scene.assay(['ledger', 'verify'])).code).toBe(0);
    expect((await remembered(scene.ledger)).ends).toHaveLength(1);
    expect(scene.asked()).toHaveLength(documentOf(whole(both)).summary['requests'] ?? 0);
  });

  test('takes its selectors and its target from its beginning', async () => {
    const scene = await stand.scene('selected', LANE);
    expect((await scene.run(['s/good', 's/refused'], '3:1:0')).code).toBeNull();
    const { code, stdout } = await scene.assay(['run', '--resume', '--format', 'json']);

    expect(code).toBe(0);
    const claims = documentOf({ stdout }).cases.map(({ claim }) => claim);
    expect(new Set(claims)).toEqual(new Set(['s/good', 's/refused']));
  });

  test('stays within its budget, what it had spent included', async () => {
    const target = { ...LANE, budget: { requests: 7 } };
    const { scene } = await killed('budget', 4, target);
    const before = scene.asked().length;
    const { stdout, stderr } = await scene.run(['--resume']);
    expect(stderr).toContain(`local: at most $0.00, ${7 - before} requests\n`);
    const uncut = await stand.scene('budget-uncut', target);
    await uncut.run();

    // More is wanted than the budget pays, in second trials alone: so all of it is spent, whether the run was cut short or not.
    const requests = scene.asked().length;
    expect([requests, uncut.asked().length]).toEqual([7, 7]);
    expect(scene.asked().toSorted()).toEqual(uncut.asked().toSorted());
    const { summary, leftOut } = documentOf({ stdout });
    expect(summary).toMatchObject({ requests, exchanges: requests });
    expect(leftOut.length).toBeGreaterThan(0);
    expect(leftOut.every(({ reason }) => reason === 'budget')).toBe(true);
  });

  test('judges a stored exchange anew where its claim was edited, and says so', async () => {
    const { scene } = await killed('edited', 4);
    const [first] = (await remembered(scene.ledger)).evidence;
    expect(first).toMatchObject({ claim: 's/good', case: 'ask=best' });
    const text = await readFile(scene.suite, 'utf8');
    await writeFile(scene.suite, text.replace('equals: "${ask}"', 'equals: another'));
    const { stdout, stderr } = await scene.run(['--resume']);

    expect(stderr).toMatch(
      /warning: \d cases were edited since the run began, .*s\/good\/ask=best/,
    );
    const edited = documentOf({ stdout }).cases.find(({ case: name }) => name === 'ask=best');
    expect(edited).toMatchObject({ verdict: 'fail', findings: [{ actual: '"best"' }] });
    // Once for the trial that is stored, and once because the edited claim surprises.
    expect(scene.asked().filter((one) => one === 'best')).toHaveLength(2);
  });
});

describe('there is nothing to resume', () => {
  test.each([
    ['a run that is complete', ['--resume', 'ID'], 'ID is complete'],
    [
      'any run, where all are complete',
      ['--resume'],
      'no run against local in ledger was cut short',
    ],
    [
      'a run that there is not',
      ['--resume', 'r20260330-0001-7f3a'],
      'there is no run r20260330-0001',
    ],
    ['other claims', ['--resume', 's/good'], '--resume takes the id of one run'],
    ['another world', ['--resume', '--world', '2026-03-30'], '--world is as it was'],
  ])('of %s', async (what, args, message) => {
    const scene = await stand.scene(what.replaceAll(' ', '-'), LANE);
    await scene.run(['s/refused']);
    const [file = ''] = await listLedger(scene.ledger);
    const id = file.slice(-25, -'.jsonl'.length);
    const { code, stderr } = await scene.run(args.map((one) => one.replace('ID', id)));

    expect(code).toBe(2);
    expect(stderr).toContain(message.replace('ID', id));
    expect(scene.asked()).toEqual(['rude']);
  });

  test('against a target that was edited since', async () => {
    const { scene, id } = await killed('moved', 4);
    const text = await readFile(scene.targets, 'utf8');
    await writeFile(scene.targets, text.replace('127.0.0.1', 'localhost'));
    const { code, stderr } = await scene.run(['--resume']);

    expect(code).toBe(2);
    expect(stderr).toContain(`target local was edited since run ${id} began: host`);
    expect(scene.asked()).toHaveLength(3);
  });

  test('of a ledger that was changed by hand', async () => {
    const { scene, file } = await killed('changed', 4);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"kind":"pass"', '"kind":"fail","findings":[]'));
    const { code, stderr } = await scene.run(['--resume']);

    expect(code).toBe(3);
    expect(stderr).toContain('its chain does not hold');
  });
});

test('a run that an outage ended asks anew what it had no answer to', async () => {
  const undisturbed = await stand.scene('undisturbed', LANE);
  await undisturbed.run();
  const scene = await stand.scene('outage', { concurrency: 3 });
  scene.silence(true);
  const cut = await scene.run();
  expect(documentOf(cut).end.kind).toBe('outage');
  expect(cut.stderr).toMatch(/to go on with it: assay run --resume r\d/);
  scene.silence(false);
  const resumed = await scene.run(['--resume']);

  expect(documentOf(resumed).end.kind).toBe('complete');
  expect(scene.asked().toSorted()).toEqual(undisturbed.asked().toSorted());
  const decided = (await remembered(scene.ledger)).evidence.filter(
    ({ verdict }) => !(verdict.kind === 'inconclusive' && verdict.cause === 'disconnected'),
  );
  const expected = (await remembered(undisturbed.ledger)).evidence;
  const withoutName = (all: readonly string[]) => all.map((one) => one.replace(/"on":.*/, ''));
  expect(withoutName(timeless(decided))).toEqual(withoutName(timeless(expected)));
});

test('an interrupted run asks anew what was waiting for its next attempt', async () => {
  let isBusy = true;
  const requests: string[] = [];
  const asked = () => requests.length;
  const baseUrl = await serve((request, response) => {
    requests.push(request.url ?? '');
    response.writeHead(isBusy ? 503 : 200, { 'retry-after': '30' });
    request.resume().on('end', () => response.end('{"ok":true}'));
  });
  const text = `
suite: s
requests: { ask: { path: /v1/ask, json: {} } }
claims: [ { id: ok, says: It answers, expect: [ { json: { at: $.ok, equals: true } } ] } ]
`;
  const desk = await aDesk({ suites: { 's.yaml': text }, target: { baseUrl } });
  const { child, said } = startAssay(['run', '--target', 'production', ...desk.optionsOf('run')], {
    cwd: desk.folder,
    env: { [KEY_NAME]: KEY },
  });
  while (asked() === 0) await pause(5);
  await pause(1000); // its answer has come; half a minute is left until it would be asked again
  child.kill('SIGINT');
  expect((await said).code).toBe(130);
  // Kept as it was gathered: else this would only show that what is not stored is asked.
  const [kept] = (await remembered(desk.ledger)).exchanges;
  expect(kept?.attempts).toMatchObject([{ outcome: { kind: 'answered', status: 503 } }]);
  isBusy = false;
  const resumed = await desk.run('--resume');

  expect([asked(), resumed.code]).toEqual([2, 0]);
  expect(resumed.document.cases).toMatchObject([{ verdict: 'pass' }]);
  await desk.close();
});

test('of two runs without an end, the one that nobody holds is gone on with', async () => {
  const older = await killed('pair', 4);
  expect((await older.scene.run([], '4:1:0')).code).toBeNull();
  const newer = (await listLedger(older.scene.ledger)).at(-1) ?? '';
  expect(newer).not.toBe(older.file);
  const hold = await holdFile(newer);
  expect(hold).toBeDefined();
  const resumed = await older.scene.run(['--resume']);
  await hold?.release();

  expect(documentOf(resumed)).toMatchObject({ run: older.id, end: { kind: 'complete' } });
});

test('a rehearsal goes on although its mock has another address by then', async () => {
  const desk = await aDesk({ suites: COMMITTED, target: { baseUrl: 'http://127.0.0.1:1' } });
  const args = [
    'run',
    'nano-banana-2/answer.archived',
    '--with',
    'refs.limit=13',
    '--format',
    'json',
  ];
  const first = await desk.assay(args);
  expect(first.code).toBe(0);
  const [file = ''] = await listLedger(desk.ledger);
  // As a kill between the bytes of one write would leave it: with its exchange, and without the evidence of that.
  const text = await readFile(file, 'utf8');
  const from = text.indexOf('\n', text.indexOf('"kind":"exchange"')) + 1;
  expect(text.slice(0, from)).toContain('"let":{"media":');
  await truncate(file, Buffer.byteLength(text.slice(0, from)));
  const resumed = await desk.assay(['run', '--resume', '--format', 'json']);

  expect(resumed.code).toBe(0);
  const { evidence, exchanges } = await remembered(desk.ledger);
  expect(exchanges).toHaveLength(1);
  expect(new Set(evidence.map(({ verdict }) => verdict.kind))).toEqual(new Set(['pass']));
  expect(timelessCases(resumed)).toEqual(timelessCases(first));
  expect(await readFile(file, 'utf8')).toContain('"faults":["refs.limit=13"]');
  await desk.close();
});

function timelessCases(said: { readonly stdout: string }) {
  return documentOf(said).cases.map(({ claim, case: name, verdict }) => [claim, name, verdict]);
}

/** The one of two that was not refused. */
function whole<One extends { readonly code: number | null }>(both: readonly One[]): One {
  const one = both.find(({ code }) => code !== 2);
  if (one === undefined) throw new Error('both were refused');
  return one;
}
