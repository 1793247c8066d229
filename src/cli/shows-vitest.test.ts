import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { remembered, textOf } from './desk.fixture.ts';
import {
  gatedIn,
  type Gated,
  installedForVitest,
  type Installed,
  type Told,
} from './vitest.fixture.ts';

const SUITE = 'suites/banana.yaml';

let installed: Installed;
let project: Gated;
let projects = 0;

beforeAll(async () => {
  installed = await installedForVitest();
});

beforeEach(async () => {
  project = await gatedIn(join(installed.folder, `project-${(projects += 1)}`));
});

afterAll(() => installed.close());

/** Which test ends how, by the claim and the beginning of its title. */
function ends({ tests }: Told): Readonly<Record<string, string>> {
  const named = tests.map((one) => [`${one.ancestorTitles.at(-1)}: ${one.title}`, one.status]);
  return Object.fromEntries(named) as Readonly<Record<string, string>>;
}

/** Where the errors of each failing test point, as `FILE:LINE:COLUMN`, by its claim. */
function places({ tests }: Told): Readonly<Record<string, readonly (string | undefined)[]>> {
  const failing = tests.filter(({ status }) => status === 'failed');
  return Object.fromEntries(
    failing.map(({ ancestorTitles, failureMessages }) => [
      ancestorTitles.at(-1) ?? '',
      failureMessages.map((stack) => /^ {4}at \S+ \((.+)\)$/m.exec(stack)?.[1]),
    ]),
  );
}

/** The place in the suite of the example of a text, or of the value behind a key. */
async function placeOf(text: string): Promise<string> {
  const file = join(project.folder, SUITE);
  const lines = (await readFile(file, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes(text));
  return `${file}:${at + 1}:${(lines[at]?.indexOf(text) ?? 0) + 1}`;
}

const ledger = () => join(project.folder, 'reports/rehearsals');
const ledgerText = () => textOf(ledger()).catch(() => '');

/** What vitest does at Ctrl-C on a terminal: there it hears the key, and no signal is sent. */
const CANCELLING = `
import { createVitest } from 'vitest/node';
const vitest = await createVitest('test', { watch: false });
process.once('SIGUSR2', () => vitest.cancelCurrentRun('keyboard-input'));
await vitest.start();
console.log('cancelled', vitest.isCancelling);
await vitest.close();
`;

describe('the vitest example', () => {
  test('has the test file that the README shows', async () => {
    const written = await readFile(join(project.folder, 'gateway.test.ts'), 'utf8');
    const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${written}\`\`\``);
  });

  test('is green where the mock is honest, with what its docs call broken named so', async () => {
    const told = await project.vitest();
    expect([told.code, told.messages]).toEqual([0, []]);
    expect(ends(told)).toEqual({
      'size: resolution=1K: An edit comes back in the size that was asked for': 'passed',
      'size: resolution=2K: An edit comes back in the size that was asked for': 'passed',
      'answer: The answer has created, in seconds, and one URL': 'passed',
      'refs.limit: 15 reference images are rejected, and the message names the limit': 'passed',
      'refs.fifteen: 15 reference images are accepted (documented as broken)': 'passed',
      'prompt.required: A prompt is required (documented as open)': 'passed',
      'limits: The limits are as documented': 'passed',
      'fast: Most edits take less than a minute': 'skipped',
    });
  });

  test('keeps the evidence of one run, which its tests name', async () => {
    const told = await project.vitest();
    const { evidence, ends: ended } = await remembered(ledger());
    expect(ended.map(({ reason }) => reason.kind)).toEqual(['complete']);
    const named = told.tests.map(({ meta }) => meta['assay'] as { evidence: string[] } | undefined);
    const ids = evidence.map(({ id }) => id).toSorted();
    expect([...new Set(named.flatMap((one) => one?.evidence ?? []))].toSorted()).toEqual(ids);
    expect(ids).toHaveLength(6);
  });

  test('fails exactly where a faulty behaviour makes it, at the line of the suite', async () => {
    await project.claims("{ with: ['refs.limit=20'] }");
    const told = await project.vitest();
    expect(told.code).toBe(1);
    expect(places(told)).toEqual({
      'refs.limit': [await placeOf('rejected: { message: at most')],
      'refs.fifteen': [await placeOf('refs.fifteen')],
      limits: [await placeOf('limits')],
    });
    const [limit] = told.tests.filter(({ ancestorTitles }) =>
      ancestorTitles.includes('refs.limit'),
    );
    expect(limit?.failureMessages[0]).toMatch(
      /^AssertionError: rejected\n {2}expected {2}a refusal: .*at most 14 reference images"\n {2}actual {4}200\n/,
    );
    const { line = '' } = /:(?<line>\d+):\d+$/.exec(await placeOf('rejected: { m'))?.groups ?? {};
    expect(told.stderr).toContain(`${line}|       - rejected: { message: at most`);
    expect(told.stderr).toContain(`banana/refs.limit ${SUITE}:${line}:9`);
  });

  test('has an error for each of several findings', async () => {
    await project.claims("{ select: ['banana/answer'], with: ['created=string', 'data=none'] }");
    const told = await project.vitest();
    const [created, url] = [
      await placeOf('json: { at: $.created'),
      await placeOf('json: { at: "$.data'),
    ];
    expect(places(told)).toEqual({ answer: [created, url] });
  });

  test('says of a case that failed once, and passed when it was tried again, in how many trials it failed', async () => {
    const faults = "['created=string@0.5', 'seed=12']";
    await project.claims(`{ select: ['banana/answer'], with: ${faults} }`);
    const told = await project.vitest();
    const [head] = told.tests[0]?.failureMessages[0]?.split('\n') ?? [];
    expect(head).toBe('AssertionError: json $.created, in 1 of 2 trials');
  });

  test('skips, with what was found, what fails and is promised by nobody', async () => {
    await project.claims("{ with: ['prompt.required=no'] }");
    const told = await project.vitest();
    expect([told.code, places(told)]).toEqual([0, {}]);
    expect(ends(told)).toMatchObject({
      'prompt.required: A prompt is required (documented as open)': 'skipped',
    });
    expect(told.stderr).toContain('fails, but the docs promise nothing: rejected: expected');
  });
});

