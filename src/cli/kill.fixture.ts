/**
 * For `node --import`, before the command line: kills the process at one of its writes to a file of a ledger, after so
 * many bytes of it. `ASSAY_KILL_AT=3:first:-1` means the third write, one byte before its first line is whole;
 * `3:0.5:0` half of its bytes. The command line knows nothing of it. What stood in the file before that write, and how long
 * the write and its first line are, is told in the file that `ASSAY_KILL_NOTE` names.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [at, base = '', offset] = (process.env['ASSAY_KILL_AT'] ?? '').split(':');
const ledgers = new Set<number>();
let writes = 0;

const { openSync, writeSync } = fs;

fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest);
  if (String(path).endsWith('.jsonl')) ledgers.add(file);
  return file;
};

fs.writeSync = ((file: number, bytes: Buffer, from: number) => {
  if (ledgers.has(file)) {
    writes += 1;
    if (writes === Number(at)) killWithin(file, bytes);
  }
  return writeSync(file, bytes, from);
}) as typeof fs.writeSync;

syncBuiltinESMExports();

function killWithin(file: number, bytes: Buffer): never {
  const first = bytes.indexOf('\n') + 1;
  const note = process.env['ASSAY_KILL_NOTE'] ?? '';
  if (note !== '')
    fs.writeFileSync(note, JSON.stringify([fs.fstatSync(file).size, bytes.length, first]));
  const start = base === 'first' ? first : Math.floor(Number(base) * bytes.length);
  const length = Math.min(start + Number(offset), bytes.length);
  if (length > 0) writeSync(file, bytes, 0, length);
  process.kill(process.pid, 'SIGKILL');
  for (;;); // nothing more is done until the signal comes
}
