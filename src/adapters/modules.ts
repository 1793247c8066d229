import { writeSync } from 'node:fs';
import { type ResolveHookSync, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Problem } from '../domain/problem.ts';
import type { WrittenFile } from './files.ts';

/** A file that a person wrote; of a module, also what it exports as its default, or why it could not be evaluated. */
export interface EvaluatedFile extends WrittenFile {
  readonly evaluated?: { readonly value: unknown } | { readonly problem: Problem };
}

/** A module that has not come to its end by then waits for something that a suite has no business with. */
const PATIENCE_MS = 10_000;

/** Whether a file is JavaScript or TypeScript, by its name. */
export function isModule({ name }: WrittenFile): boolean {
  return /\.m?[jt]s$/.test(name);
}

/**
 * Evaluates a file that is a module, with all rights of this process; any other is given back as it is. Node evaluates a module
 * once: of an `edition` that is new, it and what it imports are read anew.
 */
export async function evaluated(
  file: WrittenFile,
  patienceMs: number = PATIENCE_MS,
  edition?: number,
): Promise<EvaluatedFile> {
  if (!isModule(file)) return file;
  const { href } = pathToFileURL(resolve(file.name));
  const url = edition === undefined ? href : `${href}?${EDITION}=${edition}`;
  if (edition !== undefined) hooks ??= registerHooks({ resolve: inTheSameEdition });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it has not come to its end within ${patienceMs / 1000} s`);
    timer = setTimeout(() => reject(error), patienceMs);
  });
  // Nothing has been looked at by then: it must not end as though all were well.
  const ended = (): void => {
    process.exitCode = 2;
    writeSync(process.stderr.fd, `error: the process ended while ${file.name} was evaluated\n`);
  };
  process.on('exit', ended);
  try {
    const exported = (await Promise.race([import(url), late])) as Readonly<Record<string, unknown>>;
    if ('default' in exported) return { ...file, evaluated: { value: exported['default'] } };
    const hint = 'export default defineSuite({ … })';
    return refused(file, { message: 'this module has no default export', hint });
  } catch (error) {
    return refused(file, whatWentWrong(error, file.name), placeIn(error, url));
  } finally {
    clearTimeout(timer);
    process.off('exit', ended);
  }
}

/** In the query of a module's URL, by which Node knows it. */
const EDITION = 'assay-edition';

let hooks: ReturnType<typeof registerHooks> | undefined;

/** What a module of an edition imports is of that edition too, unless it is a package. */
const inTheSameEdition: ResolveHookSync = (specifier, context, next) => {
  const found = next(specifier, context);
  const edition = URL.parse(context.parentURL ?? '')?.searchParams.get(EDITION) ?? null;
  if (edition === null || !found.url.startsWith('file:') || found.url.includes('/node_modules/'))
    return found;
  return { ...found, url: `${found.url}?${EDITION}=${edition}` };
};

function refused(
  file: WrittenFile,
  said: Pick<Problem, 'message' | 'hint'>,
  { line, column } = { line: 1, column: 1 },
): EvaluatedFile {
  const place = { file: file.name, line, column };
  return { ...file, evaluated: { problem: { severity: 'error', ...said, place } } };
}

function whatWentWrong(error: unknown, name: string): Pick<Problem, 'message' | 'hint'> {
  const [said = ''] = (messageOf(error) ?? inspect(error)).split('\n');
  const kind = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  const hint =
    HINTS.find(({ saying }) => saying.test(said))?.hint ??
    (error instanceof SyntaxError ? `"node ${name}" shows where` : undefined);
  return {
    message: `this module cannot be evaluated: ${kind}${said}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A module may throw anything, also an error that has no text where it should. */
function messageOf(error: unknown): string | undefined {
  const message: unknown = error instanceof Error ? error.message : undefined;
  return typeof message === 'string' ? message : undefined;
}

const HINTS: readonly { readonly saying: RegExp; readonly hint: string }[] = [
  {
    saying: /^Cannot find package 'assay'/,
    hint: 'install assay beside the suites or above them: npm install --save-dev assay',
  },
  {
    saying: /import statement outside a module|Unexpected token 'export'/,
    hint: 'name it *.suite.mts, or say "type": "module" in package.json',
  },
];

/** The line of the module itself that an error came from: types are blanked out, so lines and columns are those of the file. */
function placeIn(error: unknown, url: string): { line: number; column: number } | undefined {
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  const found = new RegExp(`${RegExp.escape(url)}:(\\d+)(?::(\\d+))?`).exec(String(stack));
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2] ?? 1) };
}
