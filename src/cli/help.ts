import { labelled, padded, width } from '../report/columns.ts';
import type { Option } from './arguments.ts';
import { type Verb, verbs } from './verbs.ts';

const COLUMNS = 80;

/** What nearly every verb takes; the reference tells once what it is. */
const EVERYWHERE = ['suites', 'targets', 'ledger', 'now'];

/** The whole command line on one screen. */
export function help(): string {
  return [
    'assay — holds what API docs claim against what the gateway does',
    '',
    'assay VERB [options]',
    '',
    ...Object.entries(verbs).map(([name, { summary }]) =>
      labelled(padded(name, 13), summary, 2, COLUMNS),
    ),
    '',
    'assay VERB --help tells its options, assay help VERB its reference, and assay',
    'help TOPIC what the words mean; a SELECTOR is suite[/claim[/name=value …]].',
    'Exit codes: 0 decided, nothing contradicts the docs · 1 something does · 2 what',
    'was written or asked is wrong · 3 could not tell · 130 interrupted.',
  ].join('\n');
}

/** One verb on one screen: its own options, those that are the same everywhere by name, and an example that works. */
export function verbHelp(name: string, { words, summary, example, options }: Verb): string {
  const own = Object.entries(options).filter(([option]) => !EVERYWHERE.includes(option));
  const shared = Object.entries(options).filter(([option]) => EVERYWHERE.includes(option));
  const margin = Math.max(0, ...own.map((one) => width(formOf(one)))) + 2;
  const lines = own.map((one) => labelled(padded(formOf(one), margin), one[1].meaning, 2, COLUMNS));
  return [
    ...wordsOf(name, words),
    `  ${summary}`,
    ...(lines.length > 0 ? ['', ...lines] : []),
    ...(shared.length > 0
      ? [
          ...(lines.length > 0 ? [] : ['']),
          labelled('and ', shared.map(formOf).join(', '), 2, COLUMNS),
        ]
      : []),
    '',
    `  ${example}`,
    '',
    `assay help ${name} tells more`,
  ].join('\n');
}

/** Each way to ask on a line of its own. */
function wordsOf(name: string, words: string): readonly string[] {
  return words.split(/ \| (?=--)/).map((way) => `assay ${name} ${way}`.trimEnd());
}

function formOf([name, { value }]: readonly [string, Option]): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
