import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { sha256 } from '../adapters/sha256.ts';
import { digest } from '../domain/digest.ts';
import { type Loaded, loadSuites } from './load.ts';

const ROOT = join(import.meta.dirname, '../..');
const SUITES = join(ROOT, 'suites');
const bytesOf = (text: string) => new TextEncoder().encode(text);
const shapes = (file: string) => readFileSync(join(SUITES, 'shapes', file));

/** Loads a value as the default export of a module with that text. */
function load(value: unknown, text = ''): Loaded {
  const file = { name: 's.suite.ts', bytes: bytesOf(text), evaluated: { value } };
  return loadSuites([file], shapes);
}

/** Each case of a suite with its digest. */
function digests({ suites }: Loaded): readonly string[] {
  const bases = suites.flatMap(({ claims }) => claims.map(({ basis }) => basis));
  const cases = bases.flatMap((basis) => (basis.kind === 'sent' ? basis.cases : []));
  return cases.map((one) => `${one.claim} ${one.name} ${digest(one, sha256)}`);
}

/** A suite with one claim, which has these members as well. */
const claiming = (more: object) => ({
  suite: 's',
  requests: { ask: { path: '/ask' } },
  claims: [{ id: 'c', says: 'It answers', expect: [{ status: 200 }], ...more }],
});

const yamls = readdirSync(SUITES).filter((file) => /(?<!targets)\.yaml$/.test(file));

describe('a suite from a module', () => {
  test.each([
    ...yamls.map((name) => join(SUITES, name)),
    join(ROOT, 'fixtures/worked-example/suite.yaml'),
  ])('is to %s what the same in YAML is, digests included', (path) => {
    const text = readFileSync(path, 'utf8');
    const written = loadSuites([{ name: path, bytes: bytesOf(text) }], shapes);
    const exported = load(parse(text));
    // In a module two problems may be at one place, and are then said once: selectors of suites that are not loaded here.
    const messages = written.problems
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
    expect(new Set(exported.problems.map(({ message }) => message))).toEqual(new Set(messages));
    expect(digests(exported).length).toBeGreaterThan(0);
    expect(digests(exported)).toEqual(digests(written));
  });

  test('may leave members out as undefined, and share one object between claims', () => {
    const shared = [{ status: 200 }];
    const value = claiming({ expect: shared, fresh: undefined, request: { json: { a: shared } } });
    expect(load(value).problems).toEqual([]);
  });

  test('without a name is refused', () => {
    expect(load({ suit: 's', claims: [] }).problems).toMatchObject([
      { message: 'unknown key "suit"', hint: 'did you mean "suite"?' },
    ]);
  });

  test('that could not be evaluated is known by the name of its file', () => {
    const other = {
      name: 't.yaml',
      bytes: bytesOf('suite: t\nclaims: [{ id: a, says: x, of: s/c }]'),
    };
    const problem = { severity: 'error', message: 'it throws' } as const;
    const broken = { name: 's.suite.mts', bytes: bytesOf(''), evaluated: { problem } };
    expect(loadSuites([broken, other], shapes).problems).toEqual([problem]);
  });
});

describe('a problem in a module', () => {
  const text = `const ask = { path: '/ask' };
export default defineSuite({
  suite: 's',
  requests: { ask },
  claims: [
    { id: 'first', says: 'x', expect: [{ status: 200 }] },
    {
      id: "second",
      says: 'x',
      'expect': [{
        statu: 200,
      }],
    },
    ...[1].map((n) => ({ id: \`c\${n}\`, says: 'x', expct: [] })),
    claim('third', { statu: 1 }),
  ],
  tables: [{ under: 'A', key: 'K', owns: 'O', row: [] }],
});`;
  const expectation = [{ statu: 200 }];
  const value = {
    suite: 's',
    requests: { ask: { path: '/ask' } },
    claims: [
      { id: 'first', says: 'x', expect: [{ status: 200 }] },
      { id: 'second', says: 'x', expect: expectation },
      { id: 'c1', says: 'x', expect: [{ status: 200 }], fresh: 'long' },
      { id: 'third', says: 'x', expect: expectation },
    ],
    tables: [{ under: 'A', key: 'K', owns: 'O', row: [], rows: [] }],
  };

  test('stands at its key, else at its claim, else where all claims do', () => {
    const placed = load(value, text).problems.map(({ message, place, line }) => [
      message,
      place?.line,
      place?.column,
      line?.trim(),
    ]);
    expect(placed).toEqual([
      [expect.stringContaining('expected a duration'), 5, 3, 'claims: ['],
      ['unknown expectation "statu"', 11, 9, 'statu: 200,'],
      ['unknown expectation "statu"', 15, 22, "claim('third', { statu: 1 }),"],
      ['a table needs a page to stand in', 17, 3, expect.stringContaining('tables')],
      ['unknown key "row"', 17, 47, expect.stringContaining('tables')],
    ]);
  });

  test('of which the text shows nothing stands in its first line', () => {
    expect(load(value, 'export { default } from "./made.ts";').problems[0]).toMatchObject({
      place: { file: 's.suite.ts', line: 1, column: 1 },
    });
  });
});

describe('what no suite can hold', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  test.each([
    [() => 1, 'no suite can hold a function'],
    [new Date(0), 'no suite can hold an object that is no plain one: Date'],
    [new Map(), 'no suite can hold an object that is no plain one: Map'],
    [Number.NaN, 'no suite can hold the number NaN'],
    [2 ** 60, 'no suite can hold the number 1152921504606847000'],
    [1n, 'no suite can hold a bigint'],
    [[undefined], 'no suite can hold undefined'],
    ['\ud800', 'no suite can hold a text with half a surrogate pair'],
    [JSON.parse('{ "__proto__": 1 }'), '"__proto__" cannot be a key'],
    [cycle, 'this is nested deeper than 60 levels'],
    [Array.from({ length: 500_001 }, () => 0), 'it holds more than 500000 values'],
  ])('%o is a problem', (json, message) => {
    const { problems } = load(claiming({ request: { json } }));
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  test('a getter that throws is a problem', () => {
    const request = {
      get json(): never {
        throw new RangeError('not today');
      },
    };
    expect(load(claiming({ request })).problems).toMatchObject([
      { message: 'its default export cannot be read: RangeError: not today' },
    ]);
  });

  test.each([undefined, null, 7, 'suite', [], () => 1])('%o is no suite', (value) => {
    expect(load(value).problems.map(({ message }) => message)).toContain(
      'a suite is a mapping that begins with its name',
    );
  });

  test('never makes the loader throw', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });
    fc.assert(
      fc.property(anything, fc.string(), (json, text) => {
        for (const value of [json, claiming({ request: { json } }), claiming({ expect: json })]) {
          expect(load(value, text)).toHaveProperty('problems');
        }
      }),
    );
  });
});
