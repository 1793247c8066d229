import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { glance } from './glance.ts';
import { loadSuites } from './load.ts';

const COMMITTED = join(import.meta.dirname, '../../suites');

const SUITE = `# suite: not.this
suite: small
claims:
  - id: first
    says: One, and two # of them
    vary: { refs: [1, 2], ratio: ["16:9", "a/b 50%"] }
    request: { json: { id: none } }
  - { id: second, says: It works, expect: [ { json: { at: $.id, equals: third } } ] }
`;

describe('a glance at a suite', () => {
  test('finds its name, its claims, their sentences, and the values of their cases as they are spelt', () => {
    expect(glance(SUITE)).toEqual({
      suite: 'small',
      claims: [
        {
          id: 'first',
          says: 'One, and two # of them',
          vary: [
            { name: 'refs', values: ['1', '2'] },
            { name: 'ratio', values: ['16:9', 'a%2Fb 50%25'] },
          ],
        },
        { id: 'second', says: 'It works', vary: [] },
      ],
    });
  });

  test('finds the same in a module, which is not run', () => {
    const module = `export default defineSuite({\n  suite: 'limits',\n  claims: [\n    {\n      id: 'within',\n      says: \`14 are accepted\`,\n    },\n  ],\n});`;
    expect(glance(module)).toEqual({
      suite: 'limits',
      claims: [{ id: 'within', says: '14 are accepted', vary: [] }],
    });
  });

  test('finds nothing in a file of targets', () => {
    expect(glance(readFileSync(join(COMMITTED, 'targets.yaml'), 'utf8'))).toBeUndefined();
  });

  test('finds in every committed suite the claims that its YAML has, and no other', () => {
    const names = readdirSync(COMMITTED).filter(
      (name) => name.endsWith('.yaml') && name !== 'targets.yaml',
    );
    const files = names.map((name) => ({ name, bytes: readFileSync(join(COMMITTED, name)) }));
    const shapes = (file: string) => readFileSync(join(COMMITTED, 'shapes', file));
    const { suites } = loadSuites(files, shapes);
    const seen = files.map(({ bytes }) => glance(bytes.toString('utf8')));
    expect(seen.map((one) => [one?.suite, one?.claims.map(({ id }) => id)])).toEqual(
      suites.map(({ id, claims }) => [id, claims.map((claim) => claim.id)]),
    );
  });
});
