import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from './version.ts';

/** Names the code of some rooms, for what is kept of its work: what is published is one piece, and in a clone any file may have been changed. */
export function codeName(rooms: readonly string[]): string {
  const here = fileURLToPath(import.meta.url);
  if (!here.endsWith('.ts')) return `${version()} ${here} ${changedMs(here)}`;
  const source = join(import.meta.dirname, '..');
  const files = rooms.flatMap((room) =>
    readdirSync(join(source, room), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(source, room, file),
    ),
  );
  return files.map((file) => `${file} ${changedMs(file)}`).join();
}

function changedMs(path: string): number {
  return statSync(path).mtimeMs;
}
