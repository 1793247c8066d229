import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Said, program, startProgram } from './cli.fixture.ts';
import {
  PRODUCTION_KEY,
  type Shared,
  WRITE_TOKEN,
  aSharedProject,
  programIn,
} from './clone.fixture.ts';
import { EVIDENCE, textOf } from './worked.fixture.ts';

/** A night is a dozen processes, and a busy machine takes its time. */
vi.setConfig({ testTimeout: 180_000 });

const [crontab, service, timer] = await Promise.all(
  ['cron', 'systemd-service', 'systemd-timer'].map(textOf),
);
const FOLDER = join(import.meta.dirname, 'workflows');

/** A machine with a clone in which nightly.sh stands, a folder of secrets, and whatever its user may push with. */
interface Server {
  readonly shared: Shared;
  readonly clone: string;
  readonly secrets: string;
  readonly log: string;
  readonly env: Readonly<Record<string, string>>;
}

async function aServer(...faults: readonly string[]): Promise<Server> {
  const shared = await aSharedProject(...faults);
  onTestFinished(() => shared.close());
  const clone = await shared.clone();
  const secrets = join(shared.folder, 'secrets');
  await mkdir(secrets);
  await writeFile(join(secrets, 'production-key'), `${PRODUCTION_KEY}\n`);
  await copyFile(join(FOLDER, 'nightly.sh'), join(clone, 'nightly.sh'));
  await chmod(join(clone, 'nightly.sh'), 0o755);
  const env = { ...shared.env, GH_TOKEN: WRITE_TOKEN };
  await programIn(clone, env, 'npm', 'ci', '--ignore-scripts');
  return { shared, clone, secrets, log: join(shared.folder, 'nightly.log'), env };
}

