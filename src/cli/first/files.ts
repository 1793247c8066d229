import { suiteJsonSchema } from '../../suite/jsonSchema.ts';
import { FIRST_README } from './readme.ts';
import { FIRST_PAGE, FIRST_SUITE } from './suite.ts';
import { firstTargets } from './targets.ts';
import { WORKFLOWS, workflowText } from '../workflows.ts';

/** Where the targets stand below the folder. */
export const TARGETS_FILE = 'suites/targets.yaml';

/** What git leaves out: what can be made again. Lines are added to a `.gitignore` that is there already. */
export const IGNORED: readonly string[] = [
  'node_modules/',
  'reports/rehearsals/',
  'reports/.cache/',
  'reports/images/',
];

/** The workflows of a first suite. */
const FIRST_WORKFLOWS = ['github-nightly', 'github-gate'];

/** The files of a first suite by their paths below its folder; `baseUrl` is where the production target is. */
export async function firstFiles(baseUrl: string): Promise<Readonly<Record<string, string>>> {
  return {
    'suites/first.yaml': FIRST_SUITE,
    [TARGETS_FILE]: firstTargets(baseUrl),
    'suites/suite.schema.json': `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`,
    'suites/README.md': FIRST_README,
    'docs/first.md': FIRST_PAGE,
    ...(await workflows()),
  };
}

async function workflows(): Promise<Readonly<Record<string, string>>> {
  const files: [string, string][] = [];
  for (const name of FIRST_WORKFLOWS) {
    const workflow = WORKFLOWS[name];
    if (workflow !== undefined) files.push([workflow.place, await workflowText(workflow)]);
  }
  return Object.fromEntries(files);
}
