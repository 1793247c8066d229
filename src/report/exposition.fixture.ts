/** For tests only: a metric as a scraper has read it. */
export interface ReadMetric {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? (\\S+)$`);

/**
 * For tests only: reads the text format of Prometheus, version 0.0.4, and shares nothing with what wrote it. Stricter than a
 * scraper: each metric has HELP and TYPE before its samples and stands in one group, and no series comes twice.
 */
export function readExposition(text: string): ReadonlyMap<string, ReadMetric> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics = new Map<
    string,
    { type: string; help: string; samples: ReadMetric['samples'][number][] }
  >();
  const series = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line);
    const type = new RegExp(`^# TYPE (${NAME}) (gauge|counter)$`).exec(line);
    const sample = SAMPLE.exec(line);
    if (help !== null) {
      current = help[1] ?? '';
      if (metrics.has(current)) throw new Error(`${current} stands in two groups`);
      metrics.set(current, { help: help[2] ?? '', type: '', samples: [] });
    } else if (type !== null) {
      const metric = metrics.get(type[1] ?? '');
      if (type[1] !== current || metric === undefined || metric.type !== '')
        throw new Error(`a type out of place: ${line}`);
      metric.type = type[2] ?? '';
    } else if (sample !== null) {
      const [, name = '', labels = '', value = ''] = sample;
      const metric = metrics.get(name);
      if (name !== current || metric === undefined || metric.type === '')
        throw new Error(`a sample out of place: ${line}`);
      if (!/^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/.test(value))
        throw new Error(`no number: ${line}`);
      const pairs = Array.from(labels.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g), (one) => [
        one[1] ?? '',
        unescaped(one[2] ?? ''),
      ]);
      if (series.has(`${name}{${labels}}`)) throw new Error(`twice: ${line}`);
      series.add(`${name}{${labels}}`);
      metric.samples.push({ labels: Object.fromEntries(pairs), value: Number(value) });
    } else throw new Error(`no line of the format: ${JSON.stringify(line)}`);
  }
  return metrics;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}
