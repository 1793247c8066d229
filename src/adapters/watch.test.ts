import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchFiles } from './watch.ts';

let desk: string;
let suites: string;
let closing: { readonly close: () => void };
const told: (readonly string[])[] = [];
let hear = (): void => {};

beforeEach(async () => {
  desk = await mkdtemp(join(tmpdir(), 'assay-watched-'));
  suites = join(desk, 'suites');
  await mkdir(join(suites, 'shapes'), { recursive: true });
  await writeFile(join(suites, 'a.yaml'), 'one');
  await writeFile(join(desk, 'targets.yaml'), 'one');
  told.length = 0;
  closing = watchFiles({ folder: suites, files: [join(desk, 'targets.yaml')] }, (paths) => {
    told.push(paths.map((path) => path.slice(path.indexOf('assay-watched-') + 21)));
    hear();
  });
});

afterEach(async () => {
  closing.close();
  await rm(desk, { recursive: true, force: true });
});

/** Resolves once a change of this path is told. */
async function toldOf(path: string): Promise<void> {
  while (!told.flat().includes(path))
    await new Promise<void>((resolve) => {
      hear = resolve;
    });
}

const write = (...path: readonly string[]) => writeFile(join(desk, ...path), 'two');

test.each([
  ['a suite that is written', ['suites', 'a.yaml']],
  ['a new suite', ['suites', 'new.yaml']],
  ['a module', ['suites', 'm.suite.ts']],
  ['a shape', ['suites', 'shapes', 's.json']],
  ['the targets beside the folder', ['targets.yaml']],
])('%s is told', async (_, path) => {
  await write(...path);
  await toldOf(path.join('/'));
});

test('a suite that an editor replaces by another file is told, and so is what is written to that', async () => {
  await write('suites', '.a.yaml.swp');
  await rename(join(suites, '.a.yaml.swp'), join(suites, 'a.yaml'));
  await toldOf('suites/a.yaml');
  told.length = 0;
  await write('suites', 'a.yaml');
  await toldOf('suites/a.yaml');
});

test('a burst is told once, and what editors put beside a file for a moment never', async () => {
  for (const name of ['.a.yaml.swp', '4913', 'a.yaml~', '#a.yaml#', 'notes.md'])
    await write('suites', name);
  for (let at = 0; at < 20; at += 1) void write('suites', 'a.yaml');
  await toldOf('suites/a.yaml');
  await write('suites', 'last.yaml');
  await toldOf('suites/last.yaml');
  expect(new Set(told.flat())).toEqual(new Set(['suites/a.yaml', 'suites/last.yaml']));
  expect(told.length).toBeLessThan(10);
});

test('what is written in a folder that was made meanwhile is told', async () => {
  await mkdir(join(suites, 'more'));
  await toldOf('suites/more');
  await write('suites', 'more', 'deep.json');
  await toldOf('suites/more/deep.json');
});

test('a folder that vanishes and comes back is watched again', async () => {
  await rename(suites, join(desk, 'gone'));
  await toldOf('suites');
  told.length = 0;
  await rename(join(desk, 'gone'), suites);
  await toldOf('suites');
  told.length = 0;
  await write('suites', 'a.yaml');
  await toldOf('suites/a.yaml');
});
