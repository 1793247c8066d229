import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { withoutEntries } from './prune.ts';

const LIST = `# Who answers for what.
known:
  # the first one
  - claim: a/one      # said of the first
    owner: Ada
    reason: >
      It takes
      two lines

  # the second one
  - { claim: a/two, owner: Ada }   # said of the second
  -
    claim: a/three
    owner: Ada
# the end
`;

describe('taking entries out of a list', () => {
  test('leaves the comments around them, and every other byte', () => {
    expect(withoutEntries(LIST, new Set([0, 2]))).toBe(`# Who answers for what.
known:
  # the first one

  # the second one
  - { claim: a/two, owner: Ada }   # said of the second
# the end
`);
    expect(withoutEntries(LIST, new Set([1]))).toBe(
      LIST.replace('  - { claim: a/two, owner: Ada }   # said of the second\n', ''),
    );
  });

  test('leaves a list without entries where all of them go', () => {
    const left = withoutEntries(LIST, new Set([0, 1, 2]));
    expect(parse(left)).toEqual({ known: null });
    expect(left).toContain('# the end');
  });

  test('keeps line ends and a byte order mark as they are', () => {
    const text = `\uFEFF${LIST}`.replaceAll('\n', '\r\n');
    const left = withoutEntries(text, new Set([0]));
    expect(left.startsWith('\uFEFF# Who')).toBe(true);
    expect(left).not.toMatch(/[^\r]\n/);
    expect(left).toBe(`\uFEFF${withoutEntries(LIST, new Set([0]))}`.replaceAll('\n', '\r\n'));
  });

  test('works without a line end at the end of the file', () => {
    expect(withoutEntries('known:\n  - { a: 1 }\n  - { a: 2 }', new Set([1]))).toBe(
      'known:\n  - { a: 1 }\n',
    );
  });

  test('takes a comma along in a list on one line', () => {
    const text = 'known: [ { a: 1 }, { a: 2 }, { a: 3 } ] # all\n';
    expect(withoutEntries(text, new Set([0]))).toBe('known: [ { a: 2 }, { a: 3 } ] # all\n');
    expect(withoutEntries(text, new Set([1]))).toBe('known: [ { a: 1 }, { a: 3 } ] # all\n');
    expect(withoutEntries(text, new Set([1, 2]))).toBe('known: [ { a: 1 } ] # all\n');
    expect(withoutEntries(text, new Set([0, 1, 2]))).toBe('known: [  ] # all\n');
  });

  test('leaves exactly the other entries, however they are written', () => {
    const form = fc.constantFrom(
      (n: number) => `  - { n: ${n} }\n`,
      (n: number) => `  - n: ${n}\n`,
      (n: number) => `  - n: ${n} # - behind\n    m: |\n      - text\n`,
      (n: number) => `  -\n    n: ${n}\n`,
      (n: number) => `  # - above\n  - "n": ${n}\n\n`,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(form, fc.boolean()), { minLength: 1, maxLength: 6 }), (all) => {
        const text = `known:\n${all.map(([write], at) => write(at)).join('')}`;
        const gone = new Set(all.flatMap(([, isGone], at) => (isGone ? [at] : [])));
        const left = parse(withoutEntries(text, gone)) as { known: { n: number }[] | null };
        expect((left.known ?? []).map(({ n }) => n)).toEqual(
          all.flatMap((_, at) => (gone.has(at) ? [] : [at])),
        );
      }),
    );
  });
});
