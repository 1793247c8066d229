import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPARISONS } from './comparisons.ts';
import { measure } from './measure.ts';
import { layOut } from './packed.ts';
import { benchReport, isKept, type Measured, measuredLine } from './report.ts';

const REPORT = 'reports/bench.md';

/** `npm run bench -- P3 P4` measures those alone, and leaves the report as it is. */
const asked = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'assay-packed-'));
const all: Measured[] = [];
try {
  const assay = await layOut(folder);
  const chosen = COMPARISONS.filter(({ id, isLong }) =>
    asked.length === 0 ? !isLong : asked.includes(id),
  );
  for await (const measured of measure(chosen, assay)) {
    console.log(measuredLine(measured));
    all.push(measured);
  }
} finally {
  await rm(folder, { recursive: true });
}
const about = [`Node ${process.versions.node}`, `${availableParallelism()} cores`];
if (asked.length === 0) {
  await mkdir('reports', { recursive: true });
  await writeFile(REPORT, benchReport(all, about));
}
if (!all.every(isKept)) process.exitCode = 1;
