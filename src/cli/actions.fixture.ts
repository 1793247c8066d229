import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, matchesGlob, resolve } from 'node:path';
import { parse } from 'yaml';
import { programIn, type Shared, WRITE_TOKEN } from './clone.fixture.ts';
import type { Worked } from './worked.fixture.ts';

/** A step of a job, as a workflow of GitHub has it. */
interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly shard: readonly string[] } };
  readonly steps: readonly Step[];
}

/** A workflow of GitHub, with what its files here have of it. */
export interface GitHubWorkflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What a workflow is started with. */
export interface Started {
  readonly secrets?: Readonly<Record<string, string>>;
  /** Absent: the branch `main`. */
  readonly branch?: string;
  /** Of an event for a pull request. */
  readonly pull?: { readonly head: string; readonly base: string };
  /** The jobs to work on; absent: all. */
  readonly only?: readonly string[];
  /** Whether the pull request comes from the repository itself; absent: unless its branch is called `fork`. */
  readonly isOurs?: boolean;
  /** Before a step of this name, in the workspace of its job. */
  readonly before?: Readonly<Record<string, (workspace: string, temp: string) => Promise<void>>>;
}

/** For tests only: the text of a workflow as GitHub reads it. */
export function readWorkflow(text: string): GitHubWorkflow {
  return parse(text) as GitHubWorkflow;
}

/** For tests only: works through the jobs of a workflow as GitHub would, each on a machine of its own, each `run` step with bash. */
export async function workThrough(
  workflow: GitHubWorkflow,
  shared: Shared,
  started: Started = {},
): Promise<readonly Worked[]> {
  const artifacts = await mkdtemp(join(shared.folder, 'artifacts-'));
  const worked: Worked[] = [];
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (started.only?.includes(name) === false) continue;
    const needed = worked.filter((one) => one.job === job.needs);
    const isRed = needed.some(({ result }) => result === 'failure');
    if (isRed && !isTrue(job.if ?? 'success()', {}, false)) continue;
    for (const [index, shard] of (job.strategy?.matrix.shard ?? ['']).entries())
      worked.push(await workOn({ name, job, index, shard, artifacts }, workflow, shared, started));
  }
  await rm(artifacts, { recursive: true });
  return worked;
}

interface Machine {
  readonly name: string;
  readonly job: Job;
  readonly index: number;
  readonly shard: string;
  readonly artifacts: string;
}

async function workOn(
  { name, job, index, shard, artifacts }: Machine,
  { env, defaults }: GitHubWorkflow,
  shared: Shared,
  started: Started,
): Promise<Worked> {
  const machine = await mkdtemp(join(shared.folder, 'machine-'));
  const [workspace, temp] = [join(machine, 'work'), join(machine, 'temp')];
  for (const folder of [workspace, temp, join(machine, 'home')]) await mkdir(folder);
  const ref = started.pull?.head ?? started.branch ?? 'main';
  const token = job.permissions['contents'] === 'write' ? WRITE_TOKEN : 'token-that-may-read';
  const isOurs = started.isOurs ?? started.pull?.head !== 'fork';
  const known: Readonly<Record<string, string>> = {
    'github.ref': `refs/heads/${ref}`,
    'github.token': token,
    'github.run_attempt': '1',
    'github.repository': 'example/claims',
    'github.event.pull_request.head.repo.full_name': isOurs ? 'example/claims' : 'somebody/claims',
    'github.event.pull_request.base.sha': started.pull?.base ?? '',
    'strategy.job-index': String(index),
    'matrix.shard': shard,
    'runner.temp': temp,
    ...Object.fromEntries(
      Object.entries(started.secrets ?? {}).map(([one, value]) => [`secrets.${one}`, value]),
    ),
  };
  const base = {
    ...shared.env,
    HOME: join(machine, 'home'),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_REF: known['github.ref'] ?? '',
    GITHUB_REF_NAME: ref,
    GITHUB_REPOSITORY: 'example/claims',
    GITHUB_WORKSPACE: workspace,
    GITHUB_STEP_SUMMARY: join(machine, 'summary.md'),
    RUNNER_TEMP: temp,
    ...env,
  };
  const said: string[] = [];
  const reports: string[] = [];
  const environments: Readonly<Record<string, string>>[] = [];
  let isGreen = true;
  for (const step of job.steps) {
    await started.before?.[step.name ?? '']?.(workspace, temp);
    if (!isTrue(step.if ?? 'success()', known, isGreen)) continue;
    const given = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([one, value]) => [one, filled(String(value), known)]),
    );
    if (step.run !== undefined) {
      const own = Object.entries(step.env ?? {}).map(([one, text]) => [one, filled(text, known)]);
      const all = { ...base, ...Object.fromEntries(own) } as Readonly<Record<string, string>>;
      environments.push(all);
      const script = join(machine, 'step.sh');
      await writeFile(script, step.run);
      if (defaults.run.shell !== 'bash') throw new Error('the steps are written for bash');
      const strict = ['--noprofile', '--norc', '-eo', 'pipefail', script];
      const { code, stdout, stderr } = await programIn(workspace, all, 'bash', ...strict);
      said.push(`$ ${step.name ?? step.run}: ${code}\n${stdout}${stderr}`);
      if (code !== 0) isGreen = false;
    } else await act(step.uses ?? '', given, { workspace, artifacts, ref, shared, reports });
  }
  return {
    job: name,
    result: isGreen ? 'success' : 'failure',
    said: said.join(''),
    reports,
    summary: await readFile(base.GITHUB_STEP_SUMMARY, 'utf8').catch(() => ''),
    environments,
  };
}

