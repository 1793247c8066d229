import { access, copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMock } from '../mock/server.ts';
import { DESK_ENV, behind, liveTarget } from './desk.fixture.ts';
import { assayHere } from './here.fixture.ts';

/** Where the stories of gates are. */
export const STORIES = join(import.meta.dirname, '../../fixtures/gate');

/** The project of every story, which may replace its files by its own. */
const BASE = join(STORIES, 'base');

/** `local 2026-04-14 refs.limit=20: run size`: a run on a target on a day, behind which the mock misbehaves so, is `down`, or is reached through `channel=315`. */
const RUN = /^(local|production|mock) (\S+)(?: (\S+))?: (run.*)$/;

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** How a story ends: what the gate said, what its list holds then, and its exit code. */
interface Told {
  readonly said: string;
  readonly list: string | undefined;
  readonly code: number | null;
}

/** Tells a story in a folder of its own: runs against real mocks, edits, and a gate in its last line. */
export async function tell(name: string): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-gate-'));
  const own = join(STORIES, name);
  try {
    await cp(BASE, folder, { recursive: true });
    for (const file of ['banana.yaml', 'banana.md', 'known.yaml'])
      await takeOver(own, file, folder);
    await putTargets(folder, {});
    const lines = (await readFile(join(own, 'story.txt'), 'utf8')).trim().split('\n');
    let told = { said: '', code: null as number | null };
    for (const line of lines) told = await act(line, own, folder);
    const list = await readFile(join(folder, 'known.yaml'), 'utf8').catch(() => undefined);
    return { ...told, list };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function takeOver(own: string, file: string, folder: string): Promise<void> {
  const isThere = await access(join(own, file)).then(
    () => true,
    () => false,
  );
  if (isThere) await copyFile(join(own, file), join(folder, file));
}

async function act(line: string, own: string, folder: string) {
  const [, target = '', day = '', faults, run] = RUN.exec(line) ?? [];
  if (line.startsWith('edit ')) {
    await copyFile(join(own, line.slice('edit '.length)), join(folder, 'banana.yaml'));
    return { said: '', code: 0 };
  }
  if (run === undefined) return await ask(line, folder);
  const isDown = faults === 'down';
  const all = isDown ? [] : (faults?.split(',') ?? []);
  const misbehaves = all.filter((one) => !one.startsWith('channel='));
  const [channel] = all.flatMap((one) => /^channel=(\d+)$/.exec(one)?.[1] ?? []);
  const mock = await startMock({ world: '2026-03-30', faults: misbehaves });
  try {
    await putTargets(folder, {
      ...behind(mock),
      ...(isDown && { baseUrl: NOWHERE }),
      ...(channel !== undefined && { channel: Number(channel) }),
    });
    const words = run.split(' ').map((word) => (word === 'run' ? word : `banana/${word}`));
    return await ask([...words, '--target', target, '--now', day].join(' '), folder);
  } finally {
    await mock.close();
  }
}

async function ask(line: string, folder: string) {
  const words = [...line.split(' '), '--suites', '.'];
  const { stdout, stderr, code } = await assayHere(words, { cwd: folder, env: DESK_ENV });
  // A run's id ends at random.
  const said = `${stdout}${stderr}`.replaceAll(/\b(r\d{8}-\d{4})-[0-9a-f]{4}\b/g, '$1');
  return { said, code };
}

async function putTargets(folder: string, more: object): Promise<void> {
  // One after the other, so that evidence is counted the same each time.
  const live = liveTarget({ baseUrl: NOWHERE, concurrency: 1, ...more });
  const targets = { mock: { grade: 'rehearsal' }, local: live, production: live };
  await writeFile(join(folder, 'targets.yaml'), JSON.stringify({ targets }));
}
