import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Kept, keptOf, loadedOf } from './kept.ts';
import { loadSuites } from './load.ts';

const COMMITTED = join(import.meta.dirname, '../../suites');

function throughJson(kept: Kept): Kept {
  return JSON.parse(JSON.stringify(kept)) as Kept;
}

test('the committed suites come back equal in every member', () => {
  const names = readdirSync(COMMITTED).filter((name) => name.endsWith('.yaml'));
  const files = names
    .filter((name) => name !== 'targets.yaml')
    .map((name) => ({ name, bytes: readFileSync(join(COMMITTED, name)) }));
  const loaded = loadSuites(files, (file) => readFileSync(join(COMMITTED, 'shapes', file)));

  expect(loaded.suites.length).toBeGreaterThan(3);
  expect(loadedOf(throughJson(keptOf(loaded)))).toStrictEqual(loaded);
});

const SUITE = `suite: small
let: { at: 16:9 }
requests: { get: { path: /v1/x } }
claims:
  - { id: control, says: It works, expect: [ { status: 200 }, { schema: one.json } ] }
  - id: many
    says: Whatever the number
    vary: { n: [1, 2] }
    request: { query: { n: "\${n}", "0": z } }
    given: [ { claim: control }, { schema: one.json } ]
    expect: [ { json: { at: $.ok, equals: true } }, { schema: two.json } ]
  - { id: derived, says: Both, of: many }
  - { id: never, says: No, untestable: Nobody can }
`;

test('what was one object is one again, and warnings are kept', () => {
  const bytes = Buffer.from(SUITE);
  const loaded = loadSuites([{ name: 'small.yaml', bytes }], () =>
    Buffer.from('{"type":"object"}'),
  );
  expect(loaded.problems).toMatchObject([{ severity: 'warning' }]);

  const back = loadedOf(throughJson(keptOf(loaded)));

  expect(back).toStrictEqual(loaded);
  const cases = back.suites.flatMap(({ claims }) =>
    claims.flatMap(({ basis }) => (basis.kind === 'sent' ? basis.cases : [])),
  );
  const [control, first, second] = cases;
  expect(first?.expect[0]).toBe(second?.expect[0]);
  const given = first?.given[1];
  expect(given !== undefined && 'shape' in given && given.shape).toBe(control?.expect[1]?.shape);
  expect(first?.expect[1]?.shape).not.toBe(control?.expect[1]?.shape);
});
