import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdFile, isHeld } from './hold.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-hold-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that holds a file until it is killed. */
const HOLDING = `
const { holdFile } = await import(${JSON.stringify(new URL('hold.ts', import.meta.url).href)});
const hold = await holdFile(process.argv[1]);
process.stdout.write(hold === undefined ? 'taken' : 'held');
setInterval(() => {}, 1000);
`;

describe('the right to write a file', () => {
  test('is given once, and again after it was given back', async () => {
    const path = join(folder, 'one.jsonl');
    const hold = await holdFile(path);
    expect([hold !== undefined, await isHeld(path), await holdFile(path)]).toEqual([
      true,
      true,
      undefined,
    ]);
    await hold?.release();
    await hold?.release();
    expect(await isHeld(path)).toBe(false);
    const next = await holdFile(path);
    expect(next).toBeDefined();
    await next?.release();
  });

  test('is that of the file, whatever path leads to it, and of no other file', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'other'));
    const hold = await holdFile(join(folder, 'real', 'one.jsonl'));
    expect(await holdFile(join(folder, 'other', 'one.jsonl'))).toBeUndefined();
    expect(await isHeld(join(folder, 'real', 'two.jsonl'))).toBe(false);
    await hold?.release();
  });

  test('goes to one of many who ask at once', async () => {
    const path = join(folder, 'one.jsonl');
    const holds = await Promise.all(Array.from({ length: 20 }, () => holdFile(path)));
    const given = holds.filter((hold) => hold !== undefined);
    expect(given).toHaveLength(1);
    await given[0]?.release();
  });

  test('ends with the process that has it, however that ends', async () => {
    const path = join(folder, 'one.jsonl');
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDING, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('held');
    expect([await isHeld(path), await holdFile(path)]).toEqual([true, undefined]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const hold = await holdFile(path);
    expect(hold).toBeDefined();
    await hold?.release();
  });
});
