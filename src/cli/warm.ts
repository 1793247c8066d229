import { openCache } from '../adapters/cache.ts';
import type { WrittenFile } from '../adapters/files.ts';
import { evaluated, isModule } from '../adapters/modules.ts';
import { sha256 } from '../adapters/sha256.ts';
import type { Case, Claim } from '../domain/claim.ts';
import { type Prints, printsOf, recallPrints } from '../domain/digest.ts';
import { recallSentence, sentenceOf } from '../domain/gateway.ts';
import { type Kept, keptOf, loadedOf } from '../suite/kept.ts';
import type { Loaded } from '../suite/load.ts';
import type { LoadedTargets } from '../suite/targets.ts';
import { codeName } from './code.ts';
import type { Advance } from './line.ts';

/** Below the reports, as the ledgers are. */
const cache = openCache('reports');

/** What is kept of a folder of suites, the hash of each shape that was read for them, and the fingerprints of their claims and cases, in order. */
interface KeptSuites {
  readonly shapes: readonly (readonly [file: string, hash: string])[];
  readonly kept: Kept;
  readonly sentences: readonly string[];
  readonly prints: readonly Prints[];
}

/**
 * Suites as `loadSuites` has them: out of the cache, if the same files and shapes were read before and nothing was wrong,
 * so that neither YAML nor schemas need to be loaded. A module may import anything, and is evaluated each time.
 */
export async function warmSuites(
  files: readonly WrittenFile[],
  shapes: (file: string) => Uint8Array | undefined,
  tell?: Advance,
): Promise<Loaded> {
  const name = files.some(isModule) ? undefined : entryName('suites', files);
  const text = name === undefined ? undefined : cache.read(name);
  if (text !== undefined) {
    const found = JSON.parse(text) as KeptSuites;
    if (found.shapes.every(([file, hash]) => hashOf(shapes(file)) === hash)) {
      const loaded = loadedOf(found.kept);
      for (const [at, claim] of claimsIn(loaded).entries())
        recallSentence(claim, found.sentences[at] ?? '');
      for (const [at, one] of sentCases(loaded).entries()) {
        const prints = found.prints[at];
        if (prints !== undefined) recallPrints(one, prints);
      }
      return loaded;
    }
  }
  const { loadSuites } = await import('../suite/load.ts');
  const read = new Map<string, string>();
  const asRead = (file: string) => {
    const bytes = shapes(file);
    read.set(file, hashOf(bytes));
    return bytes;
  };
  const all = await Promise.all(files.map((file) => evaluated(file)));
  const loaded = loadSuites(all, asRead, tell);
  if (name !== undefined && isSound(loaded)) {
    const sentences = claimsIn(loaded).map((claim) => sentenceOf(claim, sha256));
    const prints = sentCases(loaded).map((one) => printsOf(one, sha256));
    const entry: KeptSuites = { shapes: [...read], kept: keptOf(loaded), sentences, prints };
    cache.write(name, JSON.stringify(entry));
  }
  return loaded;
}

/** Targets as `loadTargets` has them, in the same way. What passes it is no secret: of a key, only the name of its variable. */
export async function warmTargets(file: WrittenFile): Promise<LoadedTargets> {
  const name = entryName('targets', [file]);
  const text = cache.read(name);
  if (text !== undefined) return JSON.parse(text) as LoadedTargets;
  const { loadTargets } = await import('../suite/targets.ts');
  const loaded = loadTargets(file);
  if (isSound(loaded)) cache.write(name, JSON.stringify(loaded));
  return loaded;
}

function claimsIn({ suites }: Loaded): readonly Claim[] {
  return suites.flatMap(({ claims }) => claims);
}

function sentCases(loaded: Loaded): readonly Case[] {
  return claimsIn(loaded).flatMap(({ basis }) => (basis.kind === 'sent' ? basis.cases : []));
}

function isSound({ problems }: Pick<Loaded, 'problems'>): boolean {
  return problems.every(({ severity }) => severity !== 'error');
}

/** Follows from all that decides what is loaded: the files, by name and bytes, and the code that loads them. */
function entryName(what: string, files: readonly WrittenFile[]): string {
  const hashes = files.map(({ name, bytes }) => [name, sha256(bytes)]);
  return sha256(JSON.stringify([what, codeName(['suite', 'domain']), hashes]));
}

function hashOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? 'none' : sha256(bytes);
}
