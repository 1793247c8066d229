import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock/server.ts';
import { ASSAY, assay, startProgram } from './cli.fixture.ts';
import { meetMock } from './first.fixture.ts';
import { COMMITTED } from './desk.fixture.ts';
import { examplesOf, isVerb } from './reference/manual.ts';
import { pages } from './reference/pages.ts';
import { type VerbName, verbs } from './verbs.ts';

/** Every example of the reference, in the order in which it stands there. */
const examples = Object.entries(verbs)
  .filter((one): one is [VerbName, (typeof one)[1]] => isVerb(one[0]))
  .flatMap(([name, verb]) => examplesOf(verb, pages[name]).map((one) => ({ name, ...one })));

let base: string;
let mock: Mock;

/** What `assay init` writes, whose `local` is a mock; and the committed suites, which have a limit to search. */
const FIRST = 'first';
const WHOLE = 'whole';

const environment = () => ({
  PATH: `${join(base, 'bin')}:${process.env['PATH']}`,
  ASSAY_LOCAL_KEY: 'sk-anything',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0001/B0001/secretOfTheExamples',
});

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'assay-examples-'));
  mock = await startMock({ world: '2026-03-30' });
  for (const name of ['bin', FIRST, WHOLE]) await mkdir(join(base, name));
  const command = join(base, 'bin/assay');
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${ASSAY}' "$@"\n`);
  await chmod(command, 0o755);
  await symlink(COMMITTED, join(base, WHOLE, 'suites'));
  const here = { cwd: join(base, FIRST), env: environment() };
  await assay(['init'], here);
  await meetMock(join(base, FIRST), mock);
  // What the examples have behind them: two days of live evidence, and a rehearsal.
  for (const day of ['2026-03-30', '2026-04-14'])
    expect((await assay(['run', '--target', 'local', '--now', day], here)).code).toBe(0);
  expect((await assay(['run'], here)).code).toBe(0);
}, 120_000);

afterAll(async () => {
  await mock.close();
  await rm(base, { recursive: true });
});

describe('every example of the reference works', { timeout: 180_000 }, () => {
  test.each(examples)('$command', async ({ command, ends = 0 }) => {
    const cwd = join(base, command.includes('nano-banana-2') ? WHOLE : FIRST);
    // Ports are fixed in an example, and taken by others here.
    const own = command.replace(/--port \d+/, '--port 0');
    const { child, said } = startProgram('sh', ['-c', `exec ${own}`], { cwd, env: environment() });
    // What goes on until it is ended can be ended from the moment it says anything.
    if (ends === null) child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, stdout, stderr } = await said;
    const expected = ends === null ? [0, 130] : [ends];
    expect(expected, stderr + stdout).toContain(code);
  });

  test('and stands among those of its own verb', () => {
    for (const { name, command } of examples)
      expect(command).toMatch(new RegExp(`^assay ${name}( |$)`));
  });
});
