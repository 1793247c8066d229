import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { programIn, type Shared } from './clone.fixture.ts';
import type { Worked } from './worked.fixture.ts';

/** A job, as a pipeline of GitLab has it. */
interface Job {
  readonly stage: string;
  readonly rules: readonly { readonly if: string; readonly when?: 'always' }[];
  readonly needs?: readonly { readonly job: string }[];
  readonly environment?: { readonly name: string; readonly action: string };
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly after_script?: readonly string[];
  readonly artifacts?: {
    readonly when: 'always';
    readonly paths?: readonly string[];
    readonly reports: { readonly junit: string };
  };
}

/** A pipeline of GitLab, with what its file here has of it. */
export interface Pipeline {
  readonly stages: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly default: { readonly before_script: readonly string[] };
  /** By their names; what is none stands between them. */
  readonly jobs: Readonly<Record<string, Job>>;
}

/** For tests only: the text of a pipeline as GitLab reads it. */
export function readPipeline(text: string): Pipeline {
  const {
    stages,
    variables,
    default: common,
    workflow: _,
    ...jobs
  } = parse(text) as Pipeline & Record<string, unknown>;
  return { stages, variables, default: common, jobs: jobs as unknown as Pipeline['jobs'] };
}

/** Which variables a job has beside those of all: those of its environment alone, as GitLab's scopes have it. */
export type Scoped = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** For tests only: works through the jobs that a source has, as GitLab would, each in a clone of its own, with bash. */
export async function workThroughPipeline(
  pipeline: Pipeline,
  shared: Shared,
  source: 'merge_request_event' | 'schedule',
  scoped: Scoped = {},
  before: (job: string, clone: string) => Promise<void> = async () => {},
): Promise<readonly Worked[]> {
  const artifacts = await mkdtemp(join(shared.folder, 'artifacts-'));
  const worked: Worked[] = [];
  for (const stage of pipeline.stages) {
    const isRed = worked.some(({ result }) => result === 'failure');
    for (const [name, job] of Object.entries(pipeline.jobs)) {
      const rule = job.rules.find((one) => one.if === `$CI_PIPELINE_SOURCE == "${source}"`);
      if (job.stage !== stage || rule === undefined || (isRed && rule.when !== 'always')) continue;
      const clone = await shared.clone('--depth=20');
      await shared.git(clone, 'checkout', '--quiet', '--detach', 'origin/main');
      for (const { job: needed } of job.needs ?? [])
        await cp(join(artifacts, needed), clone, { recursive: true });
      await before(name, clone);
      const env = {
        ...shared.env,
        ...pipeline.variables,
        ...scoped[job.environment?.name ?? ''],
        CI: 'true',
        GITLAB_CI: 'true',
        CI_COMMIT_REF_NAME: 'main',
        CI_PIPELINE_SOURCE: source,
        CI_PROJECT_URL: shared.remote.replace(/\.git$/, ''),
      };
      const lines = [...(job.before_script ?? pipeline.default.before_script), ...job.script];
      const said = await bash(clone, env, lines);
      const after = await bash(clone, env, job.after_script ?? []);
      for (const path of job.artifacts?.paths ?? [])
        await cp(join(clone, path), join(artifacts, name, path), { recursive: true });
      worked.push({
        job: name,
        result: said.code === 0 ? 'success' : 'failure',
        said: `${said.stdout}${said.stderr}: ${said.code}\n${after.stdout}${after.stderr}`,
        summary: '',
        reports: await reportsOf(job, clone),
        environments: [env],
      });
    }
  }
  return worked;
}

async function reportsOf({ artifacts }: Job, clone: string): Promise<readonly string[]> {
  const file = artifacts?.reports.junit;
  if (file === undefined) return [];
  const text = await readFile(join(clone, file), 'utf8').catch(() => undefined);
  return text === undefined ? [] : [text];
}

/** The lines of a script follow one another in one shell, which ends at the first that fails. */
async function bash(cwd: string, env: Readonly<Record<string, string>>, lines: readonly string[]) {
  const script = ['set -eo pipefail', ...lines].join('\n');
  return await programIn(cwd, env, 'bash', '--noprofile', '--norc', '-c', script);
}
