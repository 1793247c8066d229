import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { expect, test } from 'vitest';
import { MIT_WITHOUT_TERMS, SHIPPED_LICENCES } from './build/notices.ts';

interface Locked {
  readonly dev?: boolean;
  readonly license?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const SRC = import.meta.dirname;

const text = readFileSync(join(SRC, '../package-lock.json'), 'utf8');
const lock = JSON.parse(text) as { readonly packages: Readonly<Record<string, Locked>> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Rooms that are not in the bundle. */
const UNBUNDLED = /^(bench|build)\/|\.(test|fixture)\.ts$|\.d\.ts$/;

/** The packages that our bundled source imports. */
function imported(): readonly string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !UNBUNDLED.test(file));
  const specifiers = sources.flatMap((file) => {
    const parsed = JSON.stringify(parseAst(readFileSync(join(SRC, file), 'utf8'), { lang: 'ts' }));
    return [...parsed.matchAll(/"source":\{"type":"Literal","value":"([^".][^"]*)"/g)];
  });
  const names = specifiers.map(([, name = '']) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '');
  return [...new Set(names)].filter((name) => !name.startsWith('node:'));
}

/** Where the lock file has a package, as the one at `from` would find it. */
function lockedAt(name: string, from: string): string | undefined {
  const nested = `${from}/node_modules/${name}`;
  if (nested in lock.packages) return nested;
  const above = from.lastIndexOf('/node_modules/');
  if (above !== -1) return lockedAt(name, from.slice(0, above));
  return `node_modules/${name}` in lock.packages ? `node_modules/${name}` : undefined;
}

/** What may come into the bundle: the packages that our source imports, and all that those depend on. */
function reachable(): readonly string[] {
  const found = new Set(imported().map((name) => lockedAt(name, '') ?? `${name} is not locked`));
  // A set hands out what is added while it is walked.
  for (const path of found) {
    const { dependencies, optionalDependencies } = lock.packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = lockedAt(name, path);
      if (at !== undefined) found.add(at);
    }
  }
  return [...found];
}

test('every package that we ship has a licence that lets us', () => {
  const dependencies = packages.filter(([, { dev }]) => dev !== true).map(([path]) => path);
  const shipped = [...new Set([...reachable(), ...dependencies])];
  expect(shipped.length).toBeGreaterThan(60);
  expect(shipped).toContain('node_modules/undici');
  const unfit = shipped.filter((path) => {
    const byHand = path.replace('node_modules/', '') in MIT_WITHOUT_TERMS;
    return !byHand && !SHIPPED_LICENCES.includes(lock.packages[path]?.license ?? 'none');
  });
  expect(unfit).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
