import { describe, expect, test } from 'vitest';
import { type Known, candidates } from './candidates.ts';
import { readLine } from './line.ts';
import { SHELLS } from './shells.ts';

const BREAKS = ' \t\n"\'@><=;|&(:';

const KNOWN: Known = {
  suites: async () =>
    await Promise.resolve([
      {
        suite: 'banana',
        claims: [
          {
            id: 'size',
            says: 'The size that was asked for',
            vary: [
              { name: 'resolution', values: ['1K', '2K'] },
              { name: 'ratio', values: ['16:9', '1:1', `a "b" c'd`] },
            ],
          },
          { id: 'size.charged', says: 'Charged once', vary: [] },
        ],
      },
      { suite: 'apple', claims: [] },
    ]),
  targets: async () => await Promise.resolve(['mock', 'local']),
  runs: async () => await Promise.resolve(['r20260330-0001-7f3a']),
  worlds: async () => await Promise.resolve([{ text: '2026-03-30', about: 'a day' }]),
  behaviours: async () => await Promise.resolve([{ text: 'refs.limit=13', about: '' }]),
  workflows: async () => await Promise.resolve([{ text: 'cron', about: '' }]),
};

const texts = async (line: string) =>
  (await candidates(readLine(line).words, KNOWN)).map(({ text }) => text);

describe('what may stand at the end of a line', () => {
  test.each<readonly [string, readonly string[]]>([
    ['assay ex', ['explain']],
    ['assay run ', ['banana', 'apple']],
    ['assay run b', ['banana', 'banana/size', 'banana/size.charged']],
    ['assay run banana/', ['banana/size', 'banana/size.charged']],
    ['assay run banana/size.', ['banana/size.charged']],
    ['assay run banana/size/res', ['banana/size/resolution=1K', 'banana/size/resolution=2K']],
    [
      'assay run banana/size/resolution=1K/',
      ['16:9', '1:1', `a "b" c'd`].map((one) => `banana/size/resolution=1K/ratio=${one}`),
    ],
    ['assay run apple/', []],
    ['assay run x/', []],
    ['assay plan apple b', ['banana', 'banana/size', 'banana/size.charged']],
    ['assay status b', ['banana']],
    ['assay run --tar', ['--targets', '--target']],
    ['assay run --target ', ['mock', 'local']],
    ['assay run --target=lo', ['--target=local']],
    ['assay run --target local --ta', ['--targets']],
    ['assay run --with refs.limit=13,re', ['refs.limit=13,refs.limit=13']],
    ['assay run --format ', ['terminal', 'json', 'csv']],
    ['assay run --compare m', ['mock']],
    ['assay run --compare mock local a', ['apple']],
    ['assay run --resume r', ['r20260330-0001-7f3a']],
    ['assay notify --to f', ['feishu']],
    ['assay run --world ', ['2026-03-30']],
    ['assay ledger ', ['verify', 'drop']],
    ['assay ledger drop ', ['r20260330-0001-7f3a']],
    ['assay completions z', ['zsh']],
    ['assay workflow ', ['cron']],
    ['assay help exp', ['explain', 'expectations']],
    ['assay docs --pages ', []],
    ['assay unknown ', []],
  ])('%s', async (line, expected) => {
    expect(await texts(line)).toEqual(expected);
  });

  test('is found behind other commands, variables and npx, and inside quotes', async () => {
    for (const before of ['cd x && ', 'A=1 npx ', '(./node_modules/.bin/', 'echo assay | '])
      expect(await texts(`${before}assay completions b`)).toEqual(['bash']);
    expect(await texts('assay run "ban')).toEqual(['banana', 'banana/size', 'banana/size.charged']);
    expect(await texts('assay run a\\pp')).toEqual(['apple']);
  });
});

describe('bash, which breaks words at colons and equal signs,', () => {
  const line = (typed: string, text: string) =>
    SHELLS['bash']?.line({ text, about: '' }, readLine(typed, BREAKS));

  test('is given what follows the last of them, with what it would split escaped', () => {
    const text = 'banana/size/ratio=16:9';
    expect(line('assay run banana/size/ra', text)).toBe(text);
    expect(line('assay run banana/size/ratio=', text)).toBe('16:9');
    expect(line('assay run banana/size/ratio=16:', text)).toBe('9');
    expect(line('assay run --target=lo', '--target=local')).toBe('local');
    expect(line('assay run b', `b/c/x=a "b" c'd`)).toBe(String.raw`b/c/x=a\ \"b\"\ c\'d`);
  });

  test('is given all of it inside a quote that is open', () => {
    expect(line('assay run "banana/size/ratio=16:', 'banana/size/ratio=16:9')).toBe(
      'banana/size/ratio=16:9',
    );
  });
});

test('zsh and fish are told what each is about', () => {
  const one = { text: 'a:b', about: 'is: this' };
  expect(SHELLS['zsh']?.line(one, readLine('assay '))).toBe(String.raw`a\:b:is\: this`);
  expect(SHELLS['fish']?.line(one, readLine('assay '))).toBe('a:b\tis: this');
});
