import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderProblems } from '../report/problem.ts';
import { loadSuites } from './load.ts';

const folder = join(import.meta.dirname, '../../fixtures/problems');
const names = readdirSync(folder);

describe('what is wrong with a suite is said at its line', () => {
  test.each(names)('%s', (name) => {
    const bytes = readFileSync(join(folder, name, 'suite.yaml'));
    const { problems } = loadSuites([{ name: `suites/${name}.yaml`, bytes }], () => undefined);
    const expected = readFileSync(join(folder, name, 'expected.txt'), 'utf8');
    expect(expected).not.toBe('');
    expect(renderProblems(problems)).toBe(expected);
  });

  test('each problem points at the text that it is about', () => {
    for (const name of names) {
      const bytes = readFileSync(join(folder, name, 'suite.yaml'));
      const lines = bytes.toString('utf8').split('\n');
      for (const { place, line, span = 0 } of loadSuites([{ name, bytes }], () => undefined)
        .problems) {
        expect(line).toBe(lines[(place?.line ?? 0) - 1]);
        expect((place?.column ?? 0) - 1 + span).toBeLessThanOrEqual(line?.length ?? 0);
      }
    }
  });
});
