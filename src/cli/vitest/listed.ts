import { type Claim, caseId, claimId } from '../../domain/claim.ts';
import { nothingDue } from '../../report/due.ts';
import { printable } from '../../report/printable.ts';
import { type Asked, readArguments } from '../arguments.ts';
import { DUE, FAULTS, LEDGER, PLANNING } from '../options.ts';
import type { Output } from '../output.ts';
import { type Project, openProject } from '../project.ts';
import { planOn } from '../staged.ts';
import { problemsError } from './errors.ts';
import { testOutput } from './testOutput.ts';

/** A case for which there is to be a test. */
export interface ListedCase {
  /** `suite/claim/refs=15`, which is its selector as well. */
  readonly id: string;
  readonly claim: Claim;
  /** What the test is called in its claim's block, in which it is unique. */
  readonly title: string;
}

/** The cases that were asked for, and from what they were found. */
export interface Listed {
  readonly asked: Asked;
  readonly project: Project;
  readonly output: Output;
  readonly cases: readonly ListedCase[];
  /** Why there is none, where only what is due was asked for and nothing is. */
  readonly nothing?: string;
}

/** Of a run, by the names that they have on the command line. */
type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const { shard: _, ...DUE_OPTIONS } = DUE;
const OPTIONS = { ...PLANNING, ...LEDGER, ...DUE_OPTIONS, with: FAULTS };

/**
 * Lists the cases that `select` names with the options of a run; nothing is sent. Rejects with an error that shows every
 * problem in what was written or asked.
 */
export async function listCases(select: readonly string[], options: Options): Promise<Listed> {
  const output = testOutput();
  const asked = readArguments([...argumentsOf(options), '--', ...select], OPTIONS, 'SELECTOR');
  if ('problems' in asked) throw problemsError(asked.problems);
  const project = await openProject(asked, output);
  if ('problems' in project) throw problemsError(project.problems);
  const staged = await planOn(project, asked, output);
  if ('problems' in staged) throw problemsError(staged.problems);
  await staged.stage.close();
  const { chosen, due } = staged;
  const cases = chosen.flatMap((one) => one.cases.map((name) => listed(one.claim, name)));
  if (cases.length > 0) return { asked, project, output, cases };
  if (due === undefined) throw new Error('no case was chosen');
  return { asked, project, output, cases, nothing: nothingDue(due.notDue) };
}

/** `{ target: 'mock', due: true }` as the command line has it, so that it is read as strictly. */
function argumentsOf(options: Options): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().map((one) => `--${name}=${one}`);
  });
}

function listed(claim: Claim, name: string): ListedCase {
  const { says, documented } = claim;
  const title = [
    ...(name === '' ? [] : [`${name}:`]),
    says.replaceAll(/\s+/g, ' '),
    ...(documented.as === 'holds' ? [] : [`(documented as ${documented.as})`]),
  ];
  return { id: caseId(claimId(claim), name), claim, title: printable(title.join(' ')) };
}
