import * as fc from 'fast-check';
import { type JSONValue, query } from 'json-p3';
import { expect, test } from 'vitest';
import type { Json } from './claim.ts';
import { MAX_DEPTH } from './body.ts';
import { pathProblem, select as selectEach } from './path.ts';

const select = (path: string, from: Json): readonly Json[] => [...selectEach(path, from)];

const value: Json = {
  data: [
    { url: 'https://a/1.png', kind: 'png' },
    { url: 'http://b/2.jpg', kind: 'jpe?g' },
  ],
};

test.each<[string, readonly Json[]]>([
  ['$.data[0].kind', ['png']],
  ['$.data[-1].kind', ['jpe?g']],
  ['$.data[*].kind', ['png', 'jpe?g']],
  ['$..kind', ['png', 'jpe?g']],
  ['$.data[?@.kind == "png"].url', ['https://a/1.png']],
  ['$.data[?search(@.url, "^https")].kind', ['png']],
  ['$.data[?match(@.kind, "p.g")].kind', ['png']],
  ['$.data[?match(@.url, "https")].kind', []],
  ['$.data[?search(@.url, @.kind)].kind', ['png', 'jpe?g']],
  ['$.data[?length(@.kind) == 3].kind', ['png']],
  ['$.absent', []],
  ['$.__proto__', []],
  ['$.data.length', []],
])('%s selects %j', (path, expected) => {
  expect(select(path, value)).toEqual(expected);
});

test('a plain path selects what the library selects, in any value', () => {
  const names = fc.constantFrom('a', 'b_1', 'length', '__proto__', 'constructor', '0');
  const step = fc.oneof(
    names.filter((name) => name !== '0').map((name) => `.${name}`),
    fc.nat(2).map((index) => `[${index}]`),
  );
  const paths = fc.array(step, { maxLength: 3 }).map((steps) => `$${steps.join('')}`);
  const values = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, 1, 'text'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(names, tie('node'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).node;
  fc.assert(
    fc.property(paths, values, (path, any) => {
      // As it would come from a body, where `__proto__` is a member like others.
      const read = JSON.parse(JSON.stringify(any)) as Json;
      expect([...select(path, read)]).toEqual(query(path, read as JSONValue).values());
    }),
    { numRuns: 2000 },
  );
});

test.each(['', 'data', '$.', '$[', '$.data[?unknown(@)]', '$.data[?@.a == ]'])(
  '%j is no path',
  (path) => {
    expect(pathProblem(path)).toContain('no JSON path (RFC 9535)');
  },
);

test('a pattern in a path matches from end to end, as I-Regexp does', () => {
  expect(select('$[?match(@, "a|b")]', ['a', 'b', 'ab', 'b\n'])).toEqual(['a', 'b']);
});

test('a pattern from the body that does not compile matches nothing', () => {
  expect(select('$[?search(@.a, @.b)]', [{ a: 'x(', b: '(' }])).toEqual([]);
  expect(select('$[?search(@.a, @.b)]', [{ a: 'x', b: 1 }])).toEqual([]);
});

test.each(['match', 'search'])('a catastrophic pattern in %s takes linear time', (name) => {
  const hostile = `${'a'.repeat(50_000)}b`;
  expect(select(`$[?${name}(@, "^(a+)+$")]`, [hostile, 'aaa'])).toEqual(['aaa']);
});

test('whatever depth a body may have, a path can descend into', () => {
  let nested: Json = { leaf: 1 };
  for (let depth = 1; depth < MAX_DEPTH; depth++) nested = depth % 2 ? [nested] : { nested };
  expect(select('$..leaf', nested)).toEqual([1]);
});

test('elements are selected one by one, as they are asked for', () => {
  let read = 0;
  const elements = new Proxy(Array<Json>(1_000_000).fill(1), {
    get(list, member) {
      if (member !== 'length') read++;
      return Reflect.get(list, member) as unknown;
    },
  });
  const [first] = selectEach('$[*]', elements);
  expect(first).toBe(1);
  expect(read).toBeLessThan(10);
});
