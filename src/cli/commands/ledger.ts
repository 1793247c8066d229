import { readLedgerFiles } from '../../adapters/ledger.ts';
import { sha256 } from '../../adapters/sha256.ts';
import { readLedger } from '../../ledger/read.ts';
import type { Asked } from '../arguments.ts';
import { valueOf } from '../arguments.ts';
import { LEDGER, REHEARSALS } from '../memory.ts';
import type { ExitCode, Output } from '../output.ts';

/** Walks the hash chain of every run: 0 if each holds, 3 if one is broken. */
export async function ledger(asked: Asked, output: Output): Promise<ExitCode> {
  if (asked.words.length !== 1 || asked.words[0] !== 'verify') {
    await output.problems([{ severity: 'error', message: 'write: assay ledger verify' }]);
    return 2;
  }
  const given = valueOf(asked, 'ledger');
  const folders = given === undefined ? [LEDGER, REHEARSALS] : [given];
  let isBroken = false;
  for (const folder of folders) {
    const files = await readLedgerFiles(folder);
    const { runs, evidence, problems } = readLedger(files, sha256);
    if (problems.length > 0) await output.problems(problems);
    isBroken ||= problems.some(({ severity }) => severity === 'error');
    output.print(`${folder}: ${runs.length} runs, ${evidence.length} pieces of evidence`);
  }
  return isBroken ? 3 : 0;
}
