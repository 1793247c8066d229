import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TOPICS } from '../domain/topic.ts';
import { headingsOf } from '../report/markdown/read.ts';
import { width } from '../report/columns.ts';
import { assay, program, startProgram } from './cli.fixture.ts';
import { help as command } from './commands/help.ts';
import { standardOutput } from './output.ts';
import { withOverview } from './reference/overview.ts';
import { HEADINGS, readReadme, topicsOf } from './reference/topics.ts';
import { verbs } from './verbs.ts';

/** The verb in this process: there are dozens of pages, and each start of a process takes long. */
async function help(
  words: readonly string[],
  format = 'terminal',
): Promise<{ readonly code: unknown; readonly text: string }> {
  const printed: string[] = [];
  const output = {
    ...standardOutput(),
    print: (text: string) => void printed.push(text),
    columns: 80,
  };
  const code = await command({ words, given: { format } }, output);
  return { code, text: printed.join('\n') };
}

const readme = await readReadme();
const source = join(import.meta.dirname, '..');
const groff = await program('groff', ['--version']).catch(() => undefined);

describe('every topic', () => {
  test('is a section of the README, or has a table of its own', () => {
    expect(headingsOf(readme)).toEqual(expect.arrayContaining(Object.values(HEADINGS)));
    expect(Object.keys(HEADINGS)).toEqual(TOPICS.filter((topic) => topic !== 'causes'));
  });

  test('has one name, which no verb has', () => {
    const names = topicsOf(readme).map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names.filter((name) => Object.hasOwn(verbs, name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining([...TOPICS]));
  });

  test.each(TOPICS.map((topic) => [topic]))('%s is printed for 80 columns', async (topic) => {
    const { code, text } = await help([topic]);
    expect(code).toBe(0);
    const prose = text.split('\n').filter((line) => !line.startsWith('    '));
    expect(prose.length).toBeGreaterThan(3);
    expect(prose.filter((line) => width(line) > 80)).toEqual([]);
  });
});

describe('assay help', () => {
  test('lists every verb and every topic', async () => {
    const { code, stdout } = await assay(['help']);
    expect(code).toBe(0);
    for (const name of [...Object.keys(verbs), ...TOPICS])
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  });

  test('takes a heading for its topic, and names the nearest of what it does not know', async () => {
    expect(await help(['two', 'sides'])).toEqual(await help(['sides']));
    const { code, stdout, stderr } = await assay(['help', 'exti-codes']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('no verb and no topic is called "exti-codes"');
    expect(stderr).toContain('did you mean "exit-codes"?');
  });

  test.each(Object.keys(verbs))('has a reference of %s, with all of its options', async (name) => {
    const { code, text } = await help([name]);
    expect(code).toBe(0);
    for (const title of ['Synopsis', 'Description', 'Exit status', 'Examples', 'See also'])
      expect(text).toMatch(new RegExp(`^${title}$`, 'm'));
    for (const [option, { value = '' }] of Object.entries(verbs[name]?.options ?? {}))
      expect(text).toContain(`  --${option} ${value}`.trimEnd());
  });

  test.skipIf(groff === undefined).each([[''], ['run'], ['expectations']])(
    'is a page for man without a warning: %s (skipped where there is no groff)',
    async (name) => {
      const words = name === '' ? [] : [name];
      const { text } = await help(words, 'man');
      const args = ['-man', '-ww', '-Tutf8', '-Kutf8', '-'];
      const started = startProgram('sh', ['-c', `printf %s "$PAGE" | groff ${args.join(' ')}`], {
        env: { PAGE: text },
      });
      const said = await started.said;
      expect([said.code, said.stderr]).toEqual([0, '']);
      expect(said.stdout.replaceAll('\b', '')).toContain('NNAAMMEE'); // printed over itself: bold
    },
  );
});

test('the README has the reference in short as the verbs are today (npm run reference)', () => {
  expect(readme).toBe(withOverview(readme));
  for (const name of Object.keys(verbs))
    expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\| `, 'm'));
});

test('every problem that names what explains it names a topic that there is', async () => {
  const files = await readdir(source, { recursive: true });
  const named = await Promise.all(
    files
      .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
      .map(async (file) => {
        const text = await readFile(join(source, file), 'utf8');
        return [...text.matchAll(/\bassay help ([a-z][a-z-]+)/g)].map(([, topic = '']) => topic);
      }),
  );
  const known = new Set<string>([...TOPICS, ...Object.keys(verbs)]);
  expect(named.flat().filter((topic) => !known.has(topic))).toEqual([]);
  expect(named.flat().length).toBeGreaterThan(5);
});

test('a problem ends with what explains it, once', async () => {
  const { code, stderr } = await assay(['run', '--target', 'nowhere']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\n\n1 error\nsee: assay help targets\n$/);
});
