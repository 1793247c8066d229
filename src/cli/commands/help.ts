import { didYouMean } from '../../domain/problem.ts';
import { labelled, padded } from '../../report/columns.ts';
import { readMarkdown } from '../../report/markdown/read.ts';
import { roff } from '../../report/markdown/roff.ts';
import { renderBlocks } from '../../report/markdown/terminal.ts';
import { type Asked, valueOf } from '../arguments.ts';
import { help as screen } from '../help.ts';
import type { ExitCode, Output, Refused } from '../output.ts';
import { isVerb, verbManual, wholeManual } from '../reference/manual.ts';
import { readReadme, topicsOf, topicText } from '../reference/topics.ts';
import { version } from '../version.ts';
import { verbs } from '../verbs.ts';

/** Prints the reference of a verb or a topic; of all verbs, where neither is named. */
export async function help(asked: Asked, output: Output): Promise<ExitCode | Refused> {
  const format = valueOf(asked, 'format') ?? 'terminal';
  const name = asked.words.join('-').toLowerCase();
  const readme = await readReadme();
  if (name === '' && format === 'terminal') {
    output.print([screen(), '', ...topicLines(readme, output.columns)].join('\n'));
    return 0;
  }
  const text =
    name === '' ? wholeManual() : isVerb(name) ? verbManual(name) : topicText(name, readme);
  if (text === undefined) {
    const known = [...Object.keys(verbs), ...topicsOf(readme).map((topic) => topic.name)];
    const hint = {
      hint: '"assay help" lists the verbs and the topics',
      ...didYouMean(name, known),
    };
    const message = `no verb and no topic is called "${asked.words.join(' ')}"`;
    return { problems: [{ severity: 'error', message, ...hint }] };
  }
  if (format === 'markdown') output.print(text);
  else if (format === 'man') output.print(roff(text, { name: manName(name), version: version() }));
  else output.print(renderBlocks(readMarkdown(text).children, output.columns, output.paint));
  return 0;
}

function topicLines(readme: string, columns: number): readonly string[] {
  const lines = topicsOf(readme).map(({ name, about }) =>
    labelled(padded(name, 14), about, 2, columns),
  );
  return ['Topics', ...lines];
}

function manName(name: string): string {
  return name === '' ? 'assay' : `assay-${name}`;
}
