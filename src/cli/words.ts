import { expiredOverrides } from '../domain/override.ts';
import type { Remembered } from '../domain/standing.ts';
import { type SaidTable, saidTables } from '../domain/word.ts';
import type { Asked } from './arguments.ts';
import { isBroken, ledgerFolder, nowMs, openHeads, remember } from './memory.ts';
import type { ExitCode, Output, Refused } from './output.ts';
import { chosenSuites, openProject } from './project.ts';

/** What the tables of the chosen suites say by live evidence. */
interface OpenWords {
  readonly tables: readonly SaidTable[];
  readonly remembered: Remembered;
}

/** Opens what words follow from: suites and ledger; the exit code where that ledger cannot be trusted, and so decides no word. */
export async function openWords(
  asked: Asked,
  output: Output,
): Promise<OpenWords | Refused | ExitCode> {
  const project = await openProject(asked, output);
  if ('problems' in project) return project;
  const suites = chosenSuites(project, asked.words);
  if ('problems' in suites) return suites;
  const now = nowMs(asked);
  const ledger = await openHeads(ledgerFolder(asked, false), now, output);
  if (isBroken(ledger)) return 3;
  await output.problems(expiredOverrides(suites, now));
  const remembered = remember(project, ledger.evidence, now);
  return { tables: suites.flatMap((suite) => saidTables(suite, remembered)), remembered };
}
