import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Said, assayInClone as assay } from './cli.fixture.ts';
import { COMMITTED } from './desk.fixture.ts';

const CACHE = 'reports/.cache';

const SMALL = `suite: small
claims:
  - { id: one, says: It works, request: { path: /v1/x }, expect: [ { status: 200 }, { schema: one.json } ] }
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-warm-'));
  await mkdir(join(folder, 'reports'));
});

afterEach(() => rm(folder, { recursive: true }));

test('every verb says the same with the cache as without it', async () => {
  await cp(COMMITTED, join(folder, 'suites'), { recursive: true });
  const now = ['--now', '2026-04-01'];
  const run = ['run', '--ledger', 'other', ...now];
  const verbs = [
    ['plan', ...now],
    ['status', '--rehearsal', ...now],
    ['status', '--rehearsal', '--format', 'json', ...now],
    ['lint'],
  ];
  await assay(['run', ...now], { cwd: folder });
  const said = async (isCold: boolean): Promise<readonly Said[]> => {
    const all: Said[] = [];
    for (const verb of [...verbs, run]) {
      if (isCold) await rm(join(folder, CACHE), { recursive: true, force: true });
      const one = await assay(verb, { cwd: folder });
      // Requests go out at once: the order in which they end, and so the ids of evidence, are its own each time.
      const ids = /r\d{8}-\d{4}-[0-9a-f]{4}[.\d]*/g;
      all.push(verb === run ? { ...one, stdout: one.stdout.replace(ids, 'ID'), stderr: '' } : one);
    }
    await rm(join(folder, 'other'), { recursive: true });
    return all;
  };
  const cold = await said(true);
  const warm = await said(false);

  expect(cold.map(({ code }) => code)).toEqual(verbs.map(() => 0).concat(0));
  expect(warm).toEqual(cold);
});

test('an edited suite, an edited shape and edited targets are read anew', async () => {
  await small();
  expect((await planned()).stdout).toContain('1 case');

  await writeFile(join(folder, 'suites/small.yaml'), SMALL.replace('id: one', 'id: other'));
  expect((await planned()).stdout).toContain('small/other');

  await writeFile(join(folder, 'suites/shapes/one.json'), '{"type":"strange"}');
  expect((await planned()).stderr).toContain('one.json is no JSON Schema');

  await rm(join(folder, 'suites/shapes/one.json'));
  expect((await planned()).stderr).toContain('there is no shape "one.json"');

  await writeFile(join(folder, 'suites/shapes/one.json'), '{"type":"object"}');
  expect((await planned()).code).toBe(0);
  await writeFile(join(folder, 'suites/targets.yaml'), 'targets: { other: { grade: rehearsal } }');
  expect((await planned()).stderr).toContain('no target is called "mock"');
});

test('what has an error is not kept', async () => {
  await small();
  await writeFile(join(folder, 'suites/small.yaml'), SMALL.replace('says', 'sais'));
  await writeFile(join(folder, 'suites/targets.yaml'), 'targets: { mock: { grade: none } }');

  expect((await planned()).code).toBe(2);

  await expect(readdir(join(folder, CACHE))).rejects.toThrow('ENOENT');
});

test('a warm run with a new ledger loads neither YAML nor schemas', async () => {
  await small();
  await planned();
  const kept = await readdir(join(folder, CACHE));
  expect(kept).toHaveLength(2);

  const texts = await Promise.all(kept.map((name) => readFile(join(folder, CACHE, name), 'utf8')));
  const loaded = await assay(['run', '--ledger', 'new'], {
    cwd: folder,
    env: { NODE_DEBUG: 'esm' },
  });

  expect(texts.join('')).toContain('It works');
  expect(loaded.stderr).toContain('src/suite/kept.ts');
  expect(loaded.stderr).not.toMatch(
    /src\/suite\/(load|yaml|schema)\.ts|node_modules\/(yaml|zod)\//,
  );
});

async function small(): Promise<void> {
  await mkdir(join(folder, 'suites/shapes'), { recursive: true });
  await writeFile(join(folder, 'suites/small.yaml'), SMALL);
  await writeFile(join(folder, 'suites/shapes/one.json'), '{"type":"object"}');
  await writeFile(join(folder, 'suites/targets.yaml'), 'targets: { mock: { grade: rehearsal } }');
}

function planned(): Promise<Said> {
  return assay(['plan'], { cwd: folder });
}
