import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { program, type RunAssay, type Said } from './cli.fixture.ts';
import { installing } from './readme.fixture.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The package as a user has it: built, packed, and installed from its tarball into a folder that was empty. */
export interface Packed {
  readonly folder: string;
  readonly tarball: string;
  /** Runs the installed command with this process's Node. */
  readonly assay: RunAssay;
  /** Runs the installed command with the Node at that path. */
  readonly assayOn: (node: string, args: readonly string[]) => Promise<Said>;
  readonly close: () => Promise<void>;
}

/** Builds, packs and installs by the README's own commands; nothing that git tracks changes, and no network is used. */
export async function installPacked(): Promise<Packed> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'assay-packed-')));
  const folder = join(base, 'empty');
  await mkdir(folder);
  const [pack = [], install = []] = installing;
  const tarball = join(base, basename(install.at(-1) ?? ''));
  await succeed([...pack, '--pack-destination', base], ROOT);
  // With no dependency to fetch, the tarball is all that it takes.
  await succeed([...install.slice(0, -1), tarball, '--offline'], folder);
  const bin = join(folder, 'node_modules/.bin/assay');
  const on =
    (node: string): RunAssay =>
    (args, { cwd = folder, env } = {}) => {
      const PATH = `${dirname(node)}${delimiter}${process.env['PATH']}`;
      return program(bin, args, { cwd, env: { ...env, PATH } });
    };
  return {
    folder,
    tarball,
    assay: on(process.execPath),
    assayOn: (node, args) => on(node)(args),
    close: () => rm(base, { recursive: true, force: true }),
  };
}

async function succeed([command = '', ...args]: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await program(command, args, { cwd });
  if (code === 0) return;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
}

/** A Node on the PATH that is older than 24, with its version; undefined where there is none. */
export async function olderNode(): Promise<{ path: string; version: string } | undefined> {
  for (const folder of new Set((process.env['PATH'] ?? '').split(delimiter))) {
    const path = join(folder, 'node');
    const said = await program(path, ['--version']).catch(() => undefined);
    const version = said?.stdout.trim().replace('v', '') ?? '';
    if (version !== '' && Number.parseInt(version, 10) < 24) return { path, version };
  }
  return undefined;
}
