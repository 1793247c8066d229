import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Glance, glance } from '../../suite/glance.ts';
import type { Candidate, Known } from './candidates.ts';

/** So much is looked at: a press of the tab key must not wait for a folder that is none of suites. */
const MOST_FILES = 500;
const MOST_BYTES = 1 << 20;
const MOST_RUNS = 20;
const RUN = /(r\d{8}-\d{4}-[0-9a-f]{4})\.jsonl$/;

/** What is known where the command line is typed, and by the options that are on it already; what cannot be read is not known. */
export function knownHere(words: readonly string[]): Known {
  const suites = optionIn(words, 'suites') ?? 'suites';
  const ledger = optionIn(words, 'ledger');
  return {
    suites: async () => await Promise.resolve(glances(suites)),
    targets: async () =>
      await Promise.resolve(targetsIn(optionIn(words, 'targets') ?? join(suites, 'targets.yaml'))),
    runs: async () =>
      await Promise.resolve(
        runsIn(ledger === undefined ? ['reports/ledger', 'reports/rehearsals'] : [ledger]),
      ),
    worlds: async () => {
      const { listWorlds } = await import('../../mock/worlds.ts');
      return listWorlds().map(({ world, says }) => ({ text: world, about: says }));
    },
    async behaviours() {
      const { listBehaviours } = await import('../../mock/behaviours.ts');
      return listBehaviours().flatMap(({ name, values, says }) =>
        values
          .filter((value) => /^[\w.@-]+$/.test(value))
          .map((value): Candidate => ({ text: `${name}=${value}`, about: says })),
      );
    },
    async workflows() {
      const { WORKFLOWS } = await import('../workflows.ts');
      return Object.entries(WORKFLOWS).map(([text, { says }]) => ({ text, about: says }));
    },
  };
}

function optionIn(words: readonly string[], name: string): string | undefined {
  const at = words.lastIndexOf(`--${name}`, -2);
  const joined = words.find((word) => word.startsWith(`--${name}=`));
  return joined?.slice(name.length + 3) ?? (at < 0 ? undefined : words[at + 1]);
}

function glances(folder: string): readonly Glance[] {
  return namesIn(folder)
    .filter((name) => /\.yaml$|\.suite\.m?[jt]s$/.test(name)) // as project.ts, which loads far more, has it
    .toSorted()
    .slice(0, MOST_FILES)
    .flatMap((name) => glance(textOf(join(folder, name))) ?? []);
}

/** The names at the first depth below `targets`. */
function targetsIn(file: string): readonly string[] {
  const lines = textOf(file).split('\n');
  const below = lines.slice(lines.findIndex((line) => line.startsWith('targets:')) + 1);
  const names = below.flatMap((line) => /^( +)["']?([\w.-]+)["']?:/.exec(line) ?? []);
  const depth = names[1]?.length;
  return below.flatMap((line) => {
    const [, blanks = '', name = ''] = /^( +)["']?([\w.-]+)["']?:/.exec(line) ?? [];
    return name !== '' && blanks.length === depth ? [name] : [];
  });
}

/** The newest runs of some ledgers, by their files. */
function runsIn(folders: readonly string[]): readonly string[] {
  const ids = folders.flatMap((folder) =>
    namesIn(folder, true).flatMap((name) => RUN.exec(name)?.[1] ?? []),
  );
  return ids.toSorted().toReversed().slice(0, MOST_RUNS);
}

function namesIn(folder: string, recursive = false): readonly string[] {
  try {
    return readdirSync(folder, { recursive, encoding: 'utf8' });
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    const found = statSync(file);
    return found.isFile() && found.size <= MOST_BYTES ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}
