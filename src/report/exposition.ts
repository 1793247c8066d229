import { printable } from './printable.ts';

/** A value by its labels; one whose labels another one has already is left out. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A gauge of the text format of Prometheus (version 0.0.4), with what it means; nothing where it has no sample. */
export function gauge(name: string, help: string, samples: readonly Sample[]): readonly string[] {
  if (samples.length === 0) return [];
  const lines = new Map<string, number>();
  for (const { labels, value } of samples) {
    const said = Object.entries(labels).map(([key, text]) => `${key}="${labelValue(text)}"`);
    const series = said.length === 0 ? name : `${name}{${said.join(',')}}`;
    if (!lines.has(series)) lines.set(series, value);
  }
  return [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} gauge`,
    ...Array.from(lines, ([series, value]) => `${series} ${value}`),
  ];
}

/** A text that is longer makes a name of a series that nobody can read. */
const MOST_CHARACTERS = 500;

function labelValue(text: string): string {
  return printable(text)
    .toWellFormed()
    .slice(0, MOST_CHARACTERS)
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '');
}
