import { TOPICS } from '../../domain/topic.ts';
import type { Glance } from '../../suite/glance.ts';
import type { Option } from '../arguments.ts';
import { type Verb, verbs } from '../verbs.ts';

/** Something that may stand where the cursor is, and what it is. */
export interface Candidate {
  readonly text: string;
  readonly about: string;
}

/** What is known of a project and of this Assay; each is read only where it is asked for. */
export interface Known {
  readonly suites: () => Promise<readonly Glance[]>;
  readonly targets: () => Promise<readonly string[]>;
  readonly runs: () => Promise<readonly string[]>;
  readonly worlds: () => Promise<readonly Candidate[]>;
  readonly behaviours: () => Promise<readonly Candidate[]>;
  readonly workflows: () => Promise<readonly Candidate[]>;
}

/** What may stand in the place of the last word: nothing where it is a path, or anybody's own words. */
export async function candidates(
  words: readonly string[],
  known: Known,
): Promise<readonly Candidate[]> {
  const [name = '', ...rest] = words;
  const partial = words.at(-1) ?? '';
  if (rest.length === 0) return startingWith(partial, everyVerb());
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return [];
  const before = rest.slice(0, -1);
  const [, long = '', value] = /^--([a-z-]+)=(.*)$/.exec(partial) ?? [];
  if (value !== undefined) {
    const values = await valuesOf(verb.options[long], value, known);
    return values.map(({ text, about }) => ({ text: `--${long}=${text}`, about }));
  }
  const waiting = /^--([a-z-]+)$/.exec(before.at(-1) ?? '')?.[1];
  const option = waiting === undefined ? undefined : verb.options[waiting];
  if (option?.value !== undefined) return await valuesOf(option, partial, known);
  if (partial.startsWith('-')) return startingWith(partial, optionsLeft(verb, before));
  return await wordsFor(verb, before, partial, known);
}

function everyVerb(): readonly Candidate[] {
  return Object.entries(verbs).map(([text, { summary }]) => ({ text, about: summary }));
}

function optionsLeft({ options }: Verb, before: readonly string[]): readonly Candidate[] {
  const isLeft = ([name, { isList }]: readonly [string, Option]) =>
    isList === true || !before.some((word) => word.split('=', 1)[0] === `--${name}`);
  return [
    ...Object.entries(options)
      .filter(isLeft)
      .map(([name, { meaning }]) => ({ text: `--${name}`, about: meaning })),
    { text: '--help', about: 'its options on one screen' },
  ];
}

/** Of a list, what is behind its last comma is completed. */
async function valuesOf(
  option: Option | undefined,
  partial: string,
  known: Known,
): Promise<readonly Candidate[]> {
  if (option?.value === undefined) return [];
  const done = option.isList === true ? partial.slice(0, partial.lastIndexOf(',') + 1) : '';
  const values = startingWith(partial.slice(done.length), await allValues(option, known));
  return values.map(({ text, about }) => ({ text: done + text, about }));
}

async function allValues(option: Option, known: Known): Promise<readonly Candidate[]> {
  const [kind = ''] = (option.value ?? '').split(/[,…]/);
  if (kind === 'NAME') return named(await known.targets());
  if (kind === 'DATE') return await known.worlds();
  if (kind === 'FAULT') return await known.behaviours();
  // FORMAT=FILE: which file it is, nobody knows yet.
  const end = kind.endsWith('=FILE') ? '=' : '';
  return named((option.values ?? []).map((value) => value + end));
}

/** Signs in what help shows beside a verb, and what may stand for each. */
async function wordsFor(
  { words }: Verb,
  before: readonly string[],
  partial: string,
  known: Known,
): Promise<readonly Candidate[]> {
  if (before.includes('--compare') && before.filter((word) => !word.startsWith('-')).length < 2)
    return startingWith(partial, named(await known.targets()));
  const signs = words.split(/[^A-Za-z]+/);
  const own = signs.filter((sign) => /^[a-z]+$/.test(sign) && !words.includes(`--${sign}`));
  const isRun =
    signs.includes('RUN') && (own.length === 0 ? isResumed(words, before) : before.length > 0);
  const found: Candidate[] = before.length === 0 ? [...named(own)] : [];
  if (signs.includes('VERB')) found.push(...everyVerb(), ...named(TOPICS));
  if (signs.includes('NAME')) found.push(...(await known.workflows()));
  if (isRun) return startingWith(partial, named(await known.runs()));
  if (signs.includes('SUITE')) found.push(...(await known.suites()).map(ofSuite));
  if (signs.includes('SELECTOR') || signs.includes('CLAIM'))
    return selectors(await known.suites(), partial);
  return startingWith(partial, found);
}

/** `run` takes an id only behind `--resume`, and `report` takes nothing else. */
function isResumed(words: string, before: readonly string[]): boolean {
  return !words.includes('--resume') || before.includes('--resume');
}

/** Suites; the claims of the only one that is left, or of the one that is named; the values of the only claim. */
function selectors(suites: readonly Glance[], partial: string): readonly Candidate[] {
  const [id = '', ...rest] = partial.split('/');
  const fitting = suites.filter(({ suite }) =>
    rest.length > 0 ? suite === id : suite.startsWith(id),
  );
  const found = rest.length > 0 ? [] : fitting.map(ofSuite);
  const [only, ...others] = fitting;
  if (only === undefined || others.length > 0 || partial === '') return found;
  const claims = only.claims.filter((one) =>
    rest.length > 1 ? one.id === rest[0] : one.id.startsWith(rest[0] ?? ''),
  );
  const [claim, ...more] = claims;
  const names = rest.length > 1 ? [] : claims.map((one) => ofClaim(only, one));
  if (claim === undefined || more.length > 0 || rest.length === 0) return [...found, ...names];
  const given = rest.slice(1, -1);
  const stem = [only.suite, claim.id, ...given].join('/');
  const isOpen = ({ name }: { readonly name: string }) =>
    !given.some((one) => one.startsWith(`${name}=`));
  const values = claim.vary
    .filter(isOpen)
    .flatMap(({ name, values: all }) => all.map((value) => `${stem}/${name}=${value}`));
  return [...found, ...names, ...startingWith(rest.length > 1 ? partial : '', named(values))];
}

function ofSuite({ suite, claims }: Glance): Candidate {
  return { text: suite, about: `${claims.length} claims` };
}

function ofClaim({ suite }: Glance, { id, says }: Glance['claims'][number]): Candidate {
  return { text: `${suite}/${id}`, about: says };
}

function named(texts: readonly string[]): readonly Candidate[] {
  return texts.map((text) => ({ text, about: '' }));
}

function startingWith(partial: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(({ text }) => text.startsWith(partial));
}
