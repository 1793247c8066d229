import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mock } from '../mock/server.ts';
import type { RunAssay, Said } from './cli.fixture.ts';

const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
const first = readme.indexOf('## Your first suite');
const section = readme.slice(first, readme.indexOf('## The path of a claim'));

/** The commands by which the README has Assay packed and installed, without comments. */
export const installing = [
  ...readme.slice(readme.indexOf('## Install'), first).matchAll(/^(npm|npx) ([^#\n]+)/gm),
].map(([, command = '', words = '']) => [command, ...words.trim().split(/\s+/)]);

/** The suite in TypeScript that the README shows. */
export const inTypeScript = /^```ts\n([\s\S]*?)```/m.exec(readme)?.[1] ?? '';

/** The files that the README has a new user write, each named in the sentence before it. */
export const files = [
  ...section.matchAll(/^`(first\/[\w./]+)` [^\n]*\n\n```\w+\n([\s\S]*?)```/gm),
].map(([, name = '', text = '']) => ({ name, text }));

/** The commands in the order in which the README has them run, without comments. */
export const commands = commandsIn(section);

const billing = readme.slice(readme.indexOf('## What a request really cost'));

/** Those by which it shows what is charged on the mock, with the committed suites. */
export const billingCommands = commandsIn(billing.slice(0, billing.indexOf('\n## ')));

const varying = readme.slice(readme.indexOf('## A claim about a model that varies'));

/** Those by which it tries a claim until its interval decides, with the committed suites. */
export const varyingCommands = commandsIn(varying.slice(0, varying.indexOf('\n## ')));

const searching = readme.slice(readme.indexOf('## Where a limit really is'));

/** Those by which it searches a limit on the mock, with the committed suites. */
export const searchingCommands = commandsIn(searching.slice(0, searching.indexOf('\n## ')));

const reporting = readme.slice(readme.indexOf('## Reports'));

/** Those by which it writes reports, and tells a run again. */
export const reportingCommands = commandsIn(reporting.slice(0, reporting.indexOf('\n## ')));

const comparing = readme.slice(readme.indexOf('## Two sides'));

/** Those by which it sets two sides beside each other. */
export const comparingCommands = commandsIn(comparing.slice(0, comparing.indexOf('\n## ')));

const telling = readme.slice(readme.indexOf('## Told when a word changes'));

/** Those by which it has changes of words told. */
export const tellingCommands = commandsIn(telling.slice(0, telling.indexOf('\n## ')));

const running = readme.slice(readme.indexOf('## Where it runs'));

/** Those by which it shows the files that have Assay run by itself. */
export const runningCommands = commandsIn(running.slice(0, running.indexOf('\n## ')));

const gating = readme.slice(readme.indexOf('## A gate before a release'));
const gate = gating.slice(0, gating.indexOf('\n## '));

/** Those by which it asks a gate, two of them before its list of known contradictions and two behind it. */
export const gateCommands = commandsIn(gate);

/** That list. */
export const knownList = /^```yaml\n([\s\S]*?)```/m.exec(gate)?.[1] ?? '';

function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/^npm run -s assay -- ([^#\n]+)/gm)].map(([, words = '']) =>
    words.trim(),
  );
}

/** How each of them ends, without `--suites first`. */
export const ENDS: readonly (readonly [string, Said['code']])[] = [
  ['lint', 0],
  ['plan', 0],
  ['run', 0],
  ['run --with refs.limit=20', 1],
  ['mock --list', 0],
  ['run --target local --ledger first/ledger', 0],
  ['status --ledger first/ledger', 0],
  ['docs --ledger first/ledger --pages first/pages --check', 1],
  ['docs --ledger first/ledger --pages first/pages --write', 0],
  ['explain --ledger first/ledger banana/refs.limit', 0],
];

/** The page as `docs --write` leaves it. */
export const PAGE = files
  .find(({ name }) => name.endsWith('.md'))
  ?.text.replace('| Sizes | Beta |', '| Sizes | Verified |');

/** Writes the files into a folder and runs the commands there; the README's own mock, on a fixed port, is the one given. */
export async function walkThrough(
  folder: string,
  mock: Mock,
  run: RunAssay,
): Promise<{ readonly codes: typeof ENDS; readonly page: string }> {
  for (const { name, text } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const here = text
      .replaceAll('http://127.0.0.1:4000', mock.url)
      .replaceAll('http://127.0.0.1:4010', mock.hostingUrl);
    await writeFile(join(folder, name), here);
  }
  const codes: [string, Said['code']][] = [];
  for (const command of commands.filter((words) => !words.startsWith('mock --world'))) {
    const around = { cwd: folder, env: { LOCAL_KEY: 'sk-anything' } };
    const { code } = await run(command.split(/\s+/), around);
    codes.push([command.split(' --suites first').join(''), code]);
  }
  return { codes, page: await readFile(join(folder, 'first/pages/banana.md'), 'utf8') };
}