describe('a night on a machine of its own', () => {
  const night = ({ clone, env, secrets }: Server) =>
    programIn(
      clone,
      { ...env, CREDENTIALS_DIRECTORY: secrets, METRICS_FILE: join(secrets, 'assay.prom') },
      './nightly.sh',
    );

  test('keeps the evidence, and what was told, and leaves nothing undone', async () => {
    const server = await aServer();
    const webhook = 'https://hooks.slack.com/services/T0001/B0001/secretOfTheNight';
    await writeFile(join(server.secrets, 'slack-webhook'), webhook);
    const said = await night(server);
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining('ends with 0')]);
    const [told, evidence] = await server.shared.commits();
    expect(told?.[1]).toEqual([expect.stringMatching(/^reports\/told\//)]);
    expect(evidence?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    const left = await server.shared.git(server.clone, 'status', '--porcelain');
    expect(left).toBe('?? nightly.sh\n');
    const metrics = await readFile(join(server.secrets, 'assay.prom'), 'utf8');
    expect(metrics).toMatch(/^assay_\w+\{/m);
    expect(`${said.stdout}${said.stderr}${metrics}`).not.toContain(PRODUCTION_KEY);
  });

  test('ends as the run did, and keeps its evidence, with that of a night that died before', async () => {
    const server = await aServer('refs.limit=20');
    const key = { ASSAY_PRODUCTION_KEY: PRODUCTION_KEY };
    const run = ['npx', 'assay', 'run', 'first/size', '--target', 'production'] as const;
    await programIn(server.clone, { ...server.env, ...key }, ...run);
    const said = await night(server);
    expect([said.code, said.stdout]).toEqual([1, expect.stringContaining('ends with 1')]);
    const [evidence, ...before] = await server.shared.commits();
    expect(evidence?.[1]).toEqual([
      expect.stringMatching(EVIDENCE),
      expect.stringMatching(EVIDENCE),
    ]);
    expect(before).toHaveLength(1);
  });

  test('sends nothing where the clone cannot be brought up to date, or there is no key', async () => {
    const server = await aServer();
    await rm(join(server.secrets, 'production-key'));
    expect((await night(server)).code).not.toBe(0);
    await server.shared.git(server.clone, 'remote', 'set-url', 'origin', '/nowhere');
    expect((await night(server)).code).not.toBe(0);
    expect(await server.shared.commits()).toHaveLength(1);
  });
});

describe('cron', () => {
  const { variables, lines } = readCrontab(crontab ?? '');

  test('has one line, with its mail, and nothing that cron would read otherwise', () => {
    expect(lines.map(({ when, user }) => [when, user])).toEqual([['17 3 * * *', 'assay']]);
    expect(Object.keys(variables)).toEqual(['SHELL', 'PATH', 'MAILTO']);
    expect(lines[0]?.command).not.toContain('%');
    expect(() => readCrontab('17 3 * * assay ./nightly.sh\n')).toThrow('17 3 * * assay');
    expect(() => readCrontab('77 3 * * * assay ./nightly.sh\n')).toThrow('77');
  });

  const nightly = async (server: Server): Promise<Said> => {
    const command = (lines[0]?.command ?? '')
      .replaceAll('/srv/claims', server.clone)
      .replaceAll('/var/log/assay/nightly.log', server.log);
    const env = { ...server.env, KEY_FILE: join(server.secrets, 'production-key') };
    return await programIn('/', env, variables['SHELL'] ?? '', '-c', command);
  };

  test('says nothing of a green night, whose words stand in the log, and mails the end of a red one', async () => {
    const server = await aServer();
    expect(await nightly(server)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(server.log, 'utf8')).toContain('4 cases in 4 exchanges');
    expect((await server.shared.commits())[0]?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    await rm(join(server.secrets, 'production-key'));
    const red = await nightly(server);
    expect(red.stdout).toMatch(/^assay: ended with 1\n/);
    expect(red.stdout).toContain('production-key');
  });

  test('begins no second night while one goes on, and is not held up by one that was killed', async () => {
    const server = await aServer();
    const lock = join(server.clone, '.git/assay.lock');
    const holding = `exec 9> '${lock}'; flock 9; echo held; kill -STOP $$`;
    const { child: first, said: end } = startProgram('bash', ['-c', holding]);
    await once(first.stdout, 'data');
    const second = await nightly(server);
    expect(second.stdout).toMatch(/^assay: ended with 75\n/);
    first.kill('SIGKILL');
    await end;
    expect(await nightly(server)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

const analyze = await program('systemd-analyze', ['--version']).catch(() => undefined);

describe('systemd', () => {
  test('starts nightly.sh as its own user, who can write the clone and nothing else', async () => {
    const server = await aServer();
    const unit = readUnit(service ?? '')['Service'] ?? {};
    expect(unit).toMatchObject({
      Type: 'oneshot',
      User: 'assay',
      ProtectSystem: 'strict',
      ReadWritePaths: unit['WorkingDirectory'],
      ExecStart: `${unit['WorkingDirectory']}/nightly.sh`,
      NoNewPrivileges: 'yes',
      CapabilityBoundingSet: '',
    });
    expect(unit['LoadCredential']).toBe('production-key:/etc/assay/production-key');
    expect(service).not.toMatch(/^Environment(File)?=.*KEY/m);
    const here = (unit['ExecStart'] ?? '').replace('/srv/claims', server.clone);
    const env = { ...server.env, CREDENTIALS_DIRECTORY: server.secrets };
    expect((await programIn(server.clone, env, here)).code).toBe(0);
    expect((await server.shared.commits())[0]?.[1]).toEqual([expect.stringMatching(EVIDENCE)]);
    expect(readUnit(timer ?? '')['Timer']).toMatchObject({ Persistent: 'yes' });
  });

  test.skipIf(analyze === undefined)(
    `satisfies systemd-analyze, which finds a mistake that is planted${analyze === undefined ? ' (skipped: it is not on this machine)' : ''}`,
    async () => {
      const server = await aServer();
      const folder = await mkdtemp(join(tmpdir(), 'assay-units-'));
      try {
        const ours = (service ?? '').replaceAll('/srv/claims', server.clone);
        const verify = async (written: string) => {
          const units = [join(folder, 'assay.service'), join(folder, 'assay.timer')];
          await writeFile(units[0] ?? '', written);
          await writeFile(units[1] ?? '', timer ?? '');
          return await program('systemd-analyze', ['verify', ...units]);
        };
        expect(await verify(ours)).toEqual({ code: 0, stdout: '', stderr: '' });
        const planted = await verify(ours.replace('ProtectSystem', 'ProtectSistem'));
        expect(planted.stderr).toContain('ProtectSistem');
        const exposure = await program('systemd-analyze', [
          'security',
          '--offline=true',
          '--threshold=25',
          join(folder, 'assay.service'),
        ]);
        expect([exposure.code, exposure.stdout]).toEqual([0, expect.stringContaining('OK')]);
        const calendar = readUnit(timer ?? '')['Timer']?.['OnCalendar'] ?? '';
        expect((await program('systemd-analyze', ['calendar', calendar])).code).toBe(0);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

/** A file of /etc/cron.d as crontab(5) has it; whatever else stands in it is an error. */
function readCrontab(text: string) {
  const variables: Record<string, string> = {};
  const lines: { when: string; user: string; command: string }[] = [];
  const ranges = [59, 23, 31, 12, 7];
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, name, value] = /^([A-Z]+)=(\S*)$/.exec(line) ?? [];
    if (name !== undefined) {
      variables[name] = value ?? '';
      continue;
    }
    const [, when = '', user = '', command = ''] =
      /^((?:(?:\d+|\*) ){5})([a-z]+) (.+)$/.exec(line) ?? [];
    const isWhen = when
      .split(' ')
      .slice(0, 5)
      .every((field, at) => field === '*' || Number(field) <= (ranges[at] ?? 0));
    if (command === '' || !isWhen) throw new Error(`not a line of cron: ${line}`);
    lines.push({ when: when.trim(), user, command });
  }
  return { variables, lines };
}

/** A unit as systemd.syntax(7) has it: sections, each with its keys; a key of which there are two has the last. */
function readUnit(text: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, heading] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (heading !== undefined) sections[heading] = section = {};
    else if (key !== undefined) section[key] = value;
    else throw new Error(`not a line of a unit: ${line}`);
  }
  return sections;
}
