import { counted } from '../../report/counted.ts';
import type { Asked } from '../arguments.ts';
import { isBroken, ledgerFolders, openLedger } from '../memory.ts';
import type { ExitCode, Output, Refused } from '../output.ts';

/** Walks the hash chain of every run: 0 if each holds, 3 if one is broken. */
export async function ledger(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  if (asked.words.length !== 1 || asked.words[0] !== 'verify') {
    return { problems: [{ severity: 'error', message: 'write: assay ledger verify' }] };
  }
  let allHold = true;
  for (const folder of ledgerFolders(asked)) {
    const remembered = await openLedger(folder, output);
    if (isBroken(remembered)) allHold = false;
    const { runs, evidence } = remembered;
    output.print(
      `${folder}: ${counted(runs.length, 'run')}, ${counted(evidence.length, 'piece')} of evidence`,
    );
    for (const { file, close } of runs) {
      if (close === undefined)
        output.print(`${file}: no end: it goes on, was killed, or lost its last lines`);
    }
  }
  return allHold ? 0 : 3;
}
