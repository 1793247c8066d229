import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startAssay } from './cli.fixture.ts';
import { DESK_ENV, type Desk, aDesk } from './desk.fixture.ts';
import { type OnTerminal, hasTerminal, heardOf, onTerminal } from './terminal.fixture.ts';
import { openSession } from './watching.ts';
import { makeWishes } from './wishes.ts';

const SUITE = `suite: lamp
rehearse: 2026-03-30
documented: { as: holds }
let: { refs: 1 }
requests:
  edit:
    path: /v1/images/generations
    json: { model: nano-banana-2, prompt: A lamp, image_input: { $references: { count: "\${refs}", format: webp } } }
claims:
  - { id: works, says: It works, expect: [ { image: any } ] }
  - { id: limit, says: 15 are rejected, let: { refs: 15 }, given: [ { claim: works } ], expect: [ { rejected: { message: at most 14 } } ] }
  - { id: many, says: 14 are accepted, let: { refs: 14 }, expect: [ { image: any } ] }
`;
const SHAPED = `suite: shaped
rehearse: 2026-03-30
documented: { as: holds }
requests: { list: { method: GET, path: /v1/models } }
claims:
  - { id: list, says: It lists models, expect: [ { schema: list.json } ] }
  - { id: fine, says: It answers, request: { query: { a: b } }, expect: [ { json: { at: $.object, equals: list } } ] }
`;

const MADE = `import { path } from './part.mjs';
export default {
  suite: 'made', rehearse: '2026-03-30', documented: { as: 'holds' }, requests: { list: { method: 'GET', path } },
  claims: [{ id: 'list', says: 'It lists models', expect: [{ json: { at: '$.object', equals: 'list' } }] }],
};
`;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function aLamp(): Promise<Desk & { readonly file: string }> {
  const desk = await aDesk({
    suites: {
      'lamp.yaml': SUITE,
      'shaped.yaml': SHAPED,
      'shapes/list.json': '{"type":"object","required":["data"]}',
    },
    target: { baseUrl: 'http://127.0.0.1:1' },
  });
  closing.push(desk.close);
  return { ...desk, file: join(desk.folder, 'suites', 'lamp.yaml') };
}

/** What somebody sees who has `assay watch` run in a pipe. */
async function aWatch(...args: readonly string[]) {
  const desk = await aLamp();
  const around = { cwd: desk.folder, env: DESK_ENV };
  const { child, said } = startAssay(['watch', ...desk.optionsOf('watch'), ...args], around);
  closing.push(() => void child.kill('SIGKILL'));
  const { shown, until } = heardOf(child, said);
  /** What is said of a change, up to the line that ends a round, or to another text. */
  const after = async (change: () => Promise<void>, end = ' watched, '): Promise<string> => {
    const from = shown().length;
    await change();
    await until(end, from);
    return shown().slice(from);
  };
  const edit =
    (from: string, to: string, file = desk.file) =>
    async () =>
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
  return { desk, child, said, until, shown, after, edit };
}

