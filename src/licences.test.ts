import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Licences under which what we ship may stand. */
const SHIPPED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

/** MIT by the old `licenses` member of its package.json, which a lock file does not carry over. */
const BY_HAND = ['node_modules/format'];

interface Locked {
  readonly dev?: boolean;
  readonly license?: string;
  readonly resolved?: string;
}

const text = readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8');
const lock = JSON.parse(text) as { readonly packages: Readonly<Record<string, Locked>> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

test('every package that we ship has a licence that lets us', () => {
  const shipped = packages.filter(([, { dev }]) => dev !== true);
  expect(shipped.length).toBeGreaterThan(20);
  const unfit = shipped.filter(
    ([path, { license }]) => !BY_HAND.includes(path) && !SHIPPED.includes(license ?? 'none'),
  );
  expect(unfit).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
