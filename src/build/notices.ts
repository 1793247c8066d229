import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences (SPDX) under which what we ship may stand. */
export const SHIPPED_LICENCES: readonly string[] = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
];

/** MIT by the old `licenses` member, without a file of its terms: who holds the copyright, by its Readme. */
export const MIT_WITHOUT_TERMS: Readonly<Record<string, string>> = {
  format: 'Copyright 2010 - 2014 Sami Samhuri <sami@samhuri.net>',
};

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The notice that the licences of bundled packages ask for: each package with its licence's whole text. `modules` are the
 * paths of the files in the bundle, `mit` is the text of a licence by MIT. Throws an Error for a package whose licence is
 * not on the list, or whose terms are not to be found.
 */
export function notices(modules: readonly string[], mit: string): string {
  const terms = mit.slice(mit.indexOf('Permission is hereby granted'));
  const folders = [...new Set(modules.flatMap(packageFolder))];
  const all = folders.map((folder) => notice(folder, terms));
  const count = `assay contains code of these ${all.length} packages.`;
  return [count, ...all.toSorted()].join(`\n\n${'-'.repeat(80)}\n\n`).concat('\n');
}

/** The folder of the package that a module belongs to, if it is not ours. */
function packageFolder(module: string): readonly string[] {
  const found = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)/.exec(module);
  return found?.[1] === undefined ? [] : [found[1]];
}

function notice(folder: string, mitTerms: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  const holder = MIT_WITHOUT_TERMS[name];
  if (holder !== undefined) return `${name} ${version} (MIT)\n\n${holder}\n\n${mitTerms.trim()}`;
  if (license === undefined || !SHIPPED_LICENCES.includes(license))
    throw new Error(`${name} ${version} may not be shipped: its licence is ${license}`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)(\.\w+)?$/i.test(file));
  if (!files.some((file) => /^licen/i.test(file)))
    throw new Error(`${name} ${version} may not be shipped: it has no file of its licence`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}
