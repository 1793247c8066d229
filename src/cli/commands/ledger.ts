import { isHeld } from '../../adapters/hold.ts';
import { recorder, reopenLedgerFile } from '../../adapters/ledger.ts';
import { sha256 } from '../../adapters/sha256.ts';
import type { KeptRun } from '../../ledger/read.ts';
import { counted } from '../../report/counted.ts';
import type { Asked } from '../arguments.ts';
import { isBroken, ledgerFolders, nowMs, openLedger } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { takeUp } from '../resumed.ts';

/** `verify` walks the hash chain of every run: 0 if each holds, 3 if one is broken. `drop` gives an end to a run that was cut short. */
export async function ledger(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const [verb, run, ...more] = asked.words;
  if (verb === 'verify' && run === undefined) return await verify(asked, output);
  if (verb === 'drop' && run !== undefined && more.length === 0)
    return await drop(run, asked, output);
  const message = 'write: assay ledger verify, or assay ledger drop RUN';
  return { problems: [{ severity: 'error', message }] };
}

async function verify(asked: Asked, output: Output): Promise<ExitCode> {
  let allHold = true;
  for (const folder of ledgerFolders(asked)) {
    const remembered = await openLedger(folder, output);
    if (isBroken(remembered)) allHold = false;
    const { runs, evidence } = remembered;
    output.print(
      `${folder}: ${counted(runs.length, 'run')}, ${counted(evidence.length, 'piece')} of evidence`,
    );
    for (const run of runs) if (run.close === undefined) output.print(await endless(run));
  }
  return allHold ? 0 : 3;
}

async function endless({ file }: KeptRun): Promise<string> {
  const why = (await isHeld(file)) ? 'it goes on' : 'it was killed, or lost its last lines';
  return `${file}: no end: ${why}`;
}

/** Nothing is taken out: what the run found stays, and counts. */
async function drop(name: string, asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const taken = await takeUp(asked, name);
  if ('problems' in taken) return taken;
  const { run, earlier, hold } = taken;
  const file = reopenLedgerFile(run.file, run.tail, hold);
  const endedAt = new Date(nowMs(asked)).toISOString();
  await recorder(file, sha256, run.tail.prev).end({ endedAt, reason: { kind: 'dropped' } });
  await file.close();
  const found = counted(earlier.evidence.length, 'piece');
  output.print(`${name} will not go on; what it found stays, and counts: ${found} of evidence`);
  return 0;
}
