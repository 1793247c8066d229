import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What Node is to run, and in which folder. */
export interface Program {
  readonly args: readonly string[];
  readonly folder: string;
}

const PEAK = new URL('./peak.js', import.meta.url).href;
const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
const GATEWAY = fileURLToPath(new URL('./gateway.ts', import.meta.url));

/** The key that both sides show to the bench's server, and with what its charges are read. */
const KEY = { ASSAY_BENCH_KEY: 'sk-bench-key', ASSAY_BENCH_ACCESS: 'rehearsal-access-token' };

/** How long a whole process took, in milliseconds; throws if it does not exit with 0. */
export async function wallMs(program: Program): Promise<number> {
  const startedAt = performance.now();
  await finish(start(program));
  return performance.now() - startedAt;
}

/** The peak of a whole process's resident memory, in MiB; throws if it does not exit with 0. */
export async function peakMiB({ args, folder }: Program): Promise<number> {
  const child = start({ args: ['--import', PEAK, ...args], folder });
  const [peak] = await Promise.all([text(child.stdio[3] as Readable), finish(child)]);
  return Number(peak) / 1024;
}

/** A server for the bench, and how to end it. */
export interface BenchServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts a server that takes so long for each answer; a gateway charges for them as well. */
export async function startServer(
  delayMs: number,
  what: 'server' | 'gateway' = 'server',
): Promise<BenchServer> {
  const program = what === 'server' ? SERVER : GATEWAY;
  const child = spawn(process.execPath, [program, String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const url of createInterface(child.stdout)) {
    return { url, close: async () => void (child.kill() && (await ended)) };
  }
  throw new Error('the server ended before it said where it listens');
}

function start({ args, folder }: Program): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...KEY, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ChildProcess): Promise<void> {
  const [said, [code]] = await Promise.all([
    text(child.stdio[2] as Readable),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} exited with ${code}: ${said}`);
}
