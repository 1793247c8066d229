import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderProblems } from '../report/problem.ts';
import { loadKnown } from './known.ts';
import { loadSuites } from './load.ts';

const folder = join(import.meta.dirname, '../../fixtures/known');
const bytes = (name: string) => readFileSync(join(folder, name));
const file = { name: 'suites/banana.yaml', bytes: bytes('suite.yaml') };
const { suites, problems: ofSuite } = loadSuites([file], () => undefined);

function load(text: string | Uint8Array) {
  const written = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return loadKnown({ name: 'suites/known.yaml', bytes: written }, suites);
}

describe('a list of known contradictions', () => {
  test('has every mistake in it shown at its line', () => {
    expect(ofSuite).toEqual([]);
    expect(renderProblems(load(bytes('known.yaml')).problems)).toBe(
      bytes('expected.txt').toString('utf8'),
    );
  });

  test('gives each entry with the cases that it names and where it stands', () => {
    const { known, problems } = load(`known:
  - claim: banana/limit/refs=15
    owner: Ada
    reason: The page follows
    link: https://example.com/7
    until: 2026-04-30
`);
    expect(problems).toEqual([]);
    expect(known).toEqual([
      {
        selector: 'banana/limit/refs=15',
        need: { claim: 'banana/limit', cases: ['refs=15'] },
        owner: 'Ada',
        reason: 'The page follows',
        link: 'https://example.com/7',
        until: '2026-04-30',
        place: { file: 'suites/known.yaml', line: 2, column: 5 },
      },
    ]);
  });

  test.each(['known: []\n', 'known:\n', '# nothing yet\nknown:\n'])('may be empty: %j', (text) => {
    expect(load(text)).toEqual({ known: [], problems: [] });
  });

  test.each(['', 'known: 3\n', '- a\n', 'knwon: []\n', '\u0000', 'known: [\n'])(
    'that is none is a problem: %j',
    (text) => {
      expect(load(text).problems).not.toEqual([]);
      expect(load(text).known).toEqual([]);
    },
  );
});
