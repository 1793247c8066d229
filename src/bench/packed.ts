import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Lays out in a folder what `npm run build` has made, as the published package has it; gives the path of what starts it. */
export async function layOut(folder: string): Promise<string> {
  const written = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { bin } = JSON.parse(written) as { readonly bin: { readonly assay: string } };
  for (const path of new Set(['package.json', 'dist', bin.assay])) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  }
  return join(folder, bin.assay);
}
