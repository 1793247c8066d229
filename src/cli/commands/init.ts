import { join } from 'node:path';
import { readIfThere, replaceFile, standsThere, writeNew } from '../../adapters/files.ts';
import type { Problem } from '../../domain/problem.ts';
import { loadTargets } from '../../suite/targets.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { IGNORED, TARGETS_FILE, firstFiles } from '../first/files.ts';
import { SOMEWHERE } from '../first/targets.ts';
import type { ExitCode, Output, Refused } from '../output.ts';

const IGNORE_FILE = '.gitignore';

/** Writes a first suite with all that belongs to it into a folder, all or nothing: a file that is there is never written over. */
export async function init(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const [folder = '.', ...more] = asked.words;
  if (more.length > 0) return refused('init takes one folder');
  const files = await firstFiles(valueOf(asked, 'url') ?? SOMEWHERE);
  const [wrong] = loadTargets({ name: TARGETS_FILE, bytes: bytesOf(files[TARGETS_FILE]) }).problems;
  if (wrong !== undefined) return refused(`--url: ${wrong.message}`);

  const written: string[] = [];
  try {
    const missing = Object.entries(files).filter(
      ([name, text]) => !isSame(join(folder, name), text),
    );
    const inTheWay = missing.filter(([name]) => standsThere(join(folder, name)));
    if (inTheWay.length > 0)
      return { problems: inTheWay.map(([name]) => inWay(join(folder, name))) };
    for (const [name, text] of missing) {
      await writeNew(join(folder, name), bytesOf(text));
      written.push(name);
    }
    if (await ignore(join(folder, IGNORE_FILE))) written.push(IGNORE_FILE);
  } catch (error) {
    const { message } = error as Error;
    const hint = `written before: ${written.join(', ') || 'nothing'}`;
    return { problems: [{ severity: 'error', message: `cannot write: ${message}`, hint }] };
  }
  for (const name of written) output.print(`wrote ${join(folder, name)}`);
  if (written.length === 0) output.print('everything is there already');
  output.print(nextSteps(folder));
  return 0;
}

function nextSteps(folder: string): string {
  return [
    '',
    `Next${folder === '.' ? '' : `, in ${folder}`}:`,
    '  npx assay run                         rehearse against the mock: green',
    '  npx assay status --rehearsal          what the table of docs/first.md would say',
    '  npx assay run --with refs.limit=20    break the mock: a claim notices, exit 1',
    'suites/README.md goes on from there.',
  ].join('\n');
}

/** Adds what git should leave out to the lines that are there; tells whether there was anything to add. */
async function ignore(path: string): Promise<boolean> {
  const there = readIfThere(path);
  if (there === undefined) {
    await writeNew(path, bytesOf(IGNORED.map((line) => `${line}\n`).join('')));
    return true;
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(there);
  const lines = text.split('\n').map(withoutSlashes);
  const added = IGNORED.filter((line) => !lines.includes(withoutSlashes(line)));
  if (added.length === 0) return false;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const addition = bytesOf(gap + added.map((line) => `${line}\n`).join(''));
  await replaceFile(path, Buffer.concat([there, addition]));
  return true;
}

/** `/node_modules` and `node_modules/` leave the same folder out. */
function withoutSlashes(line: string): string {
  return line.trim().replaceAll(/^\/|\/$/g, '');
}

function isSame(path: string, text: string): boolean {
  const there = readIfThere(path);
  return there !== undefined && Buffer.from(there).equals(bytesOf(text));
}

function inWay(path: string): Problem {
  const hint = 'nothing was written; init in another folder, or move it away';
  return { severity: 'error', message: `${path} is there already`, hint };
}

function bytesOf(text = ''): Buffer {
  return Buffer.from(text);
}

function refused(message: string): Refused {
  return { problems: [{ severity: 'error', message }] };
}