interface Around {
  readonly workspace: string;
  readonly artifacts: string;
  readonly ref: string;
  readonly shared: Shared;
  readonly reports: string[];
}

/** What GitHub's own actions do, as far as the workflows here use them. */
async function act(
  uses: string,
  given: Readonly<Record<string, string>>,
  { workspace, artifacts, ref, shared, reports }: Around,
): Promise<void> {
  const { name = '', path = '.', pattern = '' } = given;
  switch (uses.replace(/@v\d+$/, '')) {
    case 'actions/checkout': {
      if (given['persist-credentials'] !== 'false') throw new Error('the token would stay behind');
      const into = join(workspace, path);
      await mkdir(into, { recursive: true });
      await shared.git(into, 'init', '--quiet');
      await shared.git(into, 'remote', 'add', 'origin', shared.remote);
      const wanted = (given['ref'] ?? ref).replace('refs/heads/', '');
      await shared.git(into, 'fetch', '--quiet', '--depth=1', 'origin', wanted);
      await shared.git(into, 'checkout', '--quiet', '-B', ref, 'FETCH_HEAD');
      return;
    }
    case 'actions/setup-node':
      return;
    case 'actions/upload-artifact': {
      const from = resolve(workspace, path);
      const found = await stat(from).catch(() => undefined);
      if (found?.isFile() === true) reports.push(await readFile(from, 'utf8'));
      else if (found !== undefined && (await readdir(from)).length > 0)
        await cp(from, join(artifacts, name), { recursive: true });
      else if (given['if-no-files-found'] !== 'ignore') throw new Error(`no files: ${path}`);
      return;
    }
    case 'actions/download-artifact':
      for (const one of await readdir(artifacts))
        if (matchesGlob(one, pattern)) await cp(join(artifacts, one), path, { recursive: true });
      return;
    default:
      throw new Error(`nothing here knows what ${uses} does`);
  }
}

function filled(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression: string) =>
    String(valueOf(expression, known, true)),
  );
}

function isTrue(text: string, known: Readonly<Record<string, string>>, isGreen: boolean): boolean {
  const expression = /^\$\{\{ (.+) \}\}$/.exec(text)?.[1] ?? text;
  const value = valueOf(expression, known, isGreen);
  // As GitHub does: where nobody asks how the steps before went, they must have gone well.
  return (
    (isGreen || /always|cancelled|failure/.test(expression)) && value !== '' && value !== false
  );
}

/** GitHub's expressions, as far as the workflows use them. */
function valueOf(
  expression: string,
  known: Readonly<Record<string, string>>,
  isGreen: boolean,
): string | boolean {
  const inner = (text: string) => valueOf(text, known, isGreen);
  const [first = '', ...others] = expression.split(' || ');
  if (others.length > 0) return inner(first) || inner(others.join(' || '));
  const [left = '', ...right] = expression.split(' && ');
  if (right.length > 0) return inner(left) && inner(right.join(' && '));
  const compared = /^(.+) (==|!=) (.+)$/.exec(expression);
  if (compared)
    return (inner(compared[1] ?? '') === inner(compared[3] ?? '')) === (compared[2] === '==');
  if (expression.startsWith("'")) return expression.slice(1, -1);
  if (expression === 'always()' || expression === '!cancelled()') return true;
  if (expression === 'success()') return isGreen;
  if (expression.startsWith('secrets.')) return known[expression] ?? '';
  const value = known[expression];
  if (value === undefined) throw new Error(`nothing here knows what ${expression} is`);
  return value;
}
