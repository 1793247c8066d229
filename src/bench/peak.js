/**
 * Loaded before a program whose memory is measured: at its end it writes the peak of its resident memory, in KiB, to
 * descriptor 3. Linux hands the peak of whoever starts a process on to `maxRSS`, so there its own is read from /proc.
 */
import { existsSync, readFileSync, writeSync } from 'node:fs';

const STATUS = '/proc/self/status';

process.on('exit', () => {
  const own = existsSync(STATUS)
    ? /VmHWM:\s+(\d+)/.exec(readFileSync(STATUS, 'utf8'))?.[1]
    : undefined;
  writeSync(3, own ?? String(process.resourceUsage().maxRSS));
});
