import { labelled, padded } from '../report/columns.ts';
import { type Verb, verbs } from './verbs.ts';

const COLUMNS = 80;

/** The whole command line on one screen. */
export function help(): string {
  return [
    'assay — holds what API docs claim against what the gateway does',
    '',
    'assay VERB [options]',
    '',
    ...Object.entries(verbs).map(([name, { summary }]) =>
      labelled(padded(name, 9), summary, 2, COLUMNS),
    ),
    '',
    'assay VERB --help tells its options; a SELECTOR is suite[/claim[/name=value …]].',
    'Exit codes: 0 decided, nothing contradicts the docs · 1 something does · 2 what',
    'was written or asked is wrong · 3 could not tell · 130 interrupted.',
  ].join('\n');
}

/** One verb, its options, and an example that works. */
export function verbHelp(name: string, { words, summary, example, options }: Verb): string {
  const lines = Object.entries(options).map(([option, { value, meaning }]) => {
    const form = value === undefined ? `--${option}` : `--${option} ${value}`;
    return labelled(padded(form, 30), meaning, 2, COLUMNS);
  });
  return [
    `assay ${name} ${words}`.trimEnd(),
    `  ${summary}`,
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
    `  ${example}`,
  ].join('\n');
}
