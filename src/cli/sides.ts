import type { Known } from '../domain/diff.ts';
import type { Problem } from '../domain/problem.ts';
import type { Asked } from './arguments.ts';
import { isGiven } from './arguments.ts';
import { knownAt, knownByRun, witnesses } from './known.ts';
import { isBroken, ledgerFolder, openLedger } from './memory.ts';
import type { Output, Refused } from './output.ts';
import { chosenSuites, openProject } from './project.ts';
import { RUN } from './resumption.ts';
import { whenMs } from './when.ts';

/** What is to be set side by side, and whether something that it was read from cannot be trusted. */
export interface Sides {
  readonly left: Known;
  readonly right: Known;
  readonly isBroken: boolean;
}

/** The two sides that were asked for: both days, both runs or both revisions. */
export async function openSides(asked: Asked, output: Output): Promise<Sides | Refused> {
  const [a, b, ...words] = asked.words;
  if (a === undefined || b === undefined) return refusal('diff needs two sides');
  const wrong = [a, b].find((word) => DAY.test(word) && whenMs(word) === undefined);
  if (wrong !== undefined) return refusal(`"${wrong}" is no day of the calendar, and no instant`);
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return refusal(`"${a}" is a ${kind}, and "${b}" a ${kindOf(b)}`);
  if (kind === 'revision') {
    const { revisions } = await import('./revision.ts'); // the others need no git
    return await revisions([a, b], { ...asked, words }, output);
  }
  const project = await openProject({ ...asked, words }, output);
  if ('problems' in project) return project;
  const suites = chosenSuites(project, words);
  if ('problems' in suites) return suites;
  if (kind === 'run') {
    const left = await knownByRun(a, suites, project, asked, output);
    if ('problems' in left) return left;
    const right = await knownByRun(b, suites, project, asked, output);
    return 'problems' in right ? right : { left, right, isBroken: false };
  }
  const who = await witnesses(asked, project);
  if ('problems' in who) return who;
  const ledger = await openLedger(ledgerFolder(asked, isGiven(asked, 'rehearsal')), output);
  return {
    left: knownAt(a, suites, project, ledger, who),
    right: knownAt(b, suites, project, ledger, who),
    isBroken: isBroken(ledger),
  };
}

/** What begins as a day does; a branch of such a name is asked for as rev:NAME. */
const DAY = /^\d{4}-\d{2}-\d{2}(T|$)/;

function kindOf(word: string): 'run' | 'day' | 'revision' {
  if (RUN.test(word)) return 'run';
  return whenMs(word) === undefined ? 'revision' : 'day';
}

function refusal(message: string): { readonly problems: readonly Problem[] } {
  const hint =
    'write: assay diff A B [SUITE …], where A and B are two days, two runs or two git revisions';
  return { problems: [{ severity: 'error', message, hint, see: 'sides' }] };
}
