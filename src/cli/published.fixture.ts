import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import type { TestProject } from 'vitest/node';
import config from '../../rolldown.config.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What is published beside the bundle. */
const BESIDE = ['package.json', 'README.md', 'LICENSE', 'src/cli/assay.js', 'src/cli/workflows'];

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the package as it is published, from the source of now. */
    readonly published: string;
  }
}

/**
 * Builds the package once for all tests, before the first: the command line starts from it in half the time that it takes
 * from source, where each start strips the types of some hundred files, and tests start it many hundred times.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'assay-published-')));
  const bundle = async () => {
    const [output] = [config.output].flat();
    await build({
      ...config,
      cwd: ROOT,
      logLevel: 'silent',
      output: { ...output, dir: join(folder, 'dist') },
    });
  };
  await Promise.all(
    BESIDE.map((path) => cp(join(ROOT, path), join(folder, path), { recursive: true })),
  );
  await bundle();
  project.provide('published', folder);
  project.onTestsRerun(bundle);
  return () => rm(folder, { recursive: true, maxRetries: 5 });
}
