import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ASSAY, program, saidBy } from '../cli.fixture.ts';
import { hasTerminal } from '../terminal.fixture.ts';
import { SHELLS } from './shells.ts';

const SUITE = `suite: banana
claims:
  - id: size
    says: It has a size
    vary: { ratio: ["16:9", "16:10", "a b's"] }
`;

/** A shell that is here; says loudly where it is not. */
const here = async (shell: string): Promise<boolean> => {
  const said = await program(shell, ['-c', 'exit 0']).catch(() => undefined);
  if (said === undefined) console.warn(`SKIPPED: there is no ${shell} here`);
  return said !== undefined;
};
const [bash, zsh, fish] = await Promise.all(['bash', 'zsh', 'fish'].map(here));

let folder: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-shells-'));
  await mkdir(join(folder, 'suites'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'suites/banana.yaml'), SUITE);
  await writeFile(
    join(folder, 'suites/evil.suite.ts'),
    "console.log('run'); throw new Error('run');",
  );
  await writeFile(join(folder, 'suites/targets.yaml'), 'targets:\n  mock: { grade: rehearsal }\n');
  const command = join(folder, 'bin/assay');
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${ASSAY}' "$@"\n`);
  await chmod(command, 0o755);
  for (const [name, { script }] of Object.entries(SHELLS))
    await writeFile(join(folder, `assay.${name}`), `${script}\n`);
  env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('each script is printed as it stands', async () => {
  const said = await program('assay', ['completions', 'bash'], { cwd: folder, env });
  expect(said).toEqual({ code: 0, stdout: `${SHELLS['bash']?.script}\n`, stderr: '' });
});

test('what may stand there is answered without a word where a suite is broken, missing or code', async () => {
  const ask = async (line: string, cwd: string) =>
    await program('assay', ['completions', 'candidates', 'fish', line], { cwd, env });
  const found = { code: 0, stdout: 'banana\t1 claims\n', stderr: '' };
  expect(await ask('assay status ', folder)).toEqual(found);
  expect(await ask('assay run ', join(folder, 'bin'))).toEqual({ ...found, stdout: '' });
});

describe.skipIf(bash !== true)('bash (skipped where there is none)', () => {
  /** As bash calls what `complete -F` names, with the words as it breaks them. */
  const completed = async (line: string, words: readonly string[]): Promise<string> => {
    const code = [
      'source assay.bash',
      `COMP_LINE=$1 COMP_POINT=\${#1}; shift`,
      'COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))',
      '_assay',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n');
    const args = ['--norc', '-c', code, 'bash', line, ...words];
    const { stdout, stderr } = await program('bash', args, { cwd: folder, env });
    return stderr + stdout.trimEnd();
  };

  test('is offered verbs, targets, and claims behind a slash', async () => {
    expect(await completed('assay exp', ['assay', 'exp'])).toBe('explain');
    expect(await completed('assay run --target m', ['assay', 'run', '--target', 'm'])).toBe('mock');
    expect(await completed('assay run banana/', ['assay', 'run', 'banana/'])).toContain(
      'banana/size',
    );
  });

  test('is offered what follows a colon or an equal sign, quoted where it would be split', async () => {
    const words = ['assay', 'run', 'banana/size/ratio', '='];
    const offered = await completed('assay run banana/size/ratio=', words);
    expect(offered.split('\n')).toEqual(['16:9', '16:10', String.raw`a\ b\'s`]);
    const more = await completed('assay run banana/size/ratio=16:1', [...words, '16', ':', '1']);
    expect(more).toBe('10');
  });

  test.skipIf(!hasTerminal)('types it on a terminal, as one would have', async () => {
    const shell = 'stty cols 200; exec bash --norc --noprofile -i';
    const child = spawn('script', ['-qefc', shell, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, ...env, TERM: 'dumb' },
    });
    const ended = saidBy(child);
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString('utf8')));
    const type = async (keys: string, awaited: string) => {
      const from = shown.length;
      child.stdin.write(keys);
      while (!shown.slice(from).includes(awaited)) await once(child.stdout, 'data');
    };
    await type('', 'bash');
    await type('source assay.bash; echo rea""dy\n', 'ready\r\n');
    await type('assay run banana/s\t', 'ize');
    await type('/ratio=16:1\t', '0 ');
    await type('\u0001echo \n', '\nassay run banana/size/ratio=16:10\r\n');
    child.stdin.write('exit\n');
    expect((await ended).code).toBe(0);
  });
});

describe.skipIf(zsh !== true)('zsh (skipped where there is none)', () => {
  test('takes the script', async () => {
    const code =
      'autoload -Uz compinit && compinit -u -D && source ./assay.zsh && whence -w _assay';
    const said = await program('zsh', ['-f', '-c', code], { cwd: folder, env });
    expect([said.code, said.stdout.trim()]).toEqual([0, '_assay: function']);
  });
});

describe.skipIf(fish !== true)('fish (skipped where there is none)', () => {
  test('offers what there is', async () => {
    const code = 'source assay.fish; complete -C "assay exp"';
    const said = await program('fish', ['--no-config', '-c', code], { cwd: folder, env });
    expect([said.code, said.stdout]).toEqual([0, expect.stringMatching(/^explain\t/)]);
  });
});
