import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BenchServer, startServer } from './process.ts';
import { writeSuite } from './written.ts';

const BARE = fileURLToPath(new URL('./bare.js', import.meta.url));

let server: BenchServer;
let folder: string;
let shape: string;

beforeAll(async () => {
  server = await startServer(0);
  folder = await mkdtemp(join(tmpdir(), 'assay-bare-'));
  ({ shape } = await writeSuite(folder, server.url, { claims: 3, atOnce: 2 }));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('the bare reference takes an answer that is as it should be', async () => {
  expect(await bare('/v1/widgets')).toEqual({ code: 0, stderr: '' });
});

test('the bare reference takes a large answer, image and all', async () => {
  expect(await bare('/v1/pictures/2')).toEqual({ code: 0, stderr: '' });
});

test.each([
  ['a wrong value', '/v1/wrong-value'],
  ['a wrong shape', '/v1/wrong-shape'],
  ['a 400', '/v1/refused'],
])('the bare reference sees %s in every answer', async (_, path) => {
  const { code, stderr } = await bare(path);

  expect(stderr).toContain('3 of 3 answers are not as they should be');
  expect(code).toBe(1);
});

function bare(path: string): Promise<{ readonly code: number; readonly stderr: string }> {
  const program = [BARE, `${server.url}${path}`, shape, '3', '2'];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, program, (_, __, stderr) => {
      resolve({ code: child.exitCode ?? -1, stderr });
    });
  });
}
