import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Said, assay, startAssay } from './cli.fixture.ts';
import { COMMITTED } from './desk.fixture.ts';

/** For tests only: the key that live targets are shown, and the variable that holds it; digits at its end would pin a channel. */
export const KEY = 'sk-shown-in-a-test-0123456789abcdef';
export const KEY_NAME = 'ASSAY_SHOWN_KEY';

/** For tests only: a mock gateway in a process of its own. */
export interface Gateway {
  /** How a live target reaches it, references and media included; it may give evidence. */
  readonly target: object;
  readonly close: () => Promise<void>;
}

/** For tests only: `assay mock` on a free port, once it says where it stands. */
export async function gatewayOf(world: string, ...faults: readonly string[]): Promise<Gateway> {
  const args = ['mock', '--world', world, '--port', '0', ...faults.map((one) => `--with=${one}`)];
  const { child, said } = startAssay(args);
  const told: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    told.push(line);
    if (told.length === 2) break;
  }
  child.stdout.resume();
  const [baseUrl, hostingUrl, references] = told.join(' ').match(/http:\S+[^\s,]/g) ?? [];
  if (references === undefined || hostingUrl === undefined)
    throw new Error(`no gateway: ${(await said).stderr}`);
  return {
    target: liveTarget({
      baseUrl,
      let: { media: new URL(hostingUrl).host },
      references: [{ url: references }, { missing: `${hostingUrl}/missing` }],
    }),
    async close() {
      child.kill();
      await said;
    },
  };
}

/** For tests only: a live target whose answers count although a mock gives them. */
export function liveTarget(more: object): object {
  return { grade: 'live', key: `env:${KEY_NAME}`, mock: 'allowed', ...more };
}

/** For tests only: somebody's ledger, with suites, and targets by name that can change from one command to the next. */
export interface WorkFolder {
  readonly folder: string;
  readonly ledger: string;
  /** Options that it is given come after those for suites, targets and ledger, and so count instead. */
  readonly assay: (targets: object, verb: string, ...args: readonly string[]) => Promise<Said>;
  readonly close: () => Promise<void>;
}

/** For tests only: a folder with an empty ledger, and with the committed suites. */
export async function aWorkFolder(): Promise<WorkFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-work-'));
  const ledger = join(folder, 'ledger');
  const file = join(folder, 'targets.yaml');
  return {
    folder,
    ledger,
    async assay(targets, verb, ...args) {
      await writeFile(
        file,
        JSON.stringify({ targets: { mock: { grade: 'rehearsal' }, ...targets } }),
      );
      const options = ['--suites', COMMITTED, '--targets', file, '--ledger', ledger];
      return assay([verb, ...options, ...args], { cwd: folder, env: { [KEY_NAME]: KEY } });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
