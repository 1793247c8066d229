import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../adapters/loopback.fixture.ts';
import type { Evidence } from '../domain/evidence.ts';
import { writeImage } from '../image/write.ts';
import { ASSAY, program, type Said } from './cli.fixture.ts';
import { assayHere } from './here.fixture.ts';

const PRELOAD = join(import.meta.dirname, 'kill.fixture.ts');

/** Claims on which a run does all that it can: shared exchanges, second trials, controls met and unmet, a hosted image. */
const SUITE = `
suite: s
requests: { ask: { path: /v1/ask, json: { ask: "\${ask}" } } }
let: { ask: good }
claims:
  - id: good
    says: It answers with what it was asked
    vary: { ask: [good, better, best, fine, grand, swell] }
    expect: [ { json: { at: $.ask, equals: "\${ask}" } } ]
  - id: good.twin
    says: It says how long that is
    vary: { ask: [good, better] }
    expect: [ { json: { at: $.length, type: integer } } ]
  - id: wrong
    says: It answers what it should, which it does not
    documented: { as: holds }
    let: { ask: wrong }
    expect: [ { json: { at: $.ask, equals: right } } ]
  - id: wrong.twin
    says: It answers something
    let: { ask: wrong }
    expect: [ { json: { at: $.ask, exists: true } } ]
  - id: gloomy
    says: It fails, say the docs
    documented: { as: broken }
    vary: { ask: [gloomy, glum] }
    expect: [ { json: { at: $.ask, equals: "\${ask}" } } ]
  - id: refused
    says: It refuses to be rude
    let: { ask: rude }
    expect: [ { rejected: { status: 400, message: be polite } } ]
  - id: given.good
    says: It can be asked more
    let: { ask: more }
    given: [ { claim: "good/ask=best" } ]
    expect: [ { json: { at: $.ask, equals: more } } ]
  - id: given.wrong
    says: What rests on the wrong answer is not asked
    let: { ask: never }
    given: [ { claim: wrong } ]
    vary: { ask: [never, ever] }
    expect: [ { json: { at: $.ask, exists: true } } ]
  - id: picture
    says: It draws, on the host that the target names
    let: { ask: picture }
    expect: [ { image: { at: hosted-url, host: "\${target.media}" } } ]
    cost: { usd: 0.01 }
`;

/** A gateway that counts what it was asked, apart for each path before `/v1`. */
interface Counted {
  readonly url: string;
  /** What was asked below a path, each as often as it was. */
  readonly asked: (path: string) => readonly string[];
  /** Below these paths, connections break in place of answers. */
  readonly silent: Set<string>;
}

/** Starts one; it closes with what `closeAll` closes. */
async function startCounted(): Promise<Counted> {
  const asked = new Map<string, string[]>();
  const silent = new Set<string>();
  const url = await serve((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.endsWith('.png') === true) {
      response.writeHead(200, { 'content-type': 'image/png' });
      response.end(writeImage({ format: 'png', width: 8, height: 8 }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { ask } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly ask: string };
    const path = (request.url ?? '').split('/v1')[0] ?? '';
    if (silent.has(path)) {
      request.socket.destroy();
      return;
    }
    asked.set(path, [...(asked.get(path) ?? []), ask]);
    const [status, body] =
      ask === 'rude'
        ? [400, { error: { message: 'be polite' } }]
        : [
            200,
            ask === 'picture' ? { data: [{ url: `${url}/a.png` }] } : { ask, length: ask.length },
          ];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  return { url, asked: (path) => asked.get(path) ?? [], silent };
}

/** Somebody's folder before a counting gateway, and the command line as it is published. */
export interface Scene {
  readonly ledger: string;
  /** The files of the suite and of the targets, to be edited. */
  readonly suite: string;
  readonly targets: string;
  /** Runs a verb. */
  readonly assay: (args: readonly string[]) => Promise<Said>;
  /** Runs all claims against the gateway; with `killAt`, up to that point (see kill.fixture.ts). */
  readonly run: (more?: readonly string[], killAt?: string) => Promise<Said>;
  /** The same within this process, where nothing is killed. */
  readonly runHere: (more?: readonly string[]) => Promise<Said>;
  /** What the process that was killed noted of its last write: the bytes before it, its own, and those of its first line. */
  readonly noted: () => Promise<readonly [before: number, length: number, first: number]>;
  readonly asked: () => readonly string[];
  /** Breaks the connections of the gateway, or no longer. */
  readonly silence: (isSilent: boolean) => void;
}

/** What all scenes share: the suite and the gateway. */
export interface Stand {
  /** A scene of that name, with what is special about its target. */
  readonly scene: (name: string, target: object) => Promise<Scene>;
  readonly close: () => Promise<void>;
}

const RUN = ['run', '--target', 'local', '--format', 'json'];

/** A verb and its options, and where what it asks for stands in a scene. */
function inScene(args: readonly string[]): readonly string[] {
  const project = ['--suites', 'suites', '--targets', 'targets.yaml'];
  return [...args, '--ledger', 'ledger', ...(args[0] === 'ledger' ? [] : project)];
}

/** Starts the gateway. */
export async function aStand(): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-stand-'));
  const gateway = await startCounted();
  const scene = async (name: string, target: object): Promise<Scene> => {
    const own = join(folder, name);
    await mkdir(join(own, 'suites'), { recursive: true });
    const [suite, targets] = [join(own, 'suites', 's.yaml'), join(own, 'targets.yaml')];
    await writeFile(suite, SUITE);
    const media = new URL(gateway.url).host;
    const local = { grade: 'live', baseUrl: `${gateway.url}/${name}`, let: { media }, ...target };
    await writeFile(targets, JSON.stringify({ targets: { local } }));
    const ledger = join(own, 'ledger');
    const note = join(own, 'killed.json');
    const assay = (args: readonly string[], killAt?: string) =>
      program(
        process.execPath,
        [...(killAt === undefined ? [] : ['--import', PRELOAD]), ASSAY, ...inScene(args)],
        {
          cwd: own,
          env: killAt === undefined ? {} : { ASSAY_KILL_AT: killAt, ASSAY_KILL_NOTE: note },
        },
      );
    return {
      ledger,
      suite,
      targets,
      assay,
      run: (more = [], killAt) => assay([...RUN, ...more], killAt),
      runHere: (more = []) => assayHere(inScene([...RUN, ...more]), { cwd: own }),
      noted: async () => JSON.parse(await readFile(note, 'utf8')) as [number, number, number],
      asked: () => gateway.asked(`/${name}`),
      silence: (isSilent) => {
        if (isSilent) gateway.silent.add(`/${name}`);
        else gateway.silent.delete(`/${name}`);
      },
    };
  };
  return { scene, close: () => rm(folder, { recursive: true }) };
}

/** What evidence says, without what differs from one run to the next: ids and times. */
export function timeless(evidence: readonly Evidence[]): readonly string[] {
  return evidence.map(sayings).toSorted();
}

function sayings(one: Evidence): string {
  const { id: _id, run: _run, at: _at, ms: _ms, exchange, target, observed, ...rest } = one;
  const { ms: _observedMs, ...seen } = observed;
  const { host: _host, ...on } = target;
  return JSON.stringify({ ...rest, hasExchange: exchange !== undefined, seen, on });
}
