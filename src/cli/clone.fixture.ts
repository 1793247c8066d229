import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { startMock } from '../mock/server.ts';
import { ASSAY, assay, type Said, startProgram } from './cli.fixture.ts';

/** For tests only: the key of the target `production`, and what may push to the remote. */
export const PRODUCTION_KEY = 'sk-TheKeyOfProduction0123';
export const WRITE_TOKEN = 'token-that-may-write';

/** For tests only: a project in a bare remote of git, with a mock behind its target `production`, and what its machines have on their PATH. */
export interface Shared {
  readonly folder: string;
  /** The remote's address. */
  readonly remote: string;
  /** What a machine sees of its environment, whoever starts it. */
  readonly env: Readonly<Record<string, string>>;
  /** A new clone, by its folder. */
  readonly clone: (...options: readonly string[]) => Promise<string>;
  /** Runs git in a folder, as somebody who may push. */
  readonly git: (cwd: string, ...args: readonly string[]) => Promise<string>;
  /** Changes a file of the project, and pushes it; its commit message. */
  readonly edit: (path: string, change: (text: string) => string) => Promise<void>;
  /** Commits of a branch of the remote, newest first: what each says, and which files it touches. */
  readonly commits: (branch?: string) => Promise<readonly (readonly [string, readonly string[]])[]>;
  /** How often a stand-in for a program was called, with which words. */
  readonly calls: (name: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** For tests only: sets up what `assay init` has written, pushed to a remote that takes no push but one that bears WRITE_TOKEN. */
export async function aSharedProject(...faults: readonly string[]): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-shared-'));
  const mock = await startMock({ world: '2026-03-30', faults });
  const bare = join(folder, 'remote.git');
  const remote = pathToFileURL(bare).href;
  const bin = join(folder, 'bin');
  const env = {
    PATH: `${bin}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(folder, 'home'),
    CALLS: join(folder, 'calls'),
    GIT_CONFIG_NOSYSTEM: '1',
    LC_ALL: 'C.UTF-8',
    NO_COLOR: '1',
  };
  const git = async (cwd: string, ...args: readonly string[]) => {
    const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    const pushing = { ...env, GH_TOKEN: WRITE_TOKEN };
    const said = await programIn(cwd, pushing, 'git', ...person, ...args);
    if (said.code === 0) return said.stdout;
    throw new Error(`git ${args.join(' ')} ended with ${said.code}\n${said.stdout}${said.stderr}`);
  };
  let clones = 0;
  const clone = async (...options: readonly string[]) => {
    const path = join(folder, `clone-${(clones += 1)}`);
    await git(folder, 'clone', '--quiet', ...options, remote, path);
    return path;
  };
  await mkdir(env.HOME);
  await mkdir(env.CALLS);
  await writeStandIns(bin);
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git(bare, 'config', 'receive.advertisePushOptions', 'true');
  await git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await writeProgram(join(bare, 'hooks/pre-receive'), PRE_RECEIVE);
  const first = await clone();
  await writeProject(first, mock.url, mock.hostingUrl);
  await git(first, 'add', '.');
  await git(first, 'commit', '--quiet', '--message', 'What assay init writes');
  await git(first, 'push', '--quiet', 'origin', 'HEAD:main');
  return {
    folder,
    remote,
    env,
    clone,
    git,
    async edit(path, change) {
      const mine = await clone();
      await writeFile(join(mine, path), change(await readFile(join(mine, path), 'utf8')));
      await git(mine, 'commit', '--quiet', '--all', '--message', `Edit ${path}`);
      await git(mine, 'push', '--quiet', 'origin', 'HEAD:main');
    },
    async commits(branch = 'main') {
      const log = await git(bare, 'log', '--format=%x00%s', '--name-only', branch);
      return log
        .split('\0')
        .slice(1)
        .map((one) => {
          const [subject = '', ...files] = one.split('\n').filter((line) => line !== '');
          return [subject, files];
        });
    },
    calls: async (name) =>
      (await readFile(join(env.CALLS, name), 'utf8').catch(() => '')).split('\n').slice(0, -1),
    async close() {
      await mock.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** For tests only: runs a program to its end in a folder, with this environment and nothing else of ours. */
export async function programIn(
  cwd: string,
  env: Readonly<Record<string, string>>,
  command: string,
  ...args: readonly string[]
): Promise<Said> {
  const nothing = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  return await startProgram(command, args, { cwd, env: { ...nothing, ...env } as typeof env }).said;
}

async function writeProject(folder: string, url: string, hostingUrl: string): Promise<void> {
  await assay(['init', folder, '--url', url]);
  const suite = join(folder, 'suites/first.yaml');
  const targets = join(folder, 'suites/targets.yaml');
  const references = `references: [ { url: "${hostingUrl}/{format}/{bytes}/{n}" } ]`;
  const ours = (await readFile(targets, 'utf8')).replace(
    /^ {4}references: \[\].*$/m,
    `    mock: allowed\n    ${references}`,
  );
  await writeFile(targets, ours);
  const text = await readFile(suite, 'utf8');
  await writeFile(suite, text.replace('from: [local]', 'from: [production]'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
}

/** Who may push is told by the token that git would send; what came along as push options is written down. */
const PRE_RECEIVE = `
for option in $(seq 0 $((\${GIT_PUSH_OPTION_COUNT:-0} - 1))); do
  name=GIT_PUSH_OPTION_$option
  echo "\${!name}" >> "$CALLS/push-options"
done
echo "\${GH_TOKEN:-}\${ASSAY_PUSH_TOKEN:-}" >> "$CALLS/pushes"
test "\${GH_TOKEN:-}\${ASSAY_PUSH_TOKEN:-}" = ${WRITE_TOKEN} || { echo "no write access"; exit 1; }
test ! -e "$CALLS/closed" || { echo "this branch is protected"; exit 1; }
`;

/** `npm ci` installs the real command line, `npx` starts what is installed, and the rest writes down how it was called. */
async function writeStandIns(bin: string): Promise<void> {
  await mkdir(bin);
  await writeProgram(
    join(bin, 'npm'),
    `echo "$*" >> "$CALLS/npm"
test "$*" = "ci --ignore-scripts" || exit 1
mkdir -p node_modules/.bin
printf '#!/bin/sh\\nexec "%s" "%s" "$@"\\n' "${process.execPath}" "${ASSAY}" > node_modules/.bin/assay
chmod +x node_modules/.bin/assay
`,
  );
  await writeProgram(join(bin, 'npx'), 'name=$1; shift; exec "./node_modules/.bin/$name" "$@"\n');
  await writeProgram(join(bin, 'sleep'), 'echo "$*" >> "$CALLS/sleep"\n');
  await writeProgram(
    join(bin, 'gh'),
    `echo "$*" >> "$CALLS/gh"
test "\${GH_TOKEN:-}" = ${WRITE_TOKEN} || exit 4
case "$1 $2" in
  "pr create") test ! -e "$CALLS/open" || exit 1; touch "$CALLS/open"; cp "\${@: -1}" "$CALLS/body" ;;
  "pr edit") cp "\${@: -1}" "$CALLS/body" ;;
  "pr close") test -e "$CALLS/open" && rm "$CALLS/open" ;;
esac
`,
  );
}

/** For tests only: writes a program for bash. */
export async function writeProgram(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/bash\n${text}`);
  await chmod(path, 0o755);
}
