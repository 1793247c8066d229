import type { Option } from '../arguments.ts';
import type { ExitCode } from '../output.ts';
import { type Verb, type VerbName, verbs } from '../verbs.ts';
import { type Entry, type Example, GITHUB, type Page } from './page.ts';
import { pages } from './pages.ts';

/** What every exit code means where a verb does not say it more closely. */
const ENDS: Readonly<Record<ExitCode, string>> = {
  0: 'decided, and nothing contradicts the docs',
  1: 'something contradicts them, a page or two sides differ, or a gate is shut',
  2: 'what was written or asked is wrong; nothing was sent',
  3: 'could not tell',
  130: 'interrupted',
};

/** What every verb heeds that prints. */
const ENVIRONMENT: readonly Entry[] = [
  ['NO_COLOR, FORCE_COLOR', 'whether there is colour; on a terminal there is'],
  ['TERM=dumb, CI', 'progress is told in lines, as in a pipe'],
];

/** What selectors and names of suites are, which a verb takes as its words. */
const WORDS: readonly (readonly [sign: string, meaning: string])[] = [
  [
    'SELECTOR',
    'A *SELECTOR* is `suite[/claim[/name=value …]]`: a suite, a claim of it, or the cases of a claim in which names have these values (`%2F` for a slash in one). Several are taken together; none selects everything that is not superseded.',
  ],
  ['CLAIM', 'A *CLAIM* is `suite/claim`, and may name cases of it: `suite/claim/name=value`.'],
  ['SUITE', 'A *SUITE* is the name of one; none stands for all that are not superseded.'],
];

/** The reference of one verb, as Markdown under headings of this depth. */
export function verbManual(name: VerbName, depth = 2): string {
  const verb = verbs[name];
  if (verb === undefined) throw new Error(`no verb ${name}`);
  const page = pages[name];
  const mark = '#'.repeat(depth + 1);
  const sections: readonly (readonly [title: string, body: readonly string[]])[] = [
    ['Synopsis', [`    assay ${name}${optionsMark(verb)} ${verb.words}`.trimEnd()]],
    ['Description', [...page.about, ...wordsOf(verb)]],
    ['Options', [pairs(Object.entries(verb.options).map(optionEntry))]],
    ['Exit status', [pairs(endsOf(page))]],
    ['Environment', [pairs([...(page.environment ?? []), ...ENVIRONMENT].map(coded))]],
    ['Files', [pairs((page.files ?? []).map(coded))]],
    ['Examples', examplesOf(verb, page).flatMap(({ command, shows }) => [shows, `    ${command}`])],
    ['See also', [page.see.map((one) => `\`assay help ${one}\``).join(', ')]],
  ];
  return [
    `${'#'.repeat(depth)} assay ${name} — ${verb.summary}`,
    ...sections
      .filter(([, body]) => body.some((text) => text !== ''))
      .flatMap(([title, body]) => [`${mark} ${title}`, ...body]),
  ].join('\n\n');
}

/** Whether somebody asks for a verb. */
export function isVerb(name: string): name is VerbName {
  return Object.hasOwn(verbs, name);
}

/** The reference of all verbs in one document. */
export function wholeManual(): string {
  const names = Object.keys(verbs).filter(isVerb);
  return [
    '# assay — holds what API docs claim against what the gateway does',
    '## Overview',
    overview(),
    ...names.map((name) => verbManual(name)),
  ].join('\n\n');
}

/** Every example of a verb, the one in the table of verbs first. */
export function examplesOf(verb: Verb, page: Page): readonly Example[] {
  const { shows, exampleEnds: ends = 0, more = [] } = page;
  return [{ command: verb.example, shows, ends }, ...more];
}

function optionsMark({ options }: Verb): string {
  return Object.keys(options).length > 0 ? ' [options]' : '';
}

function wordsOf({ words }: Verb): readonly string[] {
  return WORDS.filter(([sign]) => words.split(/\W+/).includes(sign)).map(([, meaning]) => meaning);
}

/** `--suites DIR`, and what it means. */
function optionEntry([name, { value, meaning }]: readonly [string, Option]): Entry {
  return [`\`--${name}${value === undefined ? '' : ` ${value}`}\``, meaning];
}

function endsOf({ ends }: Page): readonly Entry[] {
  return Object.entries({ 2: ENDS[2], ...ends }).map(([code, when]) => [code, when]);
}

function coded([name, what]: Entry): Entry {
  return [`\`${name}\``, what];
}

/** A table of two columns without a head. */
function pairs(entries: readonly Entry[]): string {
  return entries.length === 0 ? '' : [['', ''], ['---', '---'], ...entries].map(row).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

/** An option that so many verbs take is told once. */
const COMMON = 4;

/** The reference in short, which stands in the README as well: the verbs, the options of most of them, and the environment. */
export function overview(): string {
  const taken = Object.values(verbs).flatMap(({ options }) => Object.entries(options));
  const often = Map.groupBy(taken, ([name]) => name);
  const common = [...often.values()].flatMap((all) => {
    const meanings = new Set(all.map(([, { meaning }]) => meaning));
    return all.length < COMMON || meanings.size > 1 ? [] : all.slice(0, 1);
  });
  return [
    pairs(Object.entries(verbs).map(([name, { summary }]) => [`\`${name}\``, summary])),
    'Options that mean the same wherever they are taken:',
    pairs(common.map(optionEntry)),
    'What is read from the environment, besides the keys that `targets.yaml` names (`env:NAME`):',
    pairs([...ENVIRONMENT, GITHUB].map(coded)),
  ].join('\n\n');
}
