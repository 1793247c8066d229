import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Said, assay } from './cli.fixture.ts';

/** For tests only: a claim of each outcome against a mock whose limit is 20 references, with texts that a report must not obey. */
const SUITE = `
suite: faulty
page: faulty.md
rehearse: 2026-03-30
let: { refs: 1, resolution: 1K }
requests:
  edit:
    path: /v1/images/generations
    json:
      model: nano-banana-2
      prompt: A plain background
      resolution: "\${resolution}"
      image_input: { $references: { count: "\${refs}", format: webp } }
claims:
  - id: size
    says: "An edit | comes back in <b>the size</b> that was asked for ]]>"
    documented: { as: holds, under: Sizes }
    vary: { resolution: [1K, 2K] }
    expect: [ { image: { at: hosted-url, size: "\${resolution}" } } ]
    cost: { usd: 0.05 }
  - id: limit
    says: 15 references are rejected
    documented: { as: holds, under: Limits }
    let: { refs: 15 }
    expect: [ { rejected: { message: "at most 14 | references, ::error::\\n[a](b) 100%" } } ]
  - id: within
    says: 1 to 14 references are accepted
    documented: { as: holds }
    superseded: { on: 2026-04-01, by: limit, why: It is asked for by name alone }
    vary: { refs: [14] }
    discover: { vary: refs, between: [1, 64], over: beyond }
    expect: [ { image: any } ]
  - id: beyond
    says: 15 or more are rejected
    documented: { as: holds }
    superseded: { on: 2026-04-01, by: limit, why: It is asked for by name alone }
    vary: { refs: [15] }
    expect: [ { rejected: { message: at most 14 reference images } } ]
  - id: gloomy
    says: 16 references are rejected
    documented: { as: broken }
    let: { refs: 16 }
    expect: [ { rejected: { message: at most 14 } } ]
  - id: cheerful
    says: 2 references are rejected
    documented: { as: broken }
    let: { refs: 2 }
    expect: [ { image: any } ]
  - id: open
    says: 17 references are rejected
    documented: { as: open }
    let: { refs: 17 }
    expect: [ { rejected: { message: at most 14 } } ]
  - id: untold
    says: What follows from a claim that fails cannot be told
    documented: { as: holds }
    given: [ { claim: limit } ]
    expect: [ { image: any } ]
  - id: both
    says: Sizes and the limit are as they say
    documented: { as: open }
    of: { size: all, limit: all }
  - id: dear
    says: What the budget cannot pay is left out
    documented: { as: holds }
    let: { refs: 3 }
    expect: [ { image: any } ]
    cost: { usd: 50 }
`;

const TARGETS = { targets: { mock: { grade: 'rehearsal', budget: { usd: 5 } } } };

/** For tests only: a folder with that suite, and where its reports go. */
export interface FaultyFolder {
  readonly folder: string;
  readonly assay: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Said>;
  /** Its run, in a step of GitHub: some pass, some fail, one is undecided, one left out. */
  readonly run: (...args: readonly string[]) => Promise<Said>;
  readonly read: (file: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** For tests only: sets up such a folder. */
export async function aFaultyFolder(): Promise<FaultyFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-reports-'));
  await mkdir(join(folder, 'suites'));
  await writeFile(join(folder, 'suites/faulty.yaml'), SUITE);
  await writeFile(join(folder, 'suites/targets.yaml'), JSON.stringify(TARGETS));
  const run: FaultyFolder['assay'] = (args, env) =>
    assay(args, { cwd: folder, ...(env && { env }) });
  return {
    folder,
    assay: run,
    run: (...args) => run(['run', '--with', 'refs.limit=20', ...args], { GITHUB_ACTIONS: 'true' }),
    read: (file) => readFile(join(folder, file), 'utf8'),
    close: () => rm(folder, { recursive: true }),
  };
}
