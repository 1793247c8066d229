import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Loaded, loadSuites } from './load.ts';

function load(text: string): Loaded {
  return loadSuites([{ name: 'a.yaml', bytes: new TextEncoder().encode(text) }], () => undefined);
}

describe('whatever is written', () => {
  const linesOf = (name: string) =>
    readFileSync(join(import.meta.dirname, '../../fixtures', name), 'utf8').split('\n');

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { suites, problems } = loadSuites([{ name: 'a.yaml', bytes }], () => undefined);
        expect(suites.length + problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test('random text made of the signs of YAML never throws', () => {
    const sign = fc.constantFrom(
      ...'suite: claims\n  - {}[],&*!|>\'"%@`#?\t${}=/\\x0'.split(''),
      'id: ',
      '\n  - ',
      '__proto__: ',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 80 }), (signs) => {
        const { suites, problems } = load(signs.join(''));
        expect(suites.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['worked-example/suite.yaml', 60],
    ['steps/video.yaml', 300],
  ])(
    '%s with a line cut, doubled or swapped never throws, and every problem has its line',
    (name, numRuns) => {
      const lines = linesOf(name);
      const change = fc.record({
        at: fc.nat(lines.length - 1),
        way: fc.constantFrom('drop', 'double', 'swap', 'cut'),
        other: fc.nat(200),
      });
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
          const changed = [...lines];
          for (const { at, way, other } of changes) {
            const line = changed[at] ?? '';
            if (way === 'drop') changed.splice(at, 1);
            if (way === 'double') changed.splice(at, 0, line);
            if (way === 'cut') changed[at] = line.slice(0, other % (line.length + 1));
            if (way === 'swap') changed[at] = changed[other % changed.length] ?? '';
          }
          for (const { place, line } of load(changed.join('\n')).problems) {
            expect(line).toBe(changed.join('\n').split('\n')[(place?.line ?? 0) - 1]);
          }
        }),
        { numRuns },
      );
    },
  );
});
