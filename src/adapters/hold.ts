import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256 } from './sha256.ts';

/** The sole right to write the file of one run; it ends with the process that has it, however that ends. */
export interface Hold {
  /** Gives the right back; more than once is as good as once. */
  readonly release: () => Promise<void>;
}

/**
 * Takes the right to write a file, or nothing if it is taken. It is a name to listen at, which the system gives to one
 * process only and takes back when that dies: a lock file would outlive a killed run, and who may then remove it is a race.
 */
export async function holdFile(path: string): Promise<Hold | undefined> {
  const address = addressOf(path);
  const server = (await listening(address)) ?? (await inPlaceOfDead(address));
  if (server === undefined) return undefined;
  server.unref();
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** Whether some process has the right to write a file. */
export async function isHeld(path: string): Promise<boolean> {
  return await isAnswered(addressOf(path));
}

async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function listening(address: string): Promise<Server | undefined> {
  const server = createServer((asking) => asking.destroy());
  server.listen(address);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** Only a socket that is a file can be left behind; whoever listens at it answers. */
async function inPlaceOfDead(address: string): Promise<Server | undefined> {
  if (!isFile(address) || (await isAnswered(address))) return undefined;
  await rm(address, { force: true });
  return await listening(address);
}

/** Linux has names that are no files, and Windows has pipes; elsewhere it is a socket among the temporary files. */
function addressOf(path: string): string {
  const name = `assay-${sha256(join(realpathSync(dirname(path)), basename(path))).slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function isFile(address: string): boolean {
  return address.endsWith('.sock');
}