describe('assay watch', () => {
  test('runs all first, then the case that was edited with its control, then what still fails', async () => {
    const { until, shown, after, edit, desk } = await aWatch();
    await until('5 cases ran');
    expect(shown()).toContain('of 5 watched, 5 as documented · nothing contradicts the docs');

    const broken = await after(edit('at most 14', 'at most 13'), '1 contradicts');
    expect(broken).toContain(`suites/lamp.yaml changed\n`);
    expect(broken).toContain('fail  lamp/limit\n');
    expect(broken).not.toMatch(/lamp\/many|shaped/);
    expect(broken).toMatch(/--> .*lamp\.yaml:11:\d+ {2}rejected/);
    expect(broken).toContain('of 5 watched, 4 as documented');

    const other = await after(edit('14 are accepted', 'Fourteen are'), 'ran');
    expect(other).toContain('fail  lamp/limit\n'); // its words are no part of what `many` sends or expects
    expect(other).not.toContain('lamp/many');

    const right = await after(edit('at most 13', 'at most 14'), '5 as documented');
    expect(right).toContain('pass  lamp/limit\n');
    const nothing = await after(edit('Fourteen are', 'They are'), '0 cases ran');
    expect(nothing).toContain('nothing to run: no case has changed');
    expect(existsSync(desk.ledger)).toBe(false);
  });

  test('shows what is wrong with what is being typed, with a caret, until it is right', async () => {
    const { until, after, edit } = await aWatch();
    await until('5 cases ran');
    const wrong = await after(edit('expect: [ { image: any } ]', 'expct: []'), 'error');
    expect(wrong).toMatch(/error: unknown key "expct"\n +--> .*lamp\.yaml:10:\d+\n/);
    expect(wrong).toContain('did you mean "expect"?');
    const right = await after(edit('expct: []', 'expect: [ { image: any } ]'));
    expect(right).toContain('no problems any more\n');
    expect(right).not.toContain('error');
  });

  test('runs what depends on a shape, and on the targets', async () => {
    const { desk, until, after, edit } = await aWatch();
    await until('5 cases ran');
    const shape = join(desk.folder, 'suites/shapes/list.json');
    const shaped = await after(edit('object', 'array', shape), '1 contradicts');
    expect(shaped).toContain('fail  shaped/list\n');
    expect(shaped).not.toMatch(/lamp|shaped\/fine/);
    const targets = join(desk.folder, 'targets.yaml');
    const all = await after(edit('"rehearsal"', '"rehearsal","concurrency":2', targets), ' ran');
    expect(all).toContain('5 cases ran');
  });

  test('runs what follows from a module, and from what that imports', async () => {
    const { desk, until, after, edit } = await aWatch();
    await until('5 cases ran');
    const suites = join(desk.folder, 'suites');
    const part = join(suites, 'part.mjs');
    const made = async () => {
      await writeFile(part, "export const path = '/v1/models';");
      await writeFile(join(suites, 'made.suite.mjs'), MADE);
    };
    await after(made, 'pass  made/list\n');
    const other = await after(edit('models', 'modelz', part), '1 contradicts');
    expect(other).toMatch(/suites\/part\.mjs changed\nfail {2}made\/list\n/);
  });

  test('goes on where an editor replaces the file, and where the folder was gone for a while', async () => {
    const { desk, until, after } = await aWatch('lamp');
    await until('3 cases ran');
    const anew = async () => {
      await writeFile(`${desk.file}.part`, SUITE.replace('at most 14', 'at most'));
      await rename(`${desk.file}.part`, desk.file);
    };
    expect(await after(anew)).toContain('pass  lamp/limit\n');
    const suites = join(desk.folder, 'suites');
    const gone = await after(() => rename(suites, `${suites}.gone`), 'cannot read');
    expect(gone).toContain('there is no such file or folder');
    const back = async () => {
      await mkdir(suites);
      await writeFile(desk.file, SUITE.replace('at most 14', 'at'));
    };
    expect(await after(back)).toContain('pass  lamp/limit\n');
  });

  test('ends with 130 by Ctrl-C, and has written no byte that steers a terminal', async () => {
    const { child, said, until, after, edit } = await aWatch();
    await until('5 cases ran');
    await after(edit('at most 14', 'at most 13'));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await said;
    expect(code).toBe(130);
    // oxlint-disable-next-line no-control-regex -- those are the ones
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test.each([
    ['a live target', ['--target', 'production'], '"production" is live'],
    ['an unknown one', ['--target', 'moc'], 'did you mean "mock"?'],
    ['an unknown claim', ['lamp/limt'], 'did you mean "limit"?'],
    ['an unknown fault', ['--with', 'refs.limt=3'], 'refs.limt'],
  ])('refuses %s with 2, and has sent nothing', async (_, args, message) => {
    const desk = await aLamp();
    const { code, stderr } = await desk.assay(['watch', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('a session', () => {
  test('forgets nothing that an ended round did not come to, and runs it in the next', async () => {
    const desk = await aLamp();
    const given = {
      suites: join(desk.folder, 'suites'),
      targets: join(desk.folder, 'targets.yaml'),
      with: ['delay=600000'],
    };
    const session = openSession({ words: ['lamp'], given });
    closing.push(session.close);
    const controller = new AbortController();
    // The gateway would not answer for ten minutes: only the end of the round ends it.
    const ended = await session.round('all', controller.signal, ({ kind }) => {
      if (kind === 'started') controller.abort();
    });
    if ('problems' in ended) throw new Error('there is nothing wrong');
    expect(ended.run.end.kind).toBe('interrupted');
    expect(ended.tally.cases).toBe(0);
    const already = AbortSignal.abort();
    const next = await session.round('changed', already, () => {});
    expect('problems' in next ? [] : next.run.cases).toHaveLength(3);
  });

  test('heeds the strongest of several wishes at once, and ends what is under way', async () => {
    const { wish, next } = makeWishes();
    wish('changed');
    wish('all');
    wish('failed');
    const { wish: first, signal } = await next();
    expect([first, signal.aborted]).toEqual(['all', false]);
    wish('again');
    expect(signal.aborted).toBe(true);
    expect((await next()).wish).toBe('again');
  });
});

describe.skipIf(!hasTerminal)('on a terminal', () => {
  async function watching(): Promise<readonly [OnTerminal, Desk & { readonly file: string }]> {
    const desk = await aLamp();
    const args = ['watch', 'lamp', ...desk.optionsOf('watch')];
    const around = { cwd: desk.folder, env: DESK_ENV };
    const terminal = onTerminal(args, around, { afterwards: 'stty -a' });
    closing.push(() => void terminal.child.kill('SIGKILL'));
    return [terminal, desk];
  }

  test('keys run all, what failed and the same again, and q ends with 0 on a terminal as it was', async () => {
    const [{ type, until, shown, ended }, { file }] = await watching();
    const pressed = async (act: () => unknown, end: string): Promise<string> => {
      const from = shown().length;
      await act();
      await until(end, from);
      await until('q ends', from);
      return shown().slice(from);
    };
    await until('q ends');
    expect(await pressed(() => type('f'), '0 cases ran')).toContain('nothing to run');
    const text = await readFile(file, 'utf8');
    await pressed(() => writeFile(file, text.replace('at most 14', 'at most 13')), '2 cases ran');
    expect(await pressed(() => type('f'), '2 cases ran')).toContain('fail  lamp/limit');
    expect(await pressed(() => type('\r'), '2 cases ran')).toContain('fail  lamp/limit');
    expect(await pressed(() => type('r'), '3 cases ran')).toContain('pass  lamp/many');
    type('q');
    const { code } = await ended;
    expect(code).toBe(0);
    expect(shown()).toMatch(/[^-]icanon.*[^-]echo /s);
  });

  test('Ctrl-C ends with 130, and the terminal is as it was', async () => {
    const [{ type, until, shown, ended }] = await watching();
    await until('q ends');
    type('\u0003');
    expect((await ended).code).toBe(130);
    expect(shown()).toMatch(/[^-]icanon.*[^-]echo /s);
  });
});