describe('a case that could not be told', () => {
  test('fails, each with its cause at its claim', async () => {
    await project.claims("{ with: ['size.1K=refused'] }");
    const told = await project.vitest();
    expect(told.code).toBe(1);
    expect(places(told)).toMatchObject({
      'refs.fifteen': [await placeOf('refs.fifteen')],
      'prompt.required': [await placeOf('prompt.required')],
    });
    const [fifteen] = told.tests.filter(({ title }) => title.includes('are accepted'));
    expect(fifteen?.failureMessages[0]).toContain('undecided, given: ');
  });

  test('is skipped with its cause where that is asked for, while others decide', async () => {
    await project.claims("{ with: ['size.1K=refused'], undecided: 'skip' }");
    const told = await project.vitest();
    const byTitle = Object.entries(ends(told));
    const [fifteen] = byTitle.filter(([title]) => title.includes('are accepted'));
    expect(fifteen?.[1]).toBe('skipped');
    expect(told.stderr).toContain('banana/refs.fifteen is skipped: undecided, given: ');
  });

  test('is no green for all that, where nothing could be told at all', async () => {
    await project.claims("{ with: ['key=refused'], undecided: 'skip', select: ['banana/size'] }");
    const told = await project.vitest();
    expect(told.code).toBe(1);
    expect(Object.values(ends(told))).toEqual(['skipped', 'skipped']);
    expect(told.stderr).toContain('nothing could be told of 2 cases');
  });
});

describe('what is sent', () => {
  test('is only what the tests need that vitest chooses', async () => {
    const told = await project.vitest(['run', '-t', 'resolution=2K']);
    expect(told.code).toBe(0);
    const { evidence } = await remembered(ledger());
    expect(evidence.map((one) => `${one.claim} ${one.case}`)).toEqual([
      'banana/size resolution=2K',
    ]);
  });

  test('is nothing while tests are listed', async () => {
    const listed = await project.start(['list', '--no-static-parse']).said;
    expect(listed.stdout).toContain(
      'mock > banana > refs.limit > 15 reference images are rejected',
    );
    expect(await ledgerText()).toBe('');
  });

  test('is nothing where nothing is due, and the one test there is says so', async () => {
    await project.vitest();
    const before = await ledgerText();
    await project.claims('{ due: true }');
    const { code, tests } = await project.vitest();
    expect([code, tests.map(({ title }) => title)]).toEqual([
      0,
      [expect.stringMatching(/^nothing is due: 6 cases need no evidence now/)],
    ]);
    expect(await ledgerText()).toBe(before);
  });

  test('is nothing where a key is missing, and every test says so', async () => {
    const local = 'local: { grade: live, baseUrl: "http://127.0.0.1:9", key: env:NO_SUCH_KEY }';
    await writeFile(join(project.folder, 'suites/targets.yaml'), `targets:\n  ${local}\n`);
    await project.claims("{ target: 'local', select: ['banana/answer'] }");
    const told = await project.vitest();
    expect(told.code).toBe(1);
    expect(told.stderr).toContain('NO_SUCH_KEY');
  });

  test('ends at Ctrl-C, with a ledger that says so', async () => {
    await project.claims("{ with: ['delay=60000'] }");
    const { child, said } = project.started(CANCELLING);
    for (let tries = 0; tries < 600 && (await ledgerText()) === ''; tries += 1)
      await setTimeout(50);
    child.kill('SIGUSR2');
    expect((await said).stdout).toContain('cancelled');
    const { ends: ended } = await remembered(ledger());
    expect(ended.map(({ reason }) => reason.kind)).toEqual(['interrupted']);
  });
});

describe('what is wrong in what was written or asked', () => {
  test('is shown as the command line shows it, and nothing runs', async () => {
    const file = join(project.folder, SUITE);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('expect: [ { image: any } ]', 'expect: [ { imag: any } ]'));
    const told = await project.vitest();
    expect([told.code, told.tests]).toEqual([1, []]);
    expect(told.stderr).toContain('did you mean "image"?');
    expect(told.stderr).toContain(`${SUITE}:40:`);
  });

  test('is so for an option that nobody knows, and for a selector that names nothing', async () => {
    await project.claims("{ suite: 'suites' }");
    expect((await project.vitest()).stderr).toContain('did you mean "--suites"?');
    await project.claims("{ select: ['banana/sice'] }");
    expect((await project.vitest()).stderr).toContain('did you mean "size"?');
  });
});
