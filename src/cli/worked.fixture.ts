import { PRODUCTION_KEY, WRITE_TOKEN } from './clone.fixture.ts';
import { WORKFLOWS, workflowText } from './workflows.ts';

/** For tests only: what came of one job: whether it was red, what each of its steps said, and the environment that each step saw. */
export interface Worked {
  readonly job: string;
  readonly result: 'success' | 'failure';
  readonly said: string;
  readonly summary: string;
  /** The reports that it handed in, beside evidence. */
  readonly reports: readonly string[];
  readonly environments: readonly Readonly<Record<string, string>>[];
}

/** For tests only: how a file of evidence is called in a commit. */
export const EVIDENCE = /^reports\/ledger\/\d{4}-\d{2}\/r[\w-]+\.jsonl$/;

/** For tests only: the text of the workflow of that name. */
export async function textOf(name: string): Promise<string> {
  const workflow = WORKFLOWS[name];
  if (workflow === undefined) throw new Error(`there is no workflow ${name}`);
  return await workflowText(workflow);
}

/** For tests only: how each job ended. */
export function results(worked: readonly Worked[]): Readonly<Record<string, Worked['result']>> {
  return Object.fromEntries(worked.map(({ job, result }) => [job, result]));
}

/** For tests only: a job, and which secrets some step of it saw. */
export function sees({ job, environments }: Worked): readonly string[] {
  const values = new Set(environments.flatMap((one) => Object.values(one)));
  const key = values.has(PRODUCTION_KEY) ? ['the key'] : [];
  return [job, ...key, ...(values.has(WRITE_TOKEN) ? ['what can push'] : [])];
}
