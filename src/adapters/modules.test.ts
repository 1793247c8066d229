import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluated } from './modules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-modules-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a module, and evaluates it with little patience. */
async function evaluate(name: string, text: string) {
  const path = join(folder, name);
  await writeFile(path, text);
  return (await evaluated({ name: path, bytes: Buffer.from(text) }, 200)).evaluated;
}

test('a file that is no module is given back as it is', async () => {
  const file = { name: 'a.yaml', bytes: Buffer.from('throw 1') };
  expect(await evaluated(file)).toBe(file);
});

test('a module gives its default export, whatever that is', async () => {
  expect(await evaluate('seven.suite.mjs', 'export default 3 + 4')).toEqual({ value: 7 });
  expect(await evaluate('nothing.suite.mjs', 'export default undefined')).toEqual({
    value: undefined,
  });
});

test('a module that never comes to its end is a problem', async () => {
  expect(await evaluate('late.suite.mjs', 'await new Promise(() => {})')).toMatchObject({
    problem: {
      message: expect.stringContaining('it has not come to its end within 0.2 s') as string,
    },
  });
});

test.each(['"words"', 'null', 'undefined', '{ toString: null }'])(
  'a module that throws %s, which is no error, is a problem',
  async (thrown) => {
    const name = `throws-${thrown.replaceAll(/\W/g, '')}.suite.mjs`;
    expect(await evaluate(name, `throw ${thrown}`)).toMatchObject({
      problem: { message: expect.stringContaining('this module cannot be evaluated') as string },
    });
  },
);
