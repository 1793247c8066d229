import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Topic } from '../../domain/topic.ts';
import { headingsOf, sectionOf } from '../../report/markdown/read.ts';
import { MEANINGS, meaningsMarkdown } from '../../report/meanings.ts';

/** The heading of the README below which a topic is explained; `causes` has a table of its own. */
export const HEADINGS: Readonly<Record<Exclude<Topic, 'causes'>, string>> = {
  install: 'Install',
  'first-suite': 'Your first suite, in five minutes',
  vocabulary: 'The path of a claim',
  format: 'The format in short',
  claims: 'Suites and claims',
  requests: 'Requests',
  expectations: 'Expectations',
  steps: 'Steps',
  tables: 'Tables',
  targets: 'Targets',
  references: 'How to give a target 15 reference images',
  charges: 'What a request really cost',
  purse: 'How to rehearse what is charged',
  trials: 'A claim about a model that varies',
  limits: 'Where a limit really is',
  nightly: 'Every night, within a budget',
  gates: 'A gate before a release',
  vitest: 'A gate in vitest',
  workflows: 'Where it runs',
  telling: 'Told when a word changes',
  sides: 'Two sides',
  reports: 'Reports',
  reference: 'Reference',
  'exit-codes': 'Exit codes',
  resuming: 'A run that is cut short',
  'broken-ledger': 'A ledger that is broken',
  safety: 'What it will not do',
};

/** Something that help explains: its name, and what it is about. */
interface Explained {
  readonly name: string;
  readonly about: string;
}

/** The README of the package that this code is in: of the clone, or of the installed one. */
export async function readReadme(): Promise<string> {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error('this code is in no package');
  return await readFile(join(dirname(manifest), 'README.md'), 'utf8');
}

/** Every topic in the order of the README: by its short name, or by the words of a heading that has none. */
export function topicsOf(readme: string): readonly Explained[] {
  const names = new Map(Object.entries(HEADINGS).map(([name, heading]) => [heading, name]));
  const sections = headingsOf(readme).map((about) => ({
    name: names.get(about) ?? slug(about),
    about,
  }));
  return [...sections, { name: 'causes', about: MEANINGS }];
}

/** What explains a topic, as Markdown; undefined where there is none of that name. */
export function topicText(name: string, readme: string): string | undefined {
  if (name === 'causes') return meaningsMarkdown();
  const isIt = (one: Explained) => one.name === name || slug(one.about) === name;
  const about = topicsOf(readme).find(isIt)?.about;
  return about === undefined ? undefined : sectionOf(readme, about);
}

/** `What it will not do` as it is typed: `what-it-will-not-do`. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
