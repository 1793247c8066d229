/** Loaded before a process whose memory is measured: at its end it leaves the peak of its resident memory, in KiB, in a file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

process.on('exit', () => {
  const path = process.env['ASSAY_TEST_PEAK'];
  if (path !== undefined) writeFileSync(path, String(peakKiB()));
});

/** Linux counts in `maxRSS` what the parent had when it made the process; its own high-water mark does not. */
function peakKiB(): number {
  const own = existsSync(STATUS)
    ? /VmHWM:\s*(\d+)/.exec(readFileSync(STATUS, 'utf8'))?.[1]
    : undefined;
  return Number(own ?? process.resourceUsage().maxRSS);
}
